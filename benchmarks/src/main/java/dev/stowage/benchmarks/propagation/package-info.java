/** Measures the planning of an update for many nodes. */
@NullMarked
package dev.stowage.benchmarks.propagation;

import org.jspecify.annotations.NullMarked;
