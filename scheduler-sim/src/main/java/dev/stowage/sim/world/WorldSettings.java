package dev.stowage.sim.world;

/**
 * How a world is made.
 *
 * @param roundTicks ticks between two rounds, at least 1
 * @param linkBytesPerTick what each worker's link brings in a tick, at least 1
 * @param portals how many there are, at least 0
 * @param pollPercent how likely a portal polls in a round in which it need not, 0 to 100
 * @param drainWindowTicks M: how far a portal may lag
 * @param floor real copies that no deletion may go below
 */
public record WorldSettings(
    long roundTicks,
    long linkBytesPerTick,
    int portals,
    int pollPercent,
    long drainWindowTicks,
    int floor) {
  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public WorldSettings {
    atLeast(roundTicks, 1, "roundTicks");
    atLeast(linkBytesPerTick, 1, "linkBytesPerTick");
    atLeast(portals, 0, "portals");
    atLeast(pollPercent, 0, "pollPercent");
    atLeast(100 - pollPercent, 0, "100 - pollPercent");
    atLeast(drainWindowTicks, 0, "drainWindowTicks");
    atLeast(floor, 0, "floor");
  }

  private static void atLeast(long value, long least, String what) {
    if (value < least) {
      throw new IllegalArgumentException(
          what + " is " + value + "; at least " + least + " is accepted");
    }
  }
}
