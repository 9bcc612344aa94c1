package dev.stowage.house.planted.sim.kit.world;

import picocli.CommandLine;

/** Planted for the test of the arrows: a library talks to a terminal. */
public final class WorldTalksToTerminal {
  Class<?> terminal = CommandLine.class;
}
