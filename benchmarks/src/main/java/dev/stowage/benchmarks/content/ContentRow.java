package dev.stowage.benchmarks.content;

import dev.stowage.content.ContentItem;
import dev.stowage.content.SelectionPolicy.Fairness;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A row of the table: the operations of the published measurement on one queue, in nanoseconds of
 * the calling thread's processor time for one operation, as the median of some runs after some
 * warm-up runs. Each row runs in a separate process.
 */
final class ContentRow {
  private static final long WARM_UP_OPERATIONS = 6_000_000;
  private static final int RUNS = 5;
  private static final int MOST_PAIRS = 10_000;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Contender queue;
  private final ContentItem[] items;
  private final int batches;

  /** The nanoseconds of each operation, indexed by run. */
  private final Map<String, double[]> costs = new TreeMap<>();

  private ContentRow(Contender queue, ContentItem[] items) {
    this.queue = queue;
    this.items = items;
    this.batches = Math.max(1, 200_000 / items.length);
  }

  static Map<String, Supplier<Contender>> contenders() {
    Map<String, Supplier<Contender>> all = new TreeMap<>();
    for (Fairness fairness : Fairness.values()) {
      String name = fairness == Fairness.OFF ? "stowage" : "stowage-fair";
      all.put(name, () -> new StowageContender(fairness, StowageContender.Recorded.NOTHING));
      all.put(
          name + "-recording",
          () -> new StowageContender(fairness, StowageContender.Recorded.HASHED_BESIDE));
      all.put(
          name + "-recording-alone",
          () -> new StowageContender(fairness, StowageContender.Recorded.HASHED_HERE));
    }
    all.put("priority-queue", JdkContender::priorityQueue);
    all.put("skip-list-set", JdkContender::skipListSet);
    all.put("netty", NettyContender::new);
    return all;
  }

  static void print(String name, int count, int streams) {
    Supplier<Contender> maker = contenders().get(name);
    if (maker == null) {
      throw new IllegalArgumentException(name + " is none of " + contenders().keySet());
    }
    try (Contender queue = maker.get()) {
      ContentRow row = new ContentRow(queue, PublishedItems.first(count, streams));
      row.measure();
      System.out.println(row.line(name, count, streams));
    }
  }

  private void measure() {
    int warmUps = (int) Math.max(2, WARM_UP_OPERATIONS / (3L * items.length * batches));
    for (int run = -warmUps; run < RUNS; run++) {
      long besideBefore = queue.besideNanos();
      double[] spent = new double[5];
      for (int batch = 0; batch < batches; batch++) {
        fill(spent);
        drain(spent);
        if (queue.cancels()) {
          fill(new double[5]);
          cancel(spent);
        }
      }
      double[] pairs = pairs();
      if (run >= 0) {
        long n = (long) items.length * batches;
        put("schedule", run, spent[0] / n);
        put("next", run, spent[1] / n);
        put("cancel", run, spent[2] / ((n + 1) / 2.0));
        put("next after cancel", run, spent[3] / (n / 2.0));
        put("pair", run, pairs[0] / pairs[1]);
        put("beside", run, (queue.besideNanos() - besideBefore) / (3.5 * n));
      }
    }
  }

  private void put(String operation, int run, double nanos) {
    costs.computeIfAbsent(operation, key -> new double[RUNS])[run] = nanos;
  }

  private void fill(double[] spent) {
    queue.renew(items);
    long begun = threads.getCurrentThreadCpuTime();
    for (ContentItem item : items) {
      queue.schedule(item);
    }
    spent[0] += threads.getCurrentThreadCpuTime() - begun;
  }

  private void drain(double[] spent) {
    long fold = 0;
    long begun = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < items.length; i++) {
      fold = fold * 31 + queue.next();
    }
    spent[1] += threads.getCurrentThreadCpuTime() - begun;
    // so that the fold is not idle
    spent[4] += fold & 1;
  }

  private void cancel(double[] spent) {
    long begun = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < items.length; i += 2) {
      queue.cancel(items[i]);
    }
    long cancelled = threads.getCurrentThreadCpuTime();
    for (int i = 1; i < items.length; i += 2) {
      spent[4] += queue.next() & 1;
    }
    spent[2] += cancelled - begun;
    spent[3] += threads.getCurrentThreadCpuTime() - cancelled;
  }

  /**
   * Returns the costs of taking one item out and putting it in again, as often as in the published
   * measurement.
   */
  private double[] pairs() {
    double[] result = new double[2];
    int pairs = Math.min(items.length, MOST_PAIRS);
    for (int times = 0; times < Math.max(1, MOST_PAIRS / items.length); times++) {
      fill(new double[5]);
      long begun = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < pairs; i++) {
        queue.schedule(items[(int) queue.next()]);
      }
      result[0] += threads.getCurrentThreadCpuTime() - begun;
      result[1] += pairs;
    }
    return result;
  }

  private String line(String name, int count, int streams) {
    return String.format(
        Locale.ROOT,
        "%-30s %7s %9d %9s %9s %9s %9s %9s %9s  %s",
        name,
        streams == 0 ? "none" : Integer.toString(streams),
        count,
        shown("schedule"),
        shown("next"),
        shown("pair"),
        queue.cancels() ? shown("cancel") : "-",
        queue.cancels() ? shown("next after cancel") : "-",
        shown("beside"),
        queue.keepsOrder() ? order(count) : "own order");
  }

  private String order(int count) {
    long fold = 0;
    queue.renew(items);
    for (ContentItem item : items) {
      queue.schedule(item);
    }
    for (int i = 0; i < count; i++) {
      fold = fold * 31 + queue.next();
    }
    String expected =
        switch (count) {
          case 1_000 -> "e741596afb9a9456";
          case 100_000 -> "56b1043f0611eb08";
          case 1_000_000 -> "e8876c847f69eb76";
          default -> "";
        };
    boolean same = expected.equals(Long.toHexString(fold));
    return expected.isEmpty() ? "-" : same ? "published order" : "WRONG ORDER";
  }

  private String shown(String operation) {
    double[] sorted = costs.getOrDefault(operation, new double[RUNS]).clone();
    Arrays.sort(sorted);
    return String.format(Locale.ROOT, "%.0f", sorted[RUNS / 2]);
  }
}
