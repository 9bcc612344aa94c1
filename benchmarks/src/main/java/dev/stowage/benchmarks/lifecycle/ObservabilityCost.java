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
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * The cost of meters and Flight Recorder: processor time of the process for equal work with both on
 * and with both off, in turns of a quarter of a minute of the fleet's time, so that other load on
 * the machine affects both alike. On means a scrape of all meters, with a census of its own, and a
 * recording with the settings {@code default} and our events. The log is on throughout: it cannot
 * be switched while a process runs, and it has few lines at any load.
 *
 * <p>The works are {@code cycles}, the rounds of {@link LifecycleScale} through the facade, and
 * {@code reports}, 2,000 reports of workers, a scheduling and a visibility cycle in each second.
 * Arguments: chunks of the first work, chunks of the second (1,000,000 100,000 by default; 0 leaves
 * a work out), pairs, quarters of each side of a pair (5 and 8 by default).
 */
public final class ObservabilityCost {
  private static final int WORKERS = 2_000;
  private static final int QUARTER = 15;
  private static final int NEW_CHUNKS = 1_000;

  /** The quarters of each kind before the measured ones; until then much is not compiled. */
  private static final int WARM_UP = 4;

  /** The workers that report a lost chunk in each second. */
  private static final int LOSSES = 20;

  private static final int MOST_HELD = 1_000;

  private final Stowage stowage;
  private final FacadeFleet fleet;
  private final boolean isOfReports;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final List<List<ChunkNumber>> held = new ArrayList<>();
  private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
  private long censusNanos;
  private long censuses;
  private int second;

  private ObservabilityCost(Stowage stowage, boolean isOfReports) {
    this.stowage = stowage;
    this.isOfReports = isOfReports;
    fleet =
        new FacadeFleet(
            stowage,
            WORKERS,
            i -> Worker.of(FacadeFleet.worker(i), 1L << 44).withZone("z" + i % 4));
    new StowageMeters(stowage).withMaxAge(Duration.ofDays(1)).bindTo(registry);
  }

  /** Prints a line for each pair, and one for the median. */
  public static void main(String[] args) throws JMException {
    int cycles = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int reports = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
    int pairs = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    int quarters = args.length > 3 ? Integer.parseInt(args[3]) : 8;
    run("cycles", cycles, pairs, quarters);
    run("reports", reports, pairs, quarters);
  }

  private static void run(String work, int chunks, int pairs, int quarters) throws JMException {
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
      ObservabilityCost cost = new ObservabilityCost(stowage, isOfReports);
      cost.fill(chunks);
      cost.compare(work, chunks, pairs, quarters);
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

  private void compare(String work, int chunks, int pairs, int quarters) throws JMException {
    seconds(WARM_UP);
    double[] ratios = new double[pairs];
    for (int pair = 0; pair < pairs; pair++) {
      double[] seconds = seconds(quarters);
      ratios[pair] = seconds[1] / seconds[0];
      System.out.printf(
          Locale.ROOT,
          "%-8s %,9d chunks  off %6.2f s  on %6.2f s  on/off %.4f%n",
          work,
          chunks,
          seconds[0],
          seconds[1],
          ratios[pair]);
    }
    Arrays.sort(ratios);
    System.out.printf(
        Locale.ROOT,
        "%-8s median %.4f; a census takes %.2f ms%n",
        work,
        ratios[pairs / 2],
        censusNanos / 1e6 / censuses);
  }

  /** Returns the CPU seconds of the quarters with both off, and with both on. */
  private double[] seconds(int quarters) throws JMException {
    long off = 0;
    long on = 0;
    for (int i = 0; i < quarters; i++) {
      boolean isOnFirst = i % 2 == 1;
      on += isOnFirst ? on() : 0;
      off += quarter();
      on += isOnFirst ? 0 : on();
    }
    return new double[] {off / 1e9, on / 1e9};
  }

  private long on() throws JMException {
    ObjectName recorder = ObjectName.getInstance("jdk.management.jfr:type=FlightRecorder");
    Object[] recording = {beans.invoke(recorder, "newRecording", null, null)};
    String[] number = {long.class.getName()};
    beans.invoke(
        recorder,
        "setPredefinedConfiguration",
        new Object[] {recording[0], "default"},
        new String[] {long.class.getName(), String.class.getName()});
    beans.invoke(recorder, "startRecording", recording, number);
    long begin = cpuNanos();
    long census = ScaleFleet.cpuNanos();
    stowage.census(Duration.ZERO);
    censusNanos += ScaleFleet.cpuNanos() - census;
    censuses++;
    registry.scrape();
    long nanos = cpuNanos() - begin + quarter();
    beans.invoke(recorder, "closeRecording", recording, number);
    return nanos;
  }

  private long quarter() throws JMException {
    long begin = cpuNanos();
    for (int i = 0; i < QUARTER; i++) {
      fleet.tick();
      second++;
      if (isOfReports) {
        reports();
      } else {
        cycles(i % 4);
      }
    }
    return cpuNanos() - begin;
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

  /** Returns the CPU nanoseconds of the process; by name, because no portable type has it. */
  private long cpuNanos() throws JMException {
    ObjectName system = ObjectName.getInstance(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME);
    return (Long) beans.getAttribute(system, "ProcessCpuTime");
  }
}
