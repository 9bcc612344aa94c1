package dev.stowage.benchmarks.planner;

import dev.stowage.placement.PlacementPlan;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.plan.PlanCase;
import dev.stowage.sim.tool.plan.PlanFiles;
import dev.stowage.sim.tool.plan.PlanReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

  private final List<PlanCase> cases = new ArrayList<>();
  private int at;

  /** Draws the fleets and reads their files. */
  @Setup
  public void draw() throws IOException, BadInputException {
    Path root = Files.createTempDirectory("fleets");
    new Corpus(root).draw(fleets);
    for (String shape : Corpus.SHAPES) {
      for (int number = 0; number < fleets; number++) {
        Path folder = root.resolve(shape).resolve(Corpus.id("", 4, number)).resolve("1");
        cases.add(
            PlanReader.read(
                new PlanFiles(
                    folder.resolve("workers.csv"),
                    folder.resolve("chunks.csv"),
                    Optional.empty(),
                    Optional.of(folder.resolve("plan.yaml")),
                    OptionalInt.of(1))));
      }
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /** Plans the next fleet. */
  @Benchmark
  public PlacementPlan plan() {
    at = (at + 1) % cases.size();
    return cases.get(at).plan();
  }
}
