package dev.stowage.pressure;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import org.jspecify.annotations.Nullable;

/**
 * The load of the JVM: runnable threads over the last minute (negative if unknown), processors (at
 * least 1), heap bytes after the latest collection, and the greatest heap bytes (0 if unbounded).
 */
public record JvmLoad(double loadAverage, int processors, long heapBytes, long heapMaxBytes) {
  /** Throws {@link IllegalArgumentException} if a count is out of range. */
  public JvmLoad {
    if (processors < 1 || heapBytes < 0 || heapMaxBytes < 0) {
      throw new IllegalArgumentException(
          "processors is "
              + processors
              + ", heapBytes "
              + heapBytes
              + ", heapMaxBytes "
              + heapMaxBytes
              + "; at least 1, 0 and 0 are accepted");
    }
  }

  /** Returns the present load. For a sampler's thread only: decisions must not depend on it. */
  public static JvmLoad measured() {
    long left = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      @Nullable MemoryUsage afterCollection =
          pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
      left += afterCollection == null ? 0 : afterCollection.getUsed();
    }
    var system = ManagementFactory.getOperatingSystemMXBean();
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    return new JvmLoad(
        system.getSystemLoadAverage(),
        Math.max(1, system.getAvailableProcessors()),
        Math.max(0, left),
        Math.max(0, heap.getMax()));
  }
}
