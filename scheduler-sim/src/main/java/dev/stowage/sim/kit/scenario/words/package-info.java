/** The words of scenario files: settings, sizes, pairs, options, and how a wrong one is named. */
@NullMarked
package dev.stowage.sim.kit.scenario.words;

import org.jspecify.annotations.NullMarked;
