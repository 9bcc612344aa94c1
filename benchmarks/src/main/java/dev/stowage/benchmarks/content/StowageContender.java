package dev.stowage.benchmarks.content;

import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.Decision;
import dev.stowage.content.SelectionPolicy.Fairness;
import dev.stowage.evidence.EvidenceLog;
import java.lang.management.ManagementFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The queue of this library, with or without turns, with or without a record. */
final class StowageContender implements Contender {
  enum Recorded {
    NOTHING,
    HASHED_BESIDE,
    HASHED_HERE
  }

  private final ContentConfig config;
  private final @Nullable EvidenceLog log;
  private final @Nullable ThreadPoolExecutor hashing;
  private long hashingThread;
  private ContentScheduler scheduler;

  StowageContender(Fairness fairness, Recorded record) {
    this.config = ContentConfig.DEFAULT.withInFlightLimit(0).withFairness(fairness);
    this.hashing = record == Recorded.HASHED_BESIDE ? oneThread() : null;
    EvidenceLog.Builder builder = EvidenceLog.builder(ContentScheduler.header(config, "benchmark"));
    this.log =
        record == Recorded.NOTHING
            ? null
            : (hashing == null ? builder : builder.hashing(hashing)).build();
    this.scheduler = ContentScheduler.of(config);
  }

  private ThreadPoolExecutor oneThread() {
    return new ThreadPoolExecutor(
        1,
        1,
        1,
        TimeUnit.HOURS,
        new ArrayBlockingQueue<>(1 << 16),
        work -> {
          Thread thread = new Thread(work, "hashing");
          hashingThread = thread.getId();
          return thread;
        });
  }

  @Override
  public void renew(ContentItem[] items) {
    // a host keeps one log for as long as it runs
    scheduler = log == null ? ContentScheduler.of(config) : ContentScheduler.recording(config, log);
  }

  @Override
  public void schedule(ContentItem item) {
    scheduler.schedule(item, 0);
  }

  @Override
  public long next() {
    return scheduler.decide(0) instanceof Decision.Selected selected ? selected.item().id() : -1;
  }

  @Override
  public void cancel(ContentItem item) {
    scheduler.unschedule(item.id());
  }

  @Override
  public boolean keepsOrder() {
    return config.policy().fairness() == Fairness.OFF;
  }

  @Override
  public long besideNanos() {
    return hashingThread == 0
        ? 0
        : ManagementFactory.getThreadMXBean().getThreadCpuTime(hashingThread);
  }

  @Override
  public void close() {
    if (hashing != null) {
      hashing.shutdown();
    }
  }
}
