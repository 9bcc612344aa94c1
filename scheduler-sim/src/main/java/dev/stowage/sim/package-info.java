/** The simulated world and the command line. */
package dev.stowage.sim;
