@NullMarked
package dev.stowage.sim.demo;

import org.jspecify.annotations.NullMarked;
