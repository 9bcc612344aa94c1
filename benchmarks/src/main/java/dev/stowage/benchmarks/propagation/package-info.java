/** What propagation costs: planning an update for many nodes, and the upkeep of large trees. */
@NullMarked
package dev.stowage.benchmarks.propagation;

import org.jspecify.annotations.NullMarked;
