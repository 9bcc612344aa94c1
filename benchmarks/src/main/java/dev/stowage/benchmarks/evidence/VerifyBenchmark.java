package dev.stowage.benchmarks.evidence;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord.RecordType;
import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.evidence.files.EvidenceFile;
import dev.stowage.evidence.files.SegmentSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Records verified per second, from memory and from a file, beside what the machine's SHA-256 does
 * when it digests the same number of bytes and nothing else happens. The target is a million, or
 * that limit.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class VerifyBenchmark {
  private static final RecordType TYPE = RecordType.outcome(0x7100, "BENCHMARK");
  private static final int RECORDS = 100_000;

  /** 64-bit fields of a record; with the version byte, 8 of them are 65 bytes of payload. */
  @Param({"2", "8"})
  public int fields;

  private Path file = Path.of("unset");
  private EvidenceLog log = EvidenceLog.of(AppendBenchmark.header());
  private ChainPoint head = log.point();

  /** Appends the records to a log and a file. */
  @Setup
  public void build() throws IOException {
    file = Files.createTempFile("evidence", ".seg");
    log =
        EvidenceLog.builder(AppendBenchmark.header())
            .sink(SegmentSink.file(file, SegmentSink.Fsync.NEVER), SinkPolicy.block())
            .build();
    CanonicalWriter writer = new CanonicalWriter();
    for (long i = 0; i < RECORDS; i++) {
      writer.reset();
      for (int field = 0; field < fields; field++) {
        writer.u64(i * field);
      }
      log.append(TYPE, writer);
    }
    log.close();
    head = log.point();
  }

  /** Verifies the log in memory. */
  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public boolean memory() {
    return log.verify().isIntact();
  }

  /** Reads and verifies the file, checksums included. */
  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public boolean file() {
    try (EvidenceFile opened = EvidenceFile.open(file)) {
      return opened.verify(head).isIntact();
    }
  }

  /**
   * Measures the limit: one digest for each record over the bytes that the chain digests, each
   * including the last digest.
   */
  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public byte sha256Alone() throws GeneralSecurityException {
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    byte[] bytes = new byte[32 + 6 + 1 + 8 * fields];
    for (int i = 0; i < RECORDS; i++) {
      sha.update(bytes, 0, bytes.length);
      sha.digest(bytes, 0, 32);
    }
    return bytes[0];
  }

  /** Deletes the file. */
  @TearDown
  public void clean() throws IOException {
    Files.delete(file);
  }
}
