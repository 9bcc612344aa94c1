package dev.stowage.benchmarks.propagation;

import dev.stowage.evidence.EvidenceLog;
import dev.stowage.propagation.Link;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.propagation.PropagationScheduler;
import dev.stowage.propagation.PropagationScheduler.NodeId;
import dev.stowage.propagation.PropagationScheduler.StateUpdate;
import dev.stowage.propagation.Recipient.InterestLevel;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Plans an update for many interested nodes over links of every width, and lets it go. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class UpdateBenchmark {
  private static final long STATE = 1;
  private static final NodeId SOURCE = new NodeId(0);
  private static final long SECOND = 1_000_000_000L;

  /** Interested nodes. */
  @Param("10000")
  public int nodes = 1;

  /** True if everything is recorded. */
  @Param({"false", "true"})
  public boolean recorded;

  private PropagationScheduler scheduler = PropagationScheduler.of(PropagationConfig.DEFAULT);
  private long updates;

  /** Registers the nodes. */
  @Setup
  public void register() {
    PropagationConfig config = PropagationConfig.DEFAULT;
    scheduler =
        recorded
            ? PropagationScheduler.recording(
                config, EvidenceLog.of(PropagationScheduler.header(config, "benchmark")))
            : PropagationScheduler.of(config);
    SplittableRandom random = new SplittableRandom(1);
    InterestLevel[] levels = InterestLevel.values();
    for (int i = 0; i < nodes; i++) {
      NodeId node = new NodeId(random.nextLong());
      Link link = new Link(random.nextInt(100) * 1_000_000L, random.nextInt(101), true);
      scheduler.register(node, STATE, levels[1 + random.nextInt(4)], link);
    }
  }

  /** Plans an update and releases its deliveries. */
  @Benchmark
  public int update() {
    updates++;
    long now = updates * SECOND;
    scheduler.schedule(StateUpdate.of(STATE, SOURCE, 500_000), now);
    return scheduler.due(now + SECOND / 2).deliveries().size();
  }
}
