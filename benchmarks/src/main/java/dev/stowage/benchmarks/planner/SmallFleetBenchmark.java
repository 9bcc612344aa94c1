package dev.stowage.benchmarks.planner;

import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
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
 * Plans drawn fleets of the {@link Corpus} from scratch, one after the other: the percentiles are
 * those over fleets.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 3, time = 10)
@Fork(1)
public class SmallFleetBenchmark {
  /** Fleets of each shape. */
  @Param("120")
  public int fleets = 1;

  private final PlacementPlanner planner = PlacementPlanner.sticky();
  private final List<PlacementInput> inputs = new ArrayList<>();
  private int at;

  /** Draws the fleets. */
  @Setup
  public void draw() {
    for (String shape : Corpus.SHAPES) {
      for (int number = 0; number < fleets; number++) {
        Corpus.Phase first = Corpus.fleet(shape + "/" + number).get(0);
        inputs.add(first.input(new BitSet(), new int[first.chunks().size()][0]).build());
      }
    }
  }

  /** Plans the next fleet. */
  @Benchmark
  public PlacementPlan plan() {
    at = (at + 1) % inputs.size();
    return planner.plan(inputs.get(at));
  }
}
