package dev.stowage.house.planted.sim.kit.world;

import dev.stowage.house.planted.sim.tool.cli.Command;

/** Planted for the test of the arrows: a library calls the command line. */
public final class WorldCallsCommand {
  Command command = new Command();
}
