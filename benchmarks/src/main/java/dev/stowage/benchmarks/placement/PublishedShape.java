package dev.stowage.benchmarks.placement;

import java.util.Locale;

/**
 * A shape of the published workload with its recorded figures, or one of that kind without.
 *
 * @param name its name in the table
 * @param chunks number of chunks
 * @param workers number of workers
 * @param capacityGib capacity of each worker in GiB
 * @param floor the floor of every chunk
 * @param weights weights, by position modulo their number
 */
record PublishedShape(
    String name, int chunks, int workers, long capacityGib, int floor, int... weights) {
  static PublishedShape byName(String name) {
    for (PublishedShape shape : ALL) {
      if (shape.name.equals(name)) {
        return shape;
      }
    }
    throw new IllegalArgumentException("no shape is called " + name);
  }

  private static final PublishedShape[] ALL = {
    new PublishedShape("10k", 10_000, 100, 240, 2, 1, 6, 24),
    new PublishedShape("100k", 100_000, 500, 480, 2, 1, 6, 24),
    new PublishedShape("500k", 500_000, 2_000, 600, 2, 1, 6, 24),
    new PublishedShape("1m", 1_000_000, 2_000, 1_200, 2, 1, 6, 24),
    new PublishedShape("r3", 100_000, 200, 180, 3, 1),
    new PublishedShape("10k50", 10_000, 50, 72, 3, 1),
    new PublishedShape("10k200", 10_000, 200, 18, 3, 1),
    new PublishedShape("500k2000", 500_000, 2_000, 90, 3, 1),
    new PublishedShape("1m2000", 1_000_000, 2_000, 180, 3, 1),
  };

  String title() {
    String replicas = weights.length == 1 ? ", " + floor + " replicas" : ", mean factor 23";
    return String.format(Locale.ROOT, "%,d x %,d%s", chunks, workers, replicas);
  }

  /**
   * Returns the recorded figure of the published planner, as printed in its table: CPU seconds of
   * multistep from scratch, steady, +2 %, leave, join and 10 % leave.
   */
  String recorded(String event) {
    String[] row =
        switch (name) {
          case "10k" -> new String[] {"0.071", "0.059", "0.061", "0.080", "0.098", "0.074"};
          case "100k" -> new String[] {"2.37", "2.37", "2.04", "2.06", "2.12", "1.87"};
          case "500k" -> new String[] {"16.2", "15.7", "19.7", "19.6", "22.4", "19.7"};
          case "1m" -> new String[] {"45.0", "46.7", "43.7", "48.9", "52.2", "41.7"};
          case "r3" -> new String[] {"0.205", "0.191", "0.190", "0.263", "0.233", "0.227"};
          default -> new String[] {"", "", "", "", "", ""};
        };
    int column =
        switch (event) {
          case "scratch" -> 0;
          case "steady" -> 1;
          case "+2 %" -> 2;
          case "leave" -> 3;
          case "join" -> 4;
          default -> 5;
        };
    return row[column];
  }
}
