@NullMarked
package dev.stowage.sim.catalogue;

import org.jspecify.annotations.NullMarked;
