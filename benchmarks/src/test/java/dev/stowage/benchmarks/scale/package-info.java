/** Whether every phase of the scale run runs. */
@NullMarked
package dev.stowage.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
