/** Whether the workloads and the recorded figures are those that were published. */
@NullMarked
package dev.stowage.benchmarks.placement;

import org.jspecify.annotations.NullMarked;
