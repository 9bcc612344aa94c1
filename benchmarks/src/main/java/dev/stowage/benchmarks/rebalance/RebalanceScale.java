package dev.stowage.benchmarks.rebalance;

import dev.stowage.rebalance.RebalancePass;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Passes over many led chunks, in processor time and allocated bytes of the calling thread: median
 * and worst of many. Arguments: chunks, workers, runs.
 */
public final class RebalanceScale {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private RebalanceScale() {}

  /** Prints a table. */
  public static void main(String[] arguments) {
    int chunks = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    int workers = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2_000;
    int runs = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 40;
    LedFleet fleet = new LedFleet(chunks, workers);
    System.out.println("| pass | sampled chunks | median ms | worst ms | allocated bytes |");
    System.out.println("| --- | --- | --- | --- | --- |");
    measure("first, cold", 1, fleet, () -> {});
    measure("all dirty", runs, fleet, fleet::changeEverything);
    measure("0.1 % changed", runs, fleet, () -> fleet.change(chunks / 1_000));
    measure("nothing changed", runs, fleet, () -> {});
    for (int second = 0; second < 30; second++) {
      fleet.waits(1);
      fleet.change(chunks / 60);
      fleet.pass();
    }
    measure(
        "0.1 % changed, a second later, with the backstop",
        runs,
        fleet,
        () -> {
          fleet.waits(1);
          fleet.change(chunks / 1_000);
        });
  }

  /** Measures a pass, including the changes that {@code before} makes. */
  private static void measure(String name, int runs, LedFleet fleet, Runnable before) {
    double[] millis = new double[runs];
    long[] bytes = new long[runs];
    long sampled = 0;
    for (int run = 0; run < runs; run++) {
      long cpu = THREADS.getCurrentThreadCpuTime();
      long allocated = allocatedBytes();
      before.run();
      RebalancePass pass = fleet.pass();
      bytes[run] = allocatedBytes() - allocated;
      millis[run] = (THREADS.getCurrentThreadCpuTime() - cpu) / 1e6;
      sampled = Math.max(sampled, pass.sampledChunks());
    }
    Arrays.sort(millis);
    Arrays.sort(bytes);
    System.out.println(
        String.format(
            Locale.ROOT,
            "| %s | %,d | %.2f | %.2f | %,d |",
            name,
            sampled,
            millis[runs / 2],
            millis[runs - 1],
            bytes[runs / 2]));
  }

  /** Returns the bytes that this thread has allocated; by name, because no portable type has it. */
  private static long allocatedBytes() {
    try {
      Object answer =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  ObjectName.getInstance(ManagementFactory.THREAD_MXBEAN_NAME),
                  "getThreadAllocatedBytes",
                  new Object[] {Thread.currentThread().getId()},
                  new String[] {long.class.getName()});
      return (Long) answer;
    } catch (JMException e) {
      throw new IllegalStateException("this JVM does not count allocated bytes", e);
    }
  }
}
