package dev.stowage.benchmarks.deterministic;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;

/**
 * The operations of the JMH classes beside it, in processor time of the calling thread: for busy
 * machines, where wall time depends on other processes. Prints the best of ten runs of each. An
 * argument selects the operations whose names contain it.
 */
public final class CpuCost {
  private static final int RUNS = 10;
  private static final int TASKS_PER_ROUND = 1024;

  private CpuCost() {}

  /** An operation, and the number of times that one run performs it. */
  private record Operation(String name, int times, int perTime, Runnable body) {}

  /** Measures what the argument names, or everything. */
  public static void main(String[] arguments) {
    String wanted = arguments.length == 0 ? "" : arguments[0];
    for (String queue : new String[] {"stowage", "jctools", "jdk"}) {
      SpscBenchmark spsc = new SpscBenchmark();
      spsc.queue = queue;
      spsc.build();
      measure(wanted, new Operation("spsc-" + queue, 20_000_000, 1, spsc::roundTripAlone));
    }
    measureOrdered(wanted, 1000, 2_000_000);
    measureOrdered(wanted, 1_000_000, 200_000);
    for (String setting : new String[] {"unhashed", "oneThread", "twoThreads"}) {
      RoundBenchmark round = new RoundBenchmark();
      round.setting = setting;
      round.build();
      measure(wanted, new Operation("round-" + setting, 1000, TASKS_PER_ROUND, round::round));
      round.close();
    }
  }

  private static void measureOrdered(String wanted, int entries, int times) {
    OrderedQueueBenchmark ordered = new OrderedQueueBenchmark();
    ordered.entries = entries;
    ordered.fill();
    String name = "ordered-" + entries;
    measure(wanted, new Operation(name + "-own", times, 1, ordered::roundTripOwn));
    measure(wanted, new Operation(name + "-jdk", times, 1, ordered::roundTripJdk));
    ordered.fill();
    measure(wanted, new Operation(name + "-reprioritise-own", times, 1, ordered::reprioritiseOwn));
    measure(wanted, new Operation(name + "-remove-own", times, 1, ordered::removeOwn));
    measure(wanted, new Operation(name + "-remove-jdk", 2000, 1, ordered::removeJdk));
  }

  private static void measure(String wanted, Operation operation) {
    if (!operation.name().contains(wanted)) {
      return;
    }
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double best = Double.MAX_VALUE;
    for (int run = 0; run < RUNS; run++) {
      long start = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < operation.times(); i++) {
        operation.body().run();
      }
      double nanos = threads.getCurrentThreadCpuTime() - start;
      best = Math.min(best, nanos / operation.times() / operation.perTime());
    }
    System.out.println(String.format(Locale.ROOT, "%-36s %10.1f ns", operation.name(), best));
  }
}
