/** Whether planners are sound and good, and the workloads those that were published. */
@NullMarked
package dev.stowage.benchmarks.planner;

import org.jspecify.annotations.NullMarked;
