package dev.stowage.benchmarks.rebalance;

import dev.stowage.rebalance.RebalancePass;
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

/**
 * A pass over many led chunks. The targets for 1,000,000 chunks of three holders: at most 20 ms
 * where 0.1 % changed, telling included, and at most 500 ms where everything has to be scored.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(value = 1, jvmArgs = "-Xmx2g")
public class RebalanceBenchmark {
  /** Led chunks. */
  @Param("1000000")
  public int chunks;

  private LedFleet fleet = new LedFleet(1, 4);

  /** Leads all chunks, sampled once. */
  @Setup
  public void lead() {
    fleet = new LedFleet(chunks, 2_000);
    fleet.pass();
  }

  /** Changes the holders of a thousandth of the chunks. */
  @Benchmark
  public RebalancePass changedThousandth() {
    fleet.change(chunks / 1_000);
    return fleet.pass();
  }

  @Benchmark
  public RebalancePass unchanged() {
    return fleet.pass();
  }

  /** Changes the fingerprint of every worker, so that every holder is scored. */
  @Benchmark
  public RebalancePass allDirty() {
    fleet.changeEverything();
    return fleet.pass();
  }
}
