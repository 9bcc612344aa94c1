package dev.stowage.sim.kit.world;

/**
 * When something happens.
 *
 * @param tick the present tick
 * @param publishes how many visibility cycles there were, or the number of the routes then
 */
public record Moment(long tick, long publishes) {}
