package dev.stowage.benchmarks.planner;

import dev.stowage.benchmarks.peers.Assignment;
import dev.stowage.benchmarks.peers.AssignmentAudit;
import dev.stowage.benchmarks.peers.PeerEvent;
import dev.stowage.benchmarks.peers.PeerSubjects;
import dev.stowage.benchmarks.peers.PlacementProblem;
import dev.stowage.benchmarks.peers.PlacementSubject;
import dev.stowage.benchmarks.peers.Quality;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One plan after an event on a fleet at rest, which the same planner planned from scratch. Building
 * a planner's own form of the problem and reading its answer are not timed. The answer is audited,
 * and its quality printed.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 30)
@Measurement(iterations = 20)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx8g", "-XX:+UseParallelGC"})
public class PlannerBenchmark {
  /** Whose planner. */
  @Param({"stowage", "stowage-warm", "stateless", "waged", "kafka"})
  public String planner = "stowage";

  /** The fleet; {@link FleetShape#of} has more names. */
  @Param({"10k50", "r3"})
  public String shape = "tiny";

  /** The event. */
  @Param({"SCRATCH", "STEADY", "LEAVE", "JOIN", "TENTH", "GROWTH"})
  public PeerEvent event = PeerEvent.SCRATCH;

  private PlacementSubject subject = PeerSubjects.byName(planner);
  private PlacementProblem problem = FleetShape.of(shape).scratch(false);
  private PlacementSubject.@Nullable Trial trial;

  /** Makes the problem, which needs the planner's own plan from scratch. */
  @Setup
  public void make() throws Exception {
    subject = PeerSubjects.byName(planner);
    problem = problem(subject, FleetShape.of(shape), event);
  }

  static PlacementProblem problem(PlacementSubject subject, FleetShape shape, PeerEvent event)
      throws Exception {
    PlacementProblem scratch = shape.scratch(subject.isSingle());
    return event == PeerEvent.SCRATCH
        ? scratch
        : shape.after(event, scratch, solved(subject, scratch));
  }

  static Assignment solved(PlacementSubject subject, PlacementProblem problem) throws Exception {
    PlacementSubject.Trial trial = subject.prepare(problem);
    trial.run();
    return sound(problem, trial);
  }

  private static Assignment sound(PlacementProblem problem, PlacementSubject.Trial trial)
      throws Exception {
    Assignment answer = trial.assignment();
    List<String> faults = AssignmentAudit.faults(problem, answer);
    if (!faults.isEmpty()) {
      throw new IllegalStateException("no assignment: " + faults);
    }
    return answer;
  }

  /** Builds the planner's own input. */
  @Setup(Level.Invocation)
  public void prepare() throws Exception {
    trial = subject.prepare(problem);
  }

  /** Plans. */
  @Benchmark
  public void plan() throws Exception {
    if (trial != null) {
      trial.run();
    }
  }

  /** Audits the last plan and prints its quality. */
  @TearDown
  public void judge() throws Exception {
    if (trial != null) {
      System.out.println(Quality.of(problem, sound(problem, trial)));
    }
  }
}
