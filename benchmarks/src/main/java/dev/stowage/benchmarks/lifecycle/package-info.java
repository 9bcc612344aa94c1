/** What the lifecycle costs: cycles that change nothing, little, or everything; bytes per row. */
@NullMarked
package dev.stowage.benchmarks.lifecycle;

import org.jspecify.annotations.NullMarked;
