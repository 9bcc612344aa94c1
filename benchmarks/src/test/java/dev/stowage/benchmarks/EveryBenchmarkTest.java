package dev.stowage.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Starts every JMH benchmark once, with parameters that make it small. */
@Tag("deep")
class EveryBenchmarkTest {
  @Test
  void benchmark_startedOnceWithSmallParameters_runs() throws Exception {
    Options options =
        new OptionsBuilder()
            .mode(Mode.SingleShotTime)
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .param("chunks", "1000")
            .param("items", "1000")
            .param("fleets", "1")
            .param("shape", "tiny")
            .param("event", "SCRATCH", "LEAVE")
            // Agrona reaches into the JDK, which only a process of its own allows.
            .param("queue", "stowage", "jctools", "jdk")
            .param("entries", "1000")
            .param("nodes", "1000")
            .build();
    long benchmarks =
        BenchmarkList.defaultList()
            .getAll(
                OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of())
            .stream()
            .map(entry -> entry.getUsername())
            .distinct()
            .count();
    long run =
        new Runner(options)
            .run().stream().map(result -> result.getParams().getBenchmark()).distinct().count();
    assertThat(run).isEqualTo(benchmarks).isPositive();
  }
}
