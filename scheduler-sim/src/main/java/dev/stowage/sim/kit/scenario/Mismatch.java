package dev.stowage.sim.kit.scenario;

/**
 * What was expected, and what was found instead.
 *
 * @param expected in words
 * @param found in words
 */
public record Mismatch(String expected, String found) {}
