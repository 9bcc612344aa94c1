@NullMarked
package dev.stowage.sim.kit.world;

import org.jspecify.annotations.NullMarked;
