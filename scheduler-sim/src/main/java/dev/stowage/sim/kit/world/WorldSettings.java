package dev.stowage.sim.kit.world;

/**
 * The settings of a world.
 *
 * @param roundTicks the ticks between two rounds, at least 1
 * @param portals the number of portals, at least 0
 * @param faults what goes wrong
 * @param parts what runs beside the fleet
 * @param floor the real copies that no deletion may go below; not judged where bytes vanish
 * @param threads the threads that run the parts of portals and workers, 1 to 256; they change the
 *     time that a round takes and nothing else
 */
public record WorldSettings(
    long roundTicks, int portals, WorldFaults faults, WorldParts parts, int floor, int threads) {
  /** The most threads of a world. */
  public static final int MOST_THREADS = 256;

  /** Creates settings for one thread. */
  public WorldSettings(long roundTicks, int portals, int lossPercent, int floor) {
    this(roundTicks, portals, WorldFaults.ofLoss(lossPercent), WorldParts.NONE, floor, 1);
  }

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public WorldSettings {
    atLeast(roundTicks, 1, "roundTicks");
    atLeast(portals, 0, "portals");
    atLeast(portals - parts.interests(), 0, "portals - interests");
    atLeast(floor, 0, "floor");
    atLeast(threads, 1, "threads");
    atLeast(MOST_THREADS - threads, 0, "256 - threads");
  }

  private static void atLeast(long value, long least, String what) {
    if (value < least) {
      throw new IllegalArgumentException(
          what + " is " + value + "; at least " + least + " is accepted");
    }
  }
}
