@NullMarked
package dev.stowage.sim.kit.scenario;

import org.jspecify.annotations.NullMarked;
