package dev.stowage.sim.kit.scenario;

/** What was expected, and what was found instead. */
record Mismatch(String expected, String found) {}
