package dev.stowage.benchmarks.lifecycle;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * The reads of the busiest worker over those of all on average, when 100 readers read each of
 * 10,000 chunks once: three copies on 200 workers, placed by the facade, in so many zones, with the
 * readers spread over the zones as the workers are. Each reader asks the first worker by name, then
 * the first of {@link Route#workersFor(String, String)}; of that, the time and the bytes of a call,
 * the median of batches. Arguments: numbers of zones (1 2 3 4 10 by default; 1 for none).
 */
public final class ReadSpread {
  private static final int WORKERS = 200;
  private static final int CHUNKS = 10_000;
  private static final int READERS = 100;

  private final int zones;
  private final List<Route> routes;

  private ReadSpread(int zones, List<Route> routes) {
    this.zones = zones;
    this.routes = routes;
  }

  /** Prints a line for each number of zones. */
  public static void main(String[] args) {
    int[] numbers =
        args.length == 0
            ? new int[] {1, 2, 3, 4, 10}
            : Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
    for (int zones : numbers) {
      new ReadSpread(zones, placed(zones)).print();
    }
  }

  private static List<Route> placed(int zones) {
    LifecycleConfig rules = LifecycleConfig.builder().minReplication(3).maxReplication(3).build();
    StowageConfig config = StowageConfig.defaults().withFleet(rules);
    try (Stowage stowage = Stowage.builder(MemoryChunkStore.create()).config(config).build()) {
      FacadeFleet fleet =
          new FacadeFleet(
              stowage,
              WORKERS,
              i -> {
                Worker worker = Worker.of(FacadeFleet.worker(i), 1L << 40);
                return zones == 1 ? worker : worker.withZone(zone(i, WORKERS, zones));
              });
      fleet.ingest(CHUNKS);
      for (int cycle = 0; cycle < 2; cycle++) {
        fleet.schedule();
        fleet.reportAll();
        fleet.publish();
        fleet.tick();
      }
      return fleet.routes();
    }
  }

  private static String zone(int i, int count, int zones) {
    return zones == 1 ? "" : "zone-" + i * zones / count;
  }

  private void print() {
    int copies = routes.stream().mapToInt(route -> route.workers().size()).sum();
    double before = busiestOverMean((route, reader) -> route.workers().get(0));
    double after = busiestOverMean(this::asked);
    measured();
    long[] cost = measured();
    System.out.printf(
        Locale.ROOT,
        "%2d zones, %,d chunks, %,d copies: busiest over mean %.2f by name, %.2f by workersFor;"
            + " a call %d ns, %d bytes%n",
        zones,
        routes.size(),
        copies,
        before,
        after,
        cost[0],
        cost[1]);
  }

  private WorkerId asked(Route route, int reader) {
    return route.workersFor("reader-" + reader, zone(reader, READERS, zones)).get(0);
  }

  private double busiestOverMean(BiFunction<Route, Integer, WorkerId> asks) {
    Map<WorkerId, Integer> reads = new TreeMap<>();
    for (Route route : routes) {
      for (int reader = 0; reader < READERS; reader++) {
        reads.merge(asks.apply(route, reader), 1, Integer::sum);
      }
    }
    int busiest = reads.values().stream().mapToInt(it -> it).max().orElse(0);
    return (double) busiest * WORKERS / READERS / routes.size();
  }

  /** Returns nanoseconds of processor time and bytes of a call, the medians of batches. */
  private long[] measured() {
    long[] nanos = new long[READERS];
    long[] bytes = new long[READERS];
    for (int reader = 0; reader < READERS; reader++) {
      String name = "reader-" + reader;
      String zone = zone(reader, READERS, zones);
      int asked = 0;
      long allocated = ReportCost.allocated();
      long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      for (Route route : routes) {
        asked += route.workersFor(name, zone).get(0).value().length();
      }
      nanos[reader] =
          (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / routes.size();
      bytes[reader] = (ReportCost.allocated() - allocated) / routes.size();
      if (asked == 0) {
        throw new IllegalStateException("a worker without a name was asked");
      }
    }
    Arrays.sort(nanos);
    Arrays.sort(bytes);
    return new long[] {nanos[READERS / 2], bytes[READERS / 2]};
  }
}
