package dev.stowage.benchmarks.lifecycle;

import dev.stowage.Stowage;
import dev.stowage.model.Worker;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;

/**
 * Measures scheduling cycles of the caller's thread by the number of workers, through the facade
 * with its default settings: the one that places three chunks for every four workers, two replicas
 * each, so that they do not divide evenly, and those that place one more chunk. Arguments: numbers
 * of workers, each perhaps with a number of zones ({@code 4000/4}).
 */
public final class FleetCost {
  private static final int ROUNDS = 11;

  /** Workers and rounds of a fleet whose cost is not shown, until the code is compiled. */
  private static final int WARM_UP = 500;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final FacadeFleet fleet;

  private FleetCost(FacadeFleet fleet) {
    this.fleet = fleet;
  }

  /** Prints a line for each fleet. */
  public static void main(String[] args) {
    String[] fleets =
        args.length > 0
            ? args
            : new String[] {"1000", "4000", "16000", "1000/4", "4000/4", "16000/4"};
    of(WARM_UP, 0, WARM_UP);
    for (String each : fleets) {
      String[] parts = each.split("/", 2);
      int zones = parts.length == 1 ? 0 : Integer.parseInt(parts[1]);
      System.out.println(of(Integer.parseInt(parts[0]), zones, ROUNDS));
    }
  }

  private static String of(int workers, int zones, int rounds) {
    try (Stowage stowage = Stowage.builder(MemoryChunkStore.create()).build()) {
      FleetCost cost = new FleetCost(new FacadeFleet(stowage, workers, i -> worker(i, zones)));
      double first = cost.cycle(workers * 3 / 4);
      double[] more = new double[rounds];
      Arrays.setAll(more, round -> cost.cycle(1));
      Arrays.sort(more);
      return String.format(
          Locale.ROOT,
          "%,7d workers %3d zones  first cycle %,10.1f ms  one new chunk %,8.1f ms",
          workers,
          zones,
          first,
          more[rounds / 2]);
    }
  }

  private static Worker worker(int i, int zones) {
    Worker worker = Worker.of(FacadeFleet.worker(i), 1L << 40);
    return zones == 0 ? worker : worker.withZone("z" + i % zones);
  }

  /** Returns the milliseconds of processor time of the cycle that places new chunks. */
  private double cycle(int chunks) {
    fleet.ingest(chunks);
    long start = threads.getCurrentThreadCpuTime();
    fleet.schedule();
    double millis = (threads.getCurrentThreadCpuTime() - start) / 1e6;
    fleet.reportAll();
    fleet.publish();
    fleet.tick();
    return millis;
  }
}
