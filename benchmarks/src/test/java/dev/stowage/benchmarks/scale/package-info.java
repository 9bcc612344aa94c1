/** Runs every phase of the scale run once. */
@NullMarked
package dev.stowage.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
