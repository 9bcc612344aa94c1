package dev.stowage.sim.tool.demo;

import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.List;

/**
 * The mirrors of a demo: sizes of 4, 8 and 16 GiB in turn, zones in turn, and racks of three in
 * every zone, so that every zone and rack has the same mix where the number of mirrors allows it.
 * One mirror is counted: it takes a fixed number of packages, whatever room it has.
 */
final class DemoFleet {
  static final int ZONES = 4;
  static final int RACK_SIZE = 3;

  /** The level of the racks in the path of a zone. */
  static final int RACK_LEVEL = 2;

  /** The most replicas of the counted mirror. */
  static final int COUNTED_REPLICAS = 10_000;

  /**
   * The index of the counted mirror: one of 8 GiB, to which many small packages would go, almost
   * 12,000 in a fleet of 60.
   */
  private static final int COUNTED_INDEX = 10;

  private static final long GIB = 1L << 30;
  private static final long[] SIZES = {4 * GIB, 8 * GIB, 16 * GIB};
  private static final long NEWCOMER = 8 * GIB;

  private DemoFleet() {}

  static List<Worker> of(int count) {
    List<Worker> fleet = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Worker mirror = mirror(i, count, SIZES[i % SIZES.length]);
      fleet.add(i == COUNTED_INDEX ? mirror.withMaxReplicas(COUNTED_REPLICAS) : mirror);
    }
    return fleet;
  }

  static boolean isCounted(Worker mirror) {
    return mirror.maxReplicas() != Worker.UNLIMITED;
  }

  /** Returns a later mirror: the {@code extra}-th beyond the {@code count} of the start. */
  static Worker newcomer(int extra, int count) {
    return mirror(count + extra, count, NEWCOMER);
  }

  private static Worker mirror(int index, int count, long capacityBytes) {
    int digits = Math.max(2, Integer.toString(count + 1).length());
    String number = Integer.toString(index + 1);
    String name = "mirror-" + "0".repeat(digits - Math.min(digits, number.length())) + number;
    char zone = (char) ('a' + index % ZONES);
    int rack = 1 + index / (ZONES * RACK_SIZE);
    return Worker.of(WorkerId.of(name), capacityBytes)
        .withZone("zone-" + zone + "/rack-" + rack)
        .with(Worker.Description.DOWNLINK, DemoRules.LINK_BYTES_PER_TICK);
  }
}
