package dev.stowage.benchmarks.placement;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.ThreadMXBean;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Measures one call: CPU of the whole process (collector and compiler included), wall time, bytes
 * allocated by all threads, high-water mark of the heap.
 */
final class Meter {
  private static final Path TASKS = Path.of("/proc/self/task");
  private static final Path CALLER = Path.of("/proc/thread-self");
  private static final double NANOS = 1e9;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

  private Map<String, Long> cpuBefore = Map.of();
  private long callerBefore;
  private long coarseBefore;
  private long allocatedBefore;
  private long wallBefore;

  record Reading(double cpuSeconds, double wallSeconds, long allocatedBytes, long peakBytes) {}

  void start() {
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      pool.resetPeakUsage();
    }
    allocatedBefore = allocated();
    coarseBefore = processCpu();
    cpuBefore = cpuOfOtherThreads();
    callerBefore = threads.getCurrentThreadCpuTime();
    wallBefore = System.nanoTime();
  }

  Reading stop() {
    long wall = System.nanoTime() - wallBefore;
    long cpu = threads.getCurrentThreadCpuTime() - callerBefore;
    Map<String, Long> cpuAfter = cpuOfOtherThreads();
    long coarse = processCpu() - coarseBefore;
    for (Map.Entry<String, Long> thread : cpuAfter.entrySet()) {
      cpu += Math.max(0, thread.getValue() - cpuBefore.getOrDefault(thread.getKey(), 0L));
    }
    // The exact count misses threads that ended, the coarse one has steps of ten milliseconds.
    boolean exact = !cpuAfter.isEmpty() && coarse < NANOS;
    long peak = heapPeak();
    long allocated = allocated() - allocatedBefore;
    return new Reading((exact ? cpu : coarse) / NANOS, wall / NANOS, allocated, peak);
  }

  /** Returns the heap in use after a full collection, in bytes. */
  static long heapAfterCollection() {
    Runtime runtime = Runtime.getRuntime();
    runtime.gc();
    runtime.gc();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static long heapPeak() {
    long peak = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP) {
        peak += pool.getPeakUsage().getUsed();
      }
    }
    return peak;
  }

  /** Returns the bytes allocated by all threads; by name, because no portable type has it. */
  private long allocated() {
    Object[] ids = {threads.getAllThreadIds()};
    String[] types = {long[].class.getName()};
    try {
      Object answer =
          server.invoke(
              ObjectName.getInstance(ManagementFactory.THREAD_MXBEAN_NAME),
              "getThreadAllocatedBytes",
              ids,
              types);
      long sum = 0;
      for (long bytes : (long[]) answer) {
        sum += Math.max(0, bytes);
      }
      return sum;
    } catch (JMException e) {
      throw new IllegalStateException("this JVM does not count allocated bytes", e);
    }
  }

  private long processCpu() {
    try {
      ObjectName system = ObjectName.getInstance(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME);
      return (Long) server.getAttribute(system, "ProcessCpuTime");
    } catch (JMException e) {
      throw new IllegalStateException("this JVM does not count CPU time", e);
    }
  }

  /** Returns the nanoseconds on a processor by native thread; empty if the system does not tell. */
  private static Map<String, Long> cpuOfOtherThreads() {
    Map<String, Long> cpu = new HashMap<>();
    if (!Files.isDirectory(TASKS)) {
      return cpu;
    }
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
      for (Path task : tasks) {
        cpu.put(String.valueOf(task.getFileName()), nanosOf(task));
      }
      cpu.remove(String.valueOf(Files.readSymbolicLink(CALLER).getFileName()));
    } catch (IOException e) {
      return Map.of();
    }
    return cpu;
  }

  private static long nanosOf(Path task) {
    try {
      String line = Files.readString(task.resolve("schedstat"));
      return Long.parseLong(line.substring(0, line.indexOf(' ')));
    } catch (IOException e) {
      // The thread has ended since its folder was listed.
      return 0;
    }
  }
}
