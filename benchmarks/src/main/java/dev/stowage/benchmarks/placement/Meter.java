package dev.stowage.benchmarks.placement;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Measures one call: CPU of the whole process (collector and compiler included), wall time, bytes
 * allocated by all threads, high-water mark of the heap.
 */
final class Meter {
  private static final Path TASKS = Path.of("/proc/self/task");
  private static final double NANOS = 1e9;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private Map<String, Long> cpuBefore = Map.of();
  private long coarseBefore;
  private long allocatedBefore;
  private long wallBefore;

  /** One measured call. */
  record Reading(double cpuSeconds, double wallSeconds, long allocatedBytes, long peakBytes) {}

  void start() {
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      pool.resetPeakUsage();
    }
    allocatedBefore = allocated();
    coarseBefore = system.getProcessCpuTime();
    cpuBefore = cpuByThread();
    wallBefore = System.nanoTime();
  }

  Reading stop() {
    long wall = System.nanoTime() - wallBefore;
    Map<String, Long> cpuAfter = cpuByThread();
    long coarse = system.getProcessCpuTime() - coarseBefore;
    long cpu = 0;
    for (Map.Entry<String, Long> thread : cpuAfter.entrySet()) {
      cpu += thread.getValue() - cpuBefore.getOrDefault(thread.getKey(), 0L);
    }
    // The exact count misses threads that ended, the coarse one has steps of ten milliseconds.
    boolean exact = !cpuAfter.isEmpty() && coarse < NANOS;
    long allocated = allocated() - allocatedBefore;
    return new Reading((exact ? cpu : coarse) / NANOS, wall / NANOS, allocated, heapPeak());
  }

  /** Heap in use after a full collection. */
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

  private long allocated() {
    long sum = 0;
    for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }

  /** Nanoseconds on a processor by native thread; empty where the system does not tell. */
  private static Map<String, Long> cpuByThread() {
    Map<String, Long> cpu = new HashMap<>();
    if (!Files.isDirectory(TASKS)) {
      return cpu;
    }
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
      for (Path task : tasks) {
        String line = Files.readString(task.resolve("schedstat"));
        cpu.put(task.getFileName().toString(), Long.parseLong(line.substring(0, line.indexOf(' '))));
      }
    } catch (IOException e) {
      // A thread ended while it was read: this once, the coarse count will do.
      return Map.of();
    }
    return cpu;
  }
}
