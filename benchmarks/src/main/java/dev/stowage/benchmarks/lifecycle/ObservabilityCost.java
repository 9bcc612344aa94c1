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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The cost of meters and Flight Recorder: the processor time of a process for equal work, with both
 * on and with both off, each measurement in a process of its own. On means a scrape of all meters,
 * with a census of its own, in every quarter of a minute of the fleet's time, and a recording with
 * the settings {@code default} and our events from the start of the process. The log is on
 * throughout: it has few lines at any load.
 *
 * <p>The works are {@code cycles}, the rounds of {@link LifecycleScale} through the facade, and
 * {@code reports}, 2,000 reports of workers, a scheduling and a visibility cycle in each second.
 * Arguments: chunks of the first work, chunks of the second (1,000,000 100,000 by default; 0 leaves
 * a work out), pairs, quarters of each measurement (5 and 40 by default).
 */
public final class ObservabilityCost {
  private static final int WORKERS = 2_000;
  private static final int QUARTER = 15;
  private static final int NEW_CHUNKS = 1_000;

  /** The quarters before the measured ones; until then much is not compiled. */
  private static final int WARM_UP = 8;

  /** The workers that report a lost chunk in each second. */
  private static final int LOSSES = 20;

  private static final int MOST_HELD = 1_000;

  private final Stowage stowage;
  private final FacadeFleet fleet;
  private final boolean isOfReports;
  private final boolean isOn;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final List<List<ChunkNumber>> held = new ArrayList<>();
  private int second;

  private ObservabilityCost(Stowage stowage, boolean isOfReports, boolean isOn) {
    this.stowage = stowage;
    this.isOfReports = isOfReports;
    this.isOn = isOn;
    fleet =
        new FacadeFleet(
            stowage,
            WORKERS,
            i -> Worker.of(FacadeFleet.worker(i), 1L << 44).withZone("z" + i % 4));
    new StowageMeters(stowage).withMaxAge(Duration.ofDays(1)).bindTo(registry);
  }

  /** Prints a line for each pair, and one for the median of each work. */
  public static void main(String[] args) throws Exception {
    if (args.length > 0 && (args[0].equals("cycles") || args[0].equals("reports"))) {
      System.out.println(measure(args[0], args[1], args[2], args[3].equals("on")));
      return;
    }
    compare("cycles", args.length > 0 ? args[0] : "1000000", args);
    compare("reports", args.length > 1 ? args[1] : "100000", args);
  }

  private static void compare(String work, String chunks, String[] args) throws Exception {
    if (chunks.equals("0")) {
      return;
    }
    double[] ratios = new double[args.length > 2 ? Integer.parseInt(args[2]) : 5];
    String quarters = args.length > 3 ? args[3] : "40";
    for (int pair = 0; pair < ratios.length; pair++) {
      boolean isOnFirst = pair % 2 == 1;
      double first = inAnotherProcess(work, chunks, quarters, isOnFirst);
      double second = inAnotherProcess(work, chunks, quarters, !isOnFirst);
      double on = isOnFirst ? first : second;
      double off = isOnFirst ? second : first;
      ratios[pair] = on / off;
      System.out.printf(
          Locale.ROOT,
          "%-8s %s chunks  off %6.2f s  on %6.2f s  on/off %.4f%n",
          work,
          chunks,
          off,
          on,
          ratios[pair]);
    }
    Arrays.sort(ratios);
    System.out.printf(Locale.ROOT, "%-8s median %.4f%n", work, ratios[ratios.length / 2]);
  }

  private static double inAnotherProcess(String work, String chunks, String quarters, boolean isOn)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    if (isOn) {
      command.add("-XX:StartFlightRecording:settings=default");
      command.add("-Xlog:jfr*=off");
    }
    command.addAll(List.of("-cp", ManagementFactory.getRuntimeMXBean().getClassPath()));
    command.addAll(List.of(ObservabilityCost.class.getName(), work, chunks, quarters));
    command.add(isOn ? "on" : "off");
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("a measurement ended with " + process.exitValue());
    }
    List<String> lines = printed.strip().lines().toList();
    return Double.parseDouble(lines.get(lines.size() - 1));
  }

  /** Returns the CPU seconds of the measured quarters. */
  private static double measure(String work, String chunks, String quarters, boolean isOn) {
    boolean isOfReports = work.equals("reports");
    LifecycleConfig.Builder config = LifecycleConfig.builder().minReplication(3);
    if (!isOfReports) {
      // nobody reports in some rounds
      config.suspectAfterTicks(LifecycleConfig.NEVER).departAfterTicks(LifecycleConfig.NEVER);
    }
    StowageConfig all = StowageConfig.defaults().withFleet(config.build());
    try (Stowage stowage = Stowage.builder(MemoryChunkStore.create()).config(all).build()) {
      ObservabilityCost cost = new ObservabilityCost(stowage, isOfReports, isOn);
      cost.fill(Integer.parseInt(chunks));
      cost.quarters(WARM_UP);
      long begin = cpuNanos();
      cost.quarters(Integer.parseInt(quarters));
      return (cpuNanos() - begin) / 1e9;
    }
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

  private void quarters(int count) {
    for (int quarter = 0; quarter < count; quarter++) {
      if (isOn) {
        stowage.census(Duration.ZERO);
        registry.scrape();
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
