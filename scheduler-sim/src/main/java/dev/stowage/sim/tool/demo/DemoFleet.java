package dev.stowage.sim.tool.demo;

import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.List;

/**
 * The mirrors of a demo: sizes of 4, 8 and 16 GiB in turn, zones in turn, so that every zone has
 * the same mix wherever the number of mirrors allows it.
 */
final class DemoFleet {
  static final int ZONES = 4;
  private static final long GIB = 1L << 30;
  private static final long[] SIZES = {4 * GIB, 8 * GIB, 16 * GIB};
  private static final long NEWCOMER = 8 * GIB;

  private DemoFleet() {}

  /** The mirrors at the start. */
  static List<Worker> of(int count) {
    List<Worker> fleet = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fleet.add(mirror(i, count, SIZES[i % SIZES.length]));
    }
    return fleet;
  }

  /** A mirror that joins later: the {@code extra}-th beyond the {@code count} of the start. */
  static Worker newcomer(int extra, int count) {
    return mirror(count + extra, count, NEWCOMER);
  }

  private static Worker mirror(int index, int count, long capacityBytes) {
    int digits = Math.max(2, Integer.toString(count + 1).length());
    String number = Integer.toString(index + 1);
    String name = "mirror-" + "0".repeat(digits - Math.min(digits, number.length())) + number;
    return Worker.of(WorkerId.of(name), capacityBytes)
        .withZone("zone-" + (char) ('a' + index % ZONES));
  }
}
