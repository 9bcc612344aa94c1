package dev.stowage.sim.kit.walk;

/**
 * A hard case that walks must meet to prove anything.
 *
 * @param what it is, as it is counted
 * @param percent in so many percent of the walks at least
 */
record Need(String what, int percent) {}
