package dev.stowage.benchmarks.scale;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import javax.management.JMException;
import javax.management.ObjectName;

/** Reads processor time, allocated bytes and the heap in use. Stateless. */
final class Meter {
  private static final int COLLECTIONS = 3;

  private Meter() {}

  /** Returns the nanoseconds of processor time of this thread. */
  static long threadNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** Returns the nanoseconds of processor time of this process, compiler and collector included. */
  static long processNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  /** Returns the bytes that this thread has allocated; by name, because no portable type has it. */
  static long threadBytes() {
    try {
      return (Long)
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  ObjectName.getInstance(ManagementFactory.THREAD_MXBEAN_NAME),
                  "getThreadAllocatedBytes",
                  new Object[] {Thread.currentThread().getId()},
                  new String[] {long.class.getName()});
    } catch (JMException e) {
      throw new IllegalStateException("this JVM does not count allocated bytes", e);
    }
  }

  /** Returns the bytes in use after forced collections. */
  static long liveBytes() {
    Runtime runtime = Runtime.getRuntime();
    long used = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
    }
    return used;
  }

  /** Returns the wall-clock seconds that {@code work} takes. */
  static double seconds(Runnable work) {
    return over(System::nanoTime, work) / 1e9;
  }

  /** Returns the milliseconds of this thread's processor time that {@code work} takes. */
  static double millis(Runnable work) {
    return over(Meter::threadNanos, work) / 1e6;
  }

  private static long over(LongSupplier clock, Runnable work) {
    long begin = clock.getAsLong();
    work.run();
    return clock.getAsLong() - begin;
  }

  /** Returns the smallest value that is not below {@code percent} of the values. */
  static double percentile(double[] values, double percent) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[Math.max(0, (int) Math.ceil(sorted.length * percent / 100) - 1)];
  }

  static double median(double[] values) {
    return percentile(values, 50);
  }
}
