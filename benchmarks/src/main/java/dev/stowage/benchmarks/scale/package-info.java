/** The scale run: one fleet through the public facade, phase by phase, on either store. */
@NullMarked
package dev.stowage.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
