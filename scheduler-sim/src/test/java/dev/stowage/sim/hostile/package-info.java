/** Bytes that nobody wrote, for every decoder of bytes from outside. */
@NullMarked
package dev.stowage.sim.hostile;

import org.jspecify.annotations.NullMarked;
