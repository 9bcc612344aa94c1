package dev.stowage.benchmarks.lifecycle;

import dev.stowage.benchmarks.LiveHeap;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.documents.WorkerAssignment;
import dev.stowage.lifecycle.rows.ChangeSet;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;

/**
 * The scale run of the lifecycle: a fleet is filled once, then cycles are timed that change
 * nothing, and a thousand chunks. Planning is timed apart; times are of this thread's CPU.
 * Arguments: chunks, workers, floor, datasets (1,000,000 2,000 3 1 by default).
 */
public final class LifecycleScale {
  private static final int ROUNDS = 40;
  private static final int CHANGES = 1_000;

  private final PrintStream out;
  private final int workers;
  private final ScaleFleet fleet;

  private LifecycleScale(PrintStream out, int workers, ScaleFleet fleet) {
    this.out = out;
    this.workers = workers;
    this.fleet = fleet;
  }

  /** Runs it and prints a line for each figure. */
  public static void main(String[] args) {
    int chunks = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int workers = args.length > 1 ? Integer.parseInt(args[1]) : 2_000;
    int floor = args.length > 2 ? Integer.parseInt(args[2]) : 3;
    int datasets = args.length > 3 ? Integer.parseInt(args[3]) : 1;
    System.out.println("The state and the planner's index:");
    // No variable holds the first fleet while the second is measured.
    new LifecycleScale(System.out, workers, new ScaleFleet(chunks, workers, floor).over(datasets))
        .run(chunks);
    System.out.println("The state alone, with a planner that keeps no index:");
    ScaleFleet bare = ScaleFleet.withoutIndex(chunks, workers, floor).over(datasets);
    new LifecycleScale(System.out, workers, bare).measureState(chunks);
  }

  private void run(int chunks) {
    long empty = heapBytes();
    timed("ingest", () -> fleet.ingest(chunks));
    long filled = heapBytes();
    print("bytes per chunk (key included)", per(filled - empty, chunks));
    cycle("first placement", fleet.schedule());
    bytes("after the first placement", empty, chunks);
    timed("all workers report", fleet::reportAll);
    cycle("first visibility", fleet.publish());
    bytes("after the first visibility", empty, chunks);
    cycle("schedule after it", fleet.schedule());
    bytes("after the schedule that follows", empty, chunks);
    repeat("nothing reported, nothing changed", this::idle);
    repeat("all report, nothing changed", this::idleWithReports);
    repeat("a thousand new chunks", this::thousand);
    repeat("nothing reported, nothing changed", this::idle);
    bytes("at the end", empty, chunks + ROUNDS * CHANGES);
  }

  private void measureState(int chunks) {
    long empty = heapBytes();
    fleet.ingest(chunks);
    print("bytes per chunk (key included)", per(heapBytes() - empty, chunks));
    fleet.schedule();
    fleet.reportAll();
    fleet.publish();
    bytes("after the first visibility", empty, chunks);
    fleet.schedule();
    bytes("after the schedule that follows", empty, chunks);
  }

  /** Prints the heap in MB, and its bytes per replica at 200 bytes per chunk. */
  private void bytes(String when, long empty, int chunks) {
    long all = heapBytes() - empty;
    fleet.execute(new Command.Purge());
    long replicas = fleet.state().replicaCount();
    out.printf(
        Locale.ROOT,
        "%-36s %10.1f MB; %d chunks, %d replicas; %.1f bytes per replica at 200 per chunk%n",
        "heap " + when,
        all / 1e6,
        chunks,
        replicas,
        per(all - 200L * chunks, replicas));
  }

  private double[] idle() {
    fleet.tick();
    ScaleFleet.Timed schedule = fleet.schedule();
    ScaleFleet.Timed publish = fleet.publish();
    return new double[] {schedule.nanos(), publish.nanos(), schedule.planningNanos()};
  }

  private double[] idleWithReports() {
    fleet.reportAll();
    return idle();
  }

  private double[] thousand() {
    fleet.tick();
    WorkerAssignment before = fleet.state().workerAssignment();
    fleet.ingest(CHANGES);
    ScaleFleet.Timed schedule = fleet.schedule();
    long begin = ScaleFleet.cpuNanos();
    fleet.state().workerAssignment().deltaSince(before, ScaleFleet.worker(workers / 2));
    long delta = ScaleFleet.cpuNanos() - begin;
    fleet.reportAll();
    ScaleFleet.Timed publish = fleet.publish();
    return new double[] {schedule.nanos(), publish.nanos(), schedule.planningNanos(), delta};
  }

  /** Prints the median and the worst of some rounds; the first ones are not compiled yet. */
  private void repeat(String what, java.util.function.Supplier<double[]> round) {
    double[][] columns = new double[4][ROUNDS];
    double[] sums = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      double[] took = round.get();
      for (int column = 0; column < took.length; column++) {
        columns[column][i] = took[column];
      }
      sums[i] = took[0] + took[1];
    }
    out.printf(
        Locale.ROOT,
        "%-36s %10.3f ms (worst %.3f) = schedule %.3f + publish %.3f; + %.3f planning%n",
        what,
        median(sums) / 1e6,
        sums[ROUNDS - 1] / 1e6,
        median(columns[0]) / 1e6,
        median(columns[1]) / 1e6,
        median(columns[2]) / 1e6);
    if (median(columns[3]) > 0) {
      print("ms for the delta of one worker", columns[3][ROUNDS / 2] / 1e6);
    }
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private void cycle(String what, ScaleFleet.Timed timed) {
    ChangeSet changes = timed.outcome().changes();
    out.printf(
        Locale.ROOT,
        "%-36s %10.3f ms + %.3f planning; %d chunks, %d replicas, %s%n",
        what,
        timed.nanos() / 1e6,
        timed.planningNanos() / 1e6,
        changes.chunks().size(),
        changes.replicas().size() + changes.removedReplicas().size(),
        summary(timed.outcome().result()));
  }

  private static String summary(Result result) {
    if (result instanceof Result.Scheduled cycle) {
      return "changed " + cycle.changed() + ", " + cycle.deferred().size() + " deferred";
    }
    return result instanceof Result.Published cycle ? "changed " + cycle.changed() : "";
  }

  private void timed(String what, Runnable step) {
    long begin = ScaleFleet.cpuNanos();
    step.run();
    out.printf(Locale.ROOT, "%-36s %10.3f ms%n", what, (ScaleFleet.cpuNanos() - begin) / 1e6);
  }

  private void print(String what, double figure) {
    out.printf(Locale.ROOT, "%-36s %10.3f%n", what, figure);
  }

  private static double per(long bytes, long rows) {
    return bytes / (double) Math.max(1, rows);
  }

  /**
   * Returns the heap in use after a command without effect, since the last change set is kept until
   * the next command.
   */
  private long heapBytes() {
    fleet.execute(new Command.Purge());
    return LiveHeap.bytes();
  }
}
