@NullMarked
package dev.stowage.sim.kit.walk;

import org.jspecify.annotations.NullMarked;
