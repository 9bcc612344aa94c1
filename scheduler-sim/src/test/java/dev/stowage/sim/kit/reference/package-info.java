@NullMarked
package dev.stowage.sim.kit.reference;

import org.jspecify.annotations.NullMarked;
