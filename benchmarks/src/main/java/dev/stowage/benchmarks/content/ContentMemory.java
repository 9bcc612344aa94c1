package dev.stowage.benchmarks.content;

import dev.stowage.benchmarks.LiveHeap;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.Decision;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.SelectionPolicy.Fairness;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** The memory that the scheduler holds and allocates. */
final class ContentMemory {
  private static final int CHURNED = 1_000_000;

  /** The bytes of a header, four wide fields and three references, with narrow references. */
  private static final int HOST_OBJECT_BYTES = 56;

  private ContentMemory() {}

  static void print() {
    for (Fairness fairness : List.of(Fairness.OFF, Fairness.DEFICIT_ROUND_ROBIN)) {
      print(ContentConfig.DEFAULT.withFairness(fairness));
    }
    line("bytes retained by pairs of schedule and cancel", CHURNED, 0, churn());
    Map<String, ContentConfig> settings = new TreeMap<>();
    ContentConfig config = ContentConfig.DEFAULT.withInFlightLimit(0);
    settings.put("fair, nothing recorded", config);
    settings.put("by efficiency, nothing recorded", config.withFairness(Fairness.OFF));
    settings.forEach(
        (name, setting) -> line("bytes allocated per decision, " + name, 0, 8, allocated(setting)));
  }

  /** Measures queues of several sizes and their parts; a flow is a stream in a class. */
  private static void print(ContentConfig config) {
    String how = config.policy().fairness() == Fairness.OFF ? "by efficiency" : "taking turns";
    int many = 1_000_000;
    double fixed = bytes(config, 0, 0);
    double item = (bytes(config, many, 0) - fixed) / many;
    int fewEach = 100_000;
    double streamed = bytes(config, fewEach, 1_000) - bytes(config, fewEach, 0);
    double flow = streamed / (flows(fewEach, 1_000) - flows(fewEach, 0));
    System.out.printf(
        Locale.ROOT,
        "%s: %.0f bytes per queue, %.0f per flow with a waiting item, %.1f per item, %d of these in"
            + " the host's object%n",
        how,
        fixed,
        flow,
        item,
        HOST_OBJECT_BYTES);
    for (int streams : new int[] {0, 1_000}) {
      for (int count : new int[] {1_000, 10_000, 100_000, 500_000, 1_000_000}) {
        line("bytes per item, " + how, count, streams, bytes(config, count, streams) / count);
        double sum = fixed + flow * flows(count, streams) + item * count;
        line("  computed from the three figures above", count, streams, sum / count);
      }
    }
  }

  private static int flows(int count, int streams) {
    Set<List<Object>> flows = new HashSet<>();
    for (ContentItem item : PublishedItems.first(count, streams)) {
      flows.add(List.of(item.priorityClass(), item.flow().stream()));
    }
    return flows.size();
  }

  private static void line(String what, int count, int streams, double bytes) {
    System.out.printf(
        Locale.ROOT, "%-64s %9d items %5d streams %10.1f bytes%n", what, count, streams, bytes);
  }

  /**
   * Returns the bytes of a queue of {@code count} items, including the host's objects. It measures
   * as many queues as hold a million items, so that a collector's noise is small.
   */
  private static double bytes(ContentConfig config, int count, int streams) {
    int queues = Math.max(1, 1_000_000 / Math.max(100, count));
    Object[] kept = new Object[queues];
    PublishedItems.first(1, streams);
    long before = LiveHeap.bytes();
    for (int i = 0; i < queues; i++) {
      ContentScheduler scheduler = ContentScheduler.of(config);
      for (ContentItem item : PublishedItems.first(count, streams)) {
        scheduler.schedule(item, 0);
      }
      kept[i] = scheduler;
    }
    try {
      return (double) (LiveHeap.bytes() - before) / queues;
    } finally {
      Reference.reachabilityFence(kept);
    }
  }

  private static double churn() {
    ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT);
    scheduler.schedule(ContentItem.of(-1, PriorityClass.CONTROL, 1, 1, 1), 0);
    long before = LiveHeap.bytes();
    for (int i = 0; i < CHURNED; i++) {
      scheduler.schedule(ContentItem.of(i, PriorityClass.DATA, 1_000, 1, i), 0);
      scheduler.unschedule(i);
    }
    try {
      return Math.max(0, LiveHeap.bytes() - before);
    } finally {
      Reference.reachabilityFence(scheduler);
    }
  }

  private static double allocated(ContentConfig config) {
    ContentScheduler scheduler = ContentScheduler.of(config);
    ContentItem[] items = PublishedItems.first(10_000, 8);
    for (ContentItem item : items) {
      scheduler.schedule(item, 0);
    }
    long before = 0;
    int decisions = 400_000;
    for (int i = -decisions; i < decisions; i++) {
      before = i == 0 ? allocatedBytes() : before;
      if (scheduler.decide(0) instanceof Decision.Selected selected) {
        scheduler.schedule(selected.item(), 0);
      }
    }
    return (double) (allocatedBytes() - before) / decisions;
  }

  /**
   * Returns the bytes that this thread has allocated; by name, because the interface is not part of
   * every platform.
   */
  private static long allocatedBytes() {
    try {
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      return (long)
          server.invoke(
              new ObjectName("java.lang:type=Threading"),
              "getThreadAllocatedBytes",
              new Object[] {Thread.currentThread().getId()},
              new String[] {"long"});
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }
}
