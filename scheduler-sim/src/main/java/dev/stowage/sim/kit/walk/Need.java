package dev.stowage.sim.kit.walk;

/**
 * A hard case that walks must meet to prove anything.
 *
 * @param what the case, as it is counted
 * @param percent the least share of the walks that must meet it, in percent
 */
record Need(String what, int percent) {}
