package dev.stowage.benchmarks.lifecycle;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.metrics.StowageMeters;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.storage.memory.MemoryChunkStore;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * The cost of meters and Flight Recorder: the processor time of the process for equal work, in turn
 * with both off and with both on. On means a scrape of all meters, with a census of its own, in
 * every quarter of a minute of the fleet's time, and a recording with the settings {@code default}
 * and our events. The log is on throughout: it has few lines at any load.
 *
 * <p>A pair alternates minutes of the fleet's time with everything off and with everything on, all
 * in one process, and compares the lower quartiles of their processor times. Equal minutes differ
 * by half on a machine that shares its memory with others, and only ever upwards; so a mean or a
 * median compares neighbours, and the quicker quarter compares the work. The first quarter of a
 * minute after each change is not measured: then the recorder instruments classes.
 *
 * <p>The works are {@code cycles}, the rounds of {@link LifecycleScale} through the facade, and
 * {@code reports}, 2,000 reports of workers, a scheduling and a visibility cycle in each second.
 * Arguments: chunks of the first work, chunks of the second (1,000,000 100,000 by default; 0 leaves
 * a work out), pairs, minutes on each side of a pair (5 and 20 by default), and what is on: {@code
 * meters}, {@code recorder}, {@code all} (default), or {@code none} for the noise.
 */
public final class ObservabilityCost {
  private static final int WORKERS = 2_000;
  private static final int QUARTER = 15;
  private static final int NEW_CHUNKS = 1_000;

  /** The minutes before the measured ones; until then much is not compiled. */
  private static final int WARM_UP = 20;

  /** The workers that report a lost chunk in each second. */
  private static final int LOSSES = 20;

  private static final int MOST_HELD = 1_000;

  private final Stowage stowage;
  private final FacadeFleet fleet;
  private final boolean isOfReports;
  private final boolean hasMeters;
  private final boolean hasRecorder;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final List<List<ChunkNumber>> held = new ArrayList<>();

  /** The CPU nanoseconds of each census with its scrape. */
  private final List<Long> scrapes = new ArrayList<>();

  private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
  private int second;

  private ObservabilityCost(Stowage stowage, boolean isOfReports, String what) {
    this.stowage = stowage;
    this.isOfReports = isOfReports;
    hasMeters = what.equals("meters") || what.equals("all");
    hasRecorder = what.equals("recorder") || what.equals("all");
    fleet =
        new FacadeFleet(
            stowage,
            WORKERS,
            i -> Worker.of(FacadeFleet.worker(i), 1L << 44).withZone("z" + i % 4));
    new StowageMeters(stowage).withMaxAge(Duration.ofDays(1)).bindTo(registry);
  }

  /** Prints a line for each pair, and one for the median of each work. */
  public static void main(String[] args) throws Exception {
    int cycles = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int reports = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
    int pairs = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    int minutes = args.length > 3 ? Integer.parseInt(args[3]) : 20;
    String what = args.length > 4 ? args[4] : "all";
    run("cycles", cycles, pairs, minutes, what);
    run("reports", reports, pairs, minutes, what);
  }

  private static void run(String work, int chunks, int pairs, int minutes, String what)
      throws Exception {
    if (chunks == 0) {
      return;
    }
    boolean isOfReports = work.equals("reports");
    LifecycleConfig.Builder config = LifecycleConfig.builder().minReplication(3);
    if (!isOfReports) {
      // nobody reports in some rounds
      config.suspectAfterTicks(LifecycleConfig.NEVER).departAfterTicks(LifecycleConfig.NEVER);
    }
    StowageConfig all = StowageConfig.defaults().withFleet(config.build());
    try (Stowage stowage = Stowage.builder(MemoryChunkStore.create()).config(all).build()) {
      ObservabilityCost cost = new ObservabilityCost(stowage, isOfReports, what);
      cost.fill(chunks);
      for (int minute = 0; minute < WARM_UP; minute++) {
        cost.minute(minute % 2 == 1);
      }
      cost.compare(work, chunks, pairs, minutes);
    }
  }

