package dev.stowage.benchmarks.content;

import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentQueue.ScheduleOutcome;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.SelectionPolicy.Fairness;
import dev.stowage.content.SelectionPolicy.StandardPolicy;
import dev.stowage.content.SelectionPolicy.StandardPolicy.Ranking;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.pressure.PressureGauge.PressurePolicy;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * One item out, and the same item in again, at a steady number of queued items; and one item out
 * again by its id and in. Recorded of the published scheduler on a like machine, out and in, no
 * streams: 298 ns at 1,000 items, 2,236 ns at 1,000,000; at 1,000 streams 39,786 and 89,105 ns.
 *
 * <p>The JDK's heap keeps the same order (class, efficiency, age) and nothing else: no reasons, no
 * alternatives, no flows, no deadlines, no record.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgs = "-Xmx3g")
public class ContentQueueBenchmark {
  private static final Comparator<Queued> ORDER =
      (a, b) -> {
        int byClass = b.item.priorityClass().compareTo(a.item.priorityClass());
        if (byClass != 0) {
          return byClass;
        }
        int byEfficiency = Double.compare(b.efficiency, a.efficiency);
        return byEfficiency != 0 ? byEfficiency : Long.compare(a.generation, b.generation);
      };

  /** Items queued. */
  @Param({"1000", "1000000"})
  public int items = 1000;

  /** Streams that they belong to; 0 for none. */
  @Param({"0", "1000"})
  public int streams;

  private ContentItem[] all = new ContentItem[0];
  private ContentScheduler silent = ContentScheduler.of(ContentConfig.DEFAULT);
  private ContentScheduler recording = silent;
  private ContentScheduler fair = silent;
  private PriorityQueue<Queued> heap = new PriorityQueue<>(ORDER);
  private ExecutorService hashing = Executors.newSingleThreadExecutor();
  private long generation;
  private int at;
  private boolean moveToData;

  private record Queued(ContentItem item, double efficiency, long generation) {
    Queued(ContentItem item, long generation) {
      this(item, item.efficiency(), generation);
    }
  }

  /** Fills every queue with the same items. */
  @Setup(Level.Trial)
  public void fill() {
    all = PublishedItems.first(items, streams);
    ContentConfig config = ContentConfig.DEFAULT.withInFlightLimit(0);
    ContentConfig plain =
        config.withPolicy(
            new StandardPolicy(Ranking.EFFICIENCY, Fairness.OFF, PressurePolicy.DEFAULT));
    silent = ContentScheduler.of(plain);
    recording =
        ContentScheduler.recording(
            plain,
            EvidenceLog.builder(ContentScheduler.header(plain, "benchmark"))
                .hashing(hashing)
                .build());
    fair = ContentScheduler.of(config);
    for (ContentItem item : all) {
      silent.schedule(item, 0);
      recording.schedule(item, 0);
      fair.schedule(item, 0);
      heap.add(new Queued(item, generation++));
    }
  }

  /** Stops the thread that hashes. */
  @TearDown(Level.Trial)
  public void stop() {
    hashing.shutdown();
  }

  /** Schedules by efficiency, without a record. */
  @Benchmark
  public long nextAndScheduleSilent() {
    return nextAndSchedule(silent);
  }

  /** Schedules by efficiency, with everything recorded and hashed in batches on another thread. */
  @Benchmark
  public long nextAndScheduleRecording() {
    return nextAndSchedule(recording);
  }

  /** Flows taking turns, without a record. */
  @Benchmark
  public long nextAndScheduleFair() {
    return nextAndSchedule(fair);
  }

  /** Moves a waiting item to another class, as when a copy of its chunk came or went. */
  @Benchmark
  public Optional<ScheduleOutcome> reclassifyFair() {
    at = (at + 618_033) % all.length;
    // every item once before any item again
    moveToData ^= at == 0;
    ContentItem item = all[at];
    PriorityClass to = moveToData ? PriorityClass.DATA : PriorityClass.PREFETCH;
    return fair.reclassify(item.id(), to, item.utility(), Long.MAX_VALUE);
  }

  /** Measures the JDK's heap. */
  @Benchmark
  public long nextAndSchedulePriorityQueue() {
    ContentItem item = heap.remove().item;
    heap.add(new Queued(item, generation++));
    return item.id();
  }

  /** Cancels one item, at any place, and queues it again. */
  @Benchmark
  public boolean cancelAndSchedule() {
    at = (at + 7_919) % all.length;
    boolean cancelled = !silent.cancel(all[at].id()).isEmpty();
    silent.schedule(all[at], 0);
    return cancelled;
  }

  private static long nextAndSchedule(ContentScheduler scheduler) {
    ContentItem item = scheduler.decide(0).selected().orElseThrow().item();
    scheduler.schedule(item, 0);
    return item.id();
  }
}
