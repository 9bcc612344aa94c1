package dev.stowage.benchmarks.lifecycle;

import dev.stowage.AuditLevel;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.model.Worker;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The cost of the audits of an idle fleet: a scheduling and a visibility cycle that change nothing,
 * through the facade, at each audit level, with three replicas of each chunk on 2,000 workers and
 * default settings otherwise. CPU of the caller's thread, the median of many pairs. Arguments: the
 * numbers of chunks (20,000 and 1,000,000 by default), and names of levels (all by default).
 */
public final class AuditCost {
  private static final int WORKERS = 2_000;

  /** The largest number of chunks at which levels that pass over the whole fleet are measured. */
  private static final int MOST_OF_WHOLE = 100_000;

  private final FacadeFleet fleet;

  private AuditCost(Stowage stowage) {
    fleet = new FacadeFleet(stowage, WORKERS, i -> Worker.of(FacadeFleet.worker(i), 1L << 44));
  }

  /** Prints a line for each size and level. */
  public static void main(String[] args) {
    int[] sizes =
        Arrays.stream(args).filter(AuditCost::isSize).mapToInt(Integer::parseInt).toArray();
    List<AuditLevel> levels =
        Arrays.stream(args).filter(it -> !isSize(it)).map(AuditLevel::valueOf).toList();
    for (int chunks : sizes.length == 0 ? new int[] {20_000, 1_000_000} : sizes) {
      for (AuditLevel level : levels.isEmpty() ? List.of(AuditLevel.values()) : levels) {
        boolean isOfWhole = level.compareTo(AuditLevel.STATE) >= 0;
        if (chunks <= MOST_OF_WHOLE || !isOfWhole) {
          run(chunks, level);
        }
      }
    }
  }

  private static boolean isSize(String argument) {
    return Character.isDigit(argument.charAt(0));
  }

  private static void run(int chunks, AuditLevel level) {
    LifecycleConfig fleet = LifecycleConfig.builder().minReplication(3).build();
    StowageConfig config = StowageConfig.defaults().withFleet(fleet).withAudit(level);
    try (Stowage stowage = Stowage.builder(MemoryChunkStore.create()).config(config).build()) {
      AuditCost cost = new AuditCost(stowage);
      cost.fill(chunks);
      cost.measure(chunks, level);
    }
  }

  private void fill(int chunks) {
    fleet.ingest(chunks);
    settle();
    settle();
  }

  private void settle() {
    fleet.schedule();
    fleet.reportAll();
    fleet.publish();
    pair();
  }

  private void pair() {
    fleet.tick();
    fleet.schedule();
    fleet.publish();
  }

  private void measure(int chunks, AuditLevel level) {
    int pairs = level.compareTo(AuditLevel.STATE) >= 0 ? 30 : 1_000;
    for (int i = 0; i < pairs; i++) {
      pair();
    }
    long[] nanos = new long[pairs];
    for (int i = 0; i < pairs; i++) {
      long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      pair();
      nanos[i] = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    }
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "%,9d chunks  audit %-8s %9.3f ms a pair (90th percentile %.3f)%n",
        chunks,
        level,
        nanos[pairs / 2] / 1e6,
        nanos[pairs * 9 / 10] / 1e6);
  }
}
