package dev.stowage.house.planted.sim.tool.cli;

import dev.stowage.house.planted.sim.kit.scenario.WorldUser;
import picocli.CommandLine;

/** Planted for the test of the arrows: in order by itself. */
public final class Command {
  WorldUser user = new WorldUser();
  Class<?> terminal = CommandLine.class;
}
