@NullMarked
package dev.stowage.sim.csv;

import org.jspecify.annotations.NullMarked;
