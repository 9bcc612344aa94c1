@NullMarked
package dev.stowage.sim.kit.scenario.words;

import org.jspecify.annotations.NullMarked;
