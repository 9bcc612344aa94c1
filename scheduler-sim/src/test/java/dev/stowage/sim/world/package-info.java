@NullMarked
package dev.stowage.sim.world;

import org.jspecify.annotations.NullMarked;
