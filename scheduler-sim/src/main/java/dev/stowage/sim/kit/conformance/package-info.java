/**
 * Does a store that somebody else wrote keep its promises? {@link
 * dev.stowage.sim.kit.conformance.StoreUnderTest} says how it is opened; {@link
 * dev.stowage.sim.kit.conformance.Conformance} makes checks of it: every scenario file and walks of
 * every model, with the same told to memory and to the naive reference model in step.
 *
 * <p>The checks need no test framework; they throw {@link AssertionError}. {@link
 * dev.stowage.sim.kit.conformance.ChunkStoreProperties} makes tests of JUnit of them, and of the
 * contracts of {@code dev.stowage.contract}: a store extends it.
 */
@NullMarked
package dev.stowage.sim.kit.conformance;

import org.jspecify.annotations.NullMarked;
