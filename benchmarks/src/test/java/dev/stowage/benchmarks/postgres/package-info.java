/** Whether the faults' judge sees what it is there to see. */
@NullMarked
package dev.stowage.benchmarks.postgres;

import org.jspecify.annotations.NullMarked;
