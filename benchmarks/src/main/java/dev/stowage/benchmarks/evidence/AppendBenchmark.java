package dev.stowage.benchmarks.evidence;

import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord.RecordType;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.canonical.CanonicalWriter;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One record from values to chain: encoded canonically, appended, and hashed in its batch. The
 * target is at most 1,000 ns with SHA-256 in it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class AppendBenchmark {
  private static final RecordType TYPE = RecordType.outcome(0x7100, "BENCHMARK");

  /**
   * Where hashing happens: on the appending thread, on another, or nowhere (the inert twin, which
   * shows what appending alone costs).
   */
  @Param({"none", "inline", "background"})
  public String hashing = "inline";

  /** 64-bit fields of a record; with the version byte, 8 of them are 65 bytes of payload. */
  @Param({"2", "8"})
  public int fields;

  private final CanonicalWriter writer = new CanonicalWriter();
  private final ExecutorService pool =
      Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "evidence");
        thread.setDaemon(true);
        return thread;
      });
  private EvidenceLog log = EvidenceLog.of(header());
  private long number;

  static EvidenceHeader header() {
    return EvidenceHeader.of("benchmark", Hash256.ZERO, 42);
  }

  /** Builds the log that the parameter asks for. */
  @Setup
  public void build() {
    EvidenceLog.Builder builder = EvidenceLog.builder(header());
    log =
        switch (hashing) {
          case "none" -> builder.unchained().build();
          case "background" -> builder.hashing(pool).build();
          default -> builder.build();
        };
  }

  /** Appends one record. */
  @Benchmark
  public long append() {
    writer.reset();
    for (int i = 0; i < fields; i++) {
      writer.u64(number++);
    }
    return log.append(TYPE, writer);
  }

  /** Stops the hashing thread. */
  @TearDown
  public void stop() {
    log.close();
    pool.shutdown();
  }
}
