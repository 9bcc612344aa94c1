@NullMarked
package dev.stowage.sim.scenario;

import org.jspecify.annotations.NullMarked;
