/** The simulated world and the command line. */
@NullMarked
package dev.stowage.sim;

import org.jspecify.annotations.NullMarked;
