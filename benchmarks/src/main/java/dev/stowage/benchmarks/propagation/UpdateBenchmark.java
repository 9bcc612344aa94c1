package dev.stowage.benchmarks.propagation;

import dev.stowage.evidence.EvidenceLog;
import dev.stowage.propagation.InterestDeclaration.InterestLevel;
import dev.stowage.propagation.InterestMap;
import dev.stowage.propagation.Link;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.propagation.PropagationScheduler;
import dev.stowage.propagation.StateId;
import dev.stowage.propagation.StateUpdate;
import dev.stowage.propagation.topology.StarTopology;
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
  private static final StateId STATE = StateId.of(1);
  private static final NodeId SOURCE = NodeId.of(0);
  private static final long SECOND = 1_000_000_000L;

  /** Interested nodes. */
  @Param("10000")
  public int nodes = 1;

  /** True if everything is recorded. */
  @Param({"false", "true"})
  public boolean recorded;

  private PropagationScheduler scheduler =
      PropagationScheduler.of(new InterestMap(), new StarTopology(SOURCE));
  private long updates;

  /** Registers the nodes. */
  @Setup
  public void register() {
    SplittableRandom random = new SplittableRandom(1);
    InterestMap interests = new InterestMap();
    StarTopology star = new StarTopology(SOURCE);
    InterestLevel[] levels = InterestLevel.values();
    for (int i = 0; i < nodes; i++) {
      NodeId node = NodeId.of(random.nextLong());
      star.add(node, new Link(random.nextInt(100) * 1_000_000L, random.nextInt(101), true));
      interests.register(node, STATE, levels[1 + random.nextInt(4)]);
    }
    PropagationConfig config = PropagationConfig.DEFAULT;
    var builder = PropagationScheduler.builder(interests, star).config(config);
    if (recorded) {
      builder.recording(EvidenceLog.of(PropagationScheduler.header(config, "benchmark")));
    }
    scheduler = builder.build();
  }

  /** Plans an update and releases its deliveries. */
  @Benchmark
  public int update() {
    updates++;
    long now = updates * SECOND;
    scheduler.schedule(StateUpdate.of(STATE, SOURCE, updates).withBytes(500_000), now);
    return scheduler.due(now + SECOND / 2).deliveries().size();
  }
}
