/** Holds planners to their bars, and workloads to the published ones. */
@NullMarked
package dev.stowage.benchmarks.planner;

import org.jspecify.annotations.NullMarked;
