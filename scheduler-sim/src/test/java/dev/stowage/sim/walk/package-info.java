@NullMarked
package dev.stowage.sim.walk;

import org.jspecify.annotations.NullMarked;
