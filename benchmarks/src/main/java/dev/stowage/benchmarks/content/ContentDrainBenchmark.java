package dev.stowage.benchmarks.content;

import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.SelectionPolicy.Fairness;
import dev.stowage.content.SelectionPolicy.StandardPolicy;
import dev.stowage.content.SelectionPolicy.StandardPolicy.Ranking;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.pressure.PressureGauge.PressurePolicy;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * A queue filled and emptied, in nanoseconds for one item: {@code schedule} into an empty queue
 * until all are in, {@code next} until all are out. Recorded of the published scheduler on a like
 * machine, without streams: 115 and 271 ns at 1,000 items, 130 and 835 at 100,000, 200 and 1,540 at
 * 1,000,000; with 1,000 streams next took 47,132, 161,023 and 188,952 ns.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgs = "-Xmx3g")
public class ContentDrainBenchmark {
  private static final int ITEMS = 100_000;

  /** Streams that the items belong to; 0 for none. */
  @Param({"0", "1000"})
  public int streams;

  /** True if everything is recorded, hashed in batches on another thread. */
  @Param({"false", "true"})
  public boolean recorded;

  private ContentItem[] all = new ContentItem[0];
  private ContentScheduler empty = ContentScheduler.of(ContentConfig.DEFAULT);
  private ContentScheduler full = empty;
  private ExecutorService hashing = Executors.newSingleThreadExecutor();

  /** Draws the items. */
  @Setup(Level.Trial)
  public void draw() {
    all = PublishedItems.first(ITEMS, streams);
  }

  /** Makes an empty queue and a full one. */
  @Setup(Level.Invocation)
  public void make() {
    empty = scheduler();
    full = scheduler();
    for (ContentItem item : all) {
      full.schedule(item, 0);
    }
  }

  /** Stops the thread that hashes. */
  @TearDown(Level.Trial)
  public void stop() {
    hashing.shutdown();
  }

  /** Fills a queue of 100,000. */
  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public int schedule() {
    for (ContentItem item : all) {
      empty.schedule(item, 0);
    }
    return empty.pendingCount();
  }

  /** Empties a queue of 100,000. */
  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public long next() {
    long fold = 0;
    for (int i = 0; i < ITEMS; i++) {
      fold = fold * 31 + full.decide(0).selected().orElseThrow().item().id();
    }
    return fold;
  }

  private ContentScheduler scheduler() {
    ContentConfig config =
        ContentConfig.DEFAULT
            .withInFlightLimit(0)
            .withPolicy(
                new StandardPolicy(Ranking.EFFICIENCY, Fairness.OFF, PressurePolicy.DEFAULT));
    return recorded
        ? ContentScheduler.recording(
            config,
            EvidenceLog.builder(ContentScheduler.header(config, "benchmark"))
                .hashing(hashing)
                .build())
        : ContentScheduler.of(config);
  }
}
