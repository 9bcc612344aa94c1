package dev.stowage.sim.kit.world;

/**
 * The settings of a world.
 *
 * @param roundTicks the ticks between two rounds, at least 1
 * @param portals the number of portals, at least 0
 * @param lossPercent the likelihood that a message to a worker or portal is lost, 0 to 100
 * @param floor the real copies that no deletion may go below
 */
public record WorldSettings(long roundTicks, int portals, int lossPercent, int floor) {
  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public WorldSettings {
    atLeast(roundTicks, 1, "roundTicks");
    atLeast(portals, 0, "portals");
    atLeast(lossPercent, 0, "lossPercent");
    atLeast(100 - lossPercent, 0, "100 - lossPercent");
    atLeast(floor, 0, "floor");
  }

  private static void atLeast(long value, long least, String what) {
    if (value < least) {
      throw new IllegalArgumentException(
          what + " is " + value + "; at least " + least + " is accepted");
    }
  }
}