  private void compare(String work, int chunks, int pairs, int minutes) throws Exception {
    double[] ratios = new double[pairs];
    for (int pair = 0; pair < pairs; pair++) {
      double[] off = new double[minutes];
      double[] on = new double[minutes];
      for (int minute = 0; minute < minutes; minute++) {
        boolean isOnFirst = minute % 2 == 1;
        double first = minute(isOnFirst);
        double second = minute(!isOnFirst);
        on[minute] = isOnFirst ? first : second;
        off[minute] = isOnFirst ? second : first;
      }
      Arrays.sort(off);
      Arrays.sort(on);
      ratios[pair] = on[minutes / 4] / off[minutes / 4];
      System.out.printf(
          Locale.ROOT,
          "%-8s %,9d chunks  a minute off %.3f s (median %.3f)  on %.3f s (%.3f)  on/off %.4f%n",
          work,
          chunks,
          off[minutes / 4],
          off[minutes / 2],
          on[minutes / 4],
          on[minutes / 2],
          ratios[pair]);
    }
    Arrays.sort(ratios);
    System.out.printf(Locale.ROOT, "%-8s median %.4f%n", work, ratios[pairs / 2]);
    if (hasMeters) {
      scrapes.sort(null);
      double millis = scrapes.get(scrapes.size() / 2) / 1e6;
      System.out.printf(
          Locale.ROOT, "%-8s a census and a scrape take %.2f ms in median%n", work, millis);
    }
  }

  /** Returns the CPU seconds of a minute with everything on or off. */
  private double minute(boolean isOn) throws Exception {
    if (!isOn || !hasRecorder) {
      return measured(isOn);
    }
    ObjectName recorder = ObjectName.getInstance("jdk.management.jfr:type=FlightRecorder");
    Object[] recording = {beans.invoke(recorder, "newRecording", null, null)};
    String[] number = {long.class.getName()};
    beans.invoke(
        recorder,
        "setPredefinedConfiguration",
        new Object[] {recording[0], "default"},
        new String[] {long.class.getName(), String.class.getName()});
    beans.invoke(recorder, "startRecording", recording, number);
    try {
      return measured(true);
    } finally {
      beans.invoke(recorder, "closeRecording", recording, number);
    }
  }

  private double measured(boolean isOn) {
    quarters(1, isOn);
    long begin = cpuNanos();
    quarters(4, isOn);
    return (cpuNanos() - begin) / 1e9;
  }

  private void fill(int chunks) {
    fleet.ingest(chunks);
    fleet.schedule();
    fleet.reportAll();
    fleet.publish();
    fleet.schedule();
    for (int worker = 0; isOfReports && worker < WORKERS; worker++) {
      held.add(fleet.held(worker, MOST_HELD));
    }
  }

  private void quarters(int count, boolean isOn) {
    for (int quarter = 0; quarter < count; quarter++) {
      if (isOn && hasMeters) {
        long begin = ScaleFleet.cpuNanos();
        stowage.census(Duration.ZERO);
        registry.scrape();
        scrapes.add(ScaleFleet.cpuNanos() - begin);
      }
      for (int i = 0; i < QUARTER; i++) {
        fleet.tick();
        second++;
        if (isOfReports) {
          reports();
        } else {
          cycles(i % 4);
        }
      }
    }
  }

  private void cycles(int kind) {
    if (kind == 2) {
      fleet.ingest(NEW_CHUNKS);
    }
    fleet.schedule();
    if (kind == 1 || kind == 2) {
      fleet.reportAll();
    }
    fleet.publish();
  }

  /**
   * Sends the reports of one second: one worker in ten reports its applied assignment, some report
   * losses, and the others a sign of life.
   */
  private void reports() {
    WorkerAssignmentId newest = fleet.newest();
    for (int worker = 0; worker < WORKERS; worker++) {
      int turn = worker + second;
      if (turn % 10 == 0) {
        fleet.applied(worker, newest);
      } else if (turn % (WORKERS / LOSSES) == 1) {
        List<ChunkNumber> chunks = held.get(worker);
        fleet.lost(worker, chunks.get(second % chunks.size()));
      } else {
        fleet.heartbeat(worker);
      }
    }
    fleet.schedule();
    fleet.publish();
  }

  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }
}
