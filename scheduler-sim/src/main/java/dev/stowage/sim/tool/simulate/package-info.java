/**
 * The simulator of {@code stowage simulate} and {@code stowage compare}: a profile, which is a
 * fleet, a catalogue, settings and timed events, told in the simulated world with an exact ledger
 * of bytes.
 */
@NullMarked
package dev.stowage.sim.tool.simulate;

import org.jspecify.annotations.NullMarked;
