@NullMarked
package dev.stowage.sim.kit.scenario.draw;

import org.jspecify.annotations.NullMarked;
