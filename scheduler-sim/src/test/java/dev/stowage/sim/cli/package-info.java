@NullMarked
package dev.stowage.sim.cli;

import org.jspecify.annotations.NullMarked;
