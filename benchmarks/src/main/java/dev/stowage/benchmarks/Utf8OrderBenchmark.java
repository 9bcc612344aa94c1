package dev.stowage.benchmarks;

import dev.stowage.columns.Utf8Order;
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

/** The cost of one comparison of two keys, the inner step of every canonical sort. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class Utf8OrderBenchmark {
  /** Units that the two keys share before they differ. */
  @Param({"4", "64"})
  public int sharedUnits;

  private String left = "";
  private String right = "";

  /** Builds two keys that differ in their last unit. */
  @Setup
  public void build() {
    left = "x".repeat(sharedUnits) + "a";
    right = "x".repeat(sharedUnits) + "b";
  }

  /** Compares by UTF-8 bytes. */
  @Benchmark
  public int compareByUtf8() {
    return Utf8Order.compare(left, right);
  }

  /** Compares by UTF-16 units, as a baseline. */
  @Benchmark
  public int compareByUtf16() {
    return left.compareTo(right);
  }
}
