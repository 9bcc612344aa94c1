package dev.stowage.benchmarks.lifecycle;

import dev.stowage.lifecycle.documents.SliceDelta;
import dev.stowage.lifecycle.documents.WorkerAssignment;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Cycles of a fleet that is placed and visible, with three replicas of each chunk on 2,000 workers.
 * The bars at 1,000,000 chunks: an idle scheduling and visibility cycle 1 ms, one with 1,000 new
 * chunks 20 ms beyond planning (the counters say how it splits), the delta of one worker 1 ms.
 */
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 15)
@Measurement(iterations = 15)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
public class CycleBenchmark {
  private static final int WORKERS = 2_000;
  private static final int FLOOR = 3;
  private static final int CHANGES = 1_000;

  /** A fleet at its fixed point. */
  @State(Scope.Benchmark)
  public static class Placed {
    /** The number of visible chunks before the first change. */
    @Param("1000000")
    public int chunks = 1_000_000;

    private ScaleFleet fleet = new ScaleFleet(1, 1, 1);
    private WorkerAssignment former = fleet.state().workerAssignment();

    /** Fills the fleet and runs cycles until nothing changes. */
    @Setup
    public void fill() {
      fleet = new ScaleFleet(chunks, WORKERS, FLOOR);
      fleet.ingest(chunks);
      settle();
    }

    private void settle() {
      fleet.schedule();
      fleet.reportAll();
      fleet.publish();
      fleet.tick();
      fleet.schedule();
    }
  }

  /** A thousand more chunks in each invocation. */
  @State(Scope.Benchmark)
  public static class Changing {
    /** Lets the last ones settle and ingests. */
    @Setup(Level.Invocation)
    public void ingest(Placed placed) {
      placed.settle();
      placed.former = placed.fleet.state().workerAssignment();
      placed.fleet.ingest(CHANGES);
    }
  }

  /** A thousand more chunks in each iteration, and a worker assignment that names them. */
  @State(Scope.Benchmark)
  public static class Changed {
    /** Lets the last ones settle, ingests and schedules. */
    @Setup(Level.Iteration)
    public void schedule(Placed placed) {
      placed.settle();
      placed.former = placed.fleet.state().workerAssignment();
      placed.fleet.ingest(CHANGES);
      placed.fleet.schedule();
    }
  }

  /** The parts of an invocation, in microseconds of this thread's CPU. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Split {
    /** The planner. */
    public long planningMicros;

    /** All the rest. */
    public long beyondPlanningMicros;
  }

  /** Runs cycles without reports or changes. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @Warmup(iterations = 2, time = 2)
  @Measurement(iterations = 3, time = 2)
  public Object idle(Placed placed) {
    placed.fleet.tick();
    placed.fleet.schedule();
    return placed.fleet.publish();
  }

  /** Runs a scheduling and a visibility cycle, including the reports in between. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  public void thousandNewChunks(Placed placed, Changing changing, Split split) {
    ScaleFleet.Timed schedule = placed.fleet.schedule();
    placed.fleet.reportAll();
    ScaleFleet.Timed publish = placed.fleet.publish();
    split.planningMicros += schedule.planningNanos() / 1_000;
    split.beyondPlanningMicros += (schedule.nanos() + publish.nanos()) / 1_000;
  }

  /** Returns the delta of one worker after a cycle with a thousand new chunks. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @Warmup(iterations = 2, time = 1)
  @Measurement(iterations = 3, time = 1)
  public Optional<SliceDelta> deltaOfOneWorker(Placed placed, Changed changed) {
    return placed
        .fleet
        .state()
        .workerAssignment()
        .deltaSince(placed.former, ScaleFleet.worker(WORKERS / 2));
  }
}
