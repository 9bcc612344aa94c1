@NullMarked
package dev.stowage.sim.reference;

import org.jspecify.annotations.NullMarked;
