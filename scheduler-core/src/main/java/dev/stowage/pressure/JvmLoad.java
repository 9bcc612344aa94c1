package dev.stowage.pressure;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import org.jspecify.annotations.Nullable;

/**
 * What the Java machine says of itself and of what it runs on.
 *
 * @param loadAverage runnable threads of the last minute; negative if the platform does not say
 * @param processors that the machine may use, at least 1
 * @param heapBytes what the last collection left, at least 0
 * @param heapMaxBytes what the heap may grow to; 0 if it has no bound
 */
public record JvmLoad(double loadAverage, int processors, long heapBytes, long heapMaxBytes) {
  /** Nothing is known. */
  public static final JvmLoad UNKNOWN = new JvmLoad(-1, 1, 0, 0);

  /** Refuses counts out of range with {@link IllegalArgumentException}. */
  public JvmLoad {
    if (processors < 1 || heapBytes < 0 || heapMaxBytes < 0) {
      throw new IllegalArgumentException(
          "processors is " + processors + ", heap " + heapBytes + " of " + heapMaxBytes);
    }
  }

  /** The present load of this machine. For a sampler's thread, never for a decision. */
  public static JvmLoad measured() {
    long left = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      MemoryUsage afterCollection = pool.getType() == MemoryType.HEAP ? collected(pool) : null;
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

  /** Null for pools that are not collected. */
  private static @Nullable MemoryUsage collected(MemoryPoolMXBean pool) {
    return pool.getCollectionUsage();
  }
}
