package dev.stowage.pressure;

import java.util.Locale;

/**
 * What admitted work may use.
 *
 * @param memoryBytes at least 0
 * @param cpuWeightMillis its share of the processors in thousandths of a weight of 1, at least 0
 * @param ioOperations at a time, at least 0
 * @param tasks at a time, at least 0
 */
public record ResourceEnvelope(
    long memoryBytes, long cpuWeightMillis, int ioOperations, int tasks) {
  private static final long MEBIBYTE = 1L << 20;

  /** What is granted where nothing was asked for: 64 MiB, weight 1, 10 operations, 100 tasks. */
  public static final ResourceEnvelope DEFAULT =
      new ResourceEnvelope(64 * MEBIBYTE, 1_000, 10, 100);

  /** The same under backpressure: 16 MiB, weight 0.5, 2 operations, 10 tasks. */
  public static final ResourceEnvelope REDUCED = new ResourceEnvelope(16 * MEBIBYTE, 500, 2, 10);

  /** What all granted envelopes together may use: 4 GiB, 1,000 operations, 10,000 tasks. */
  public static final ResourceEnvelope TOTAL =
      new ResourceEnvelope(4096 * MEBIBYTE, Long.MAX_VALUE, 1_000, 10_000);

  static final ResourceEnvelope NOTHING = new ResourceEnvelope(0, 0, 0, 0);

  /** Refuses a negative part with {@link IllegalArgumentException}. */
  public ResourceEnvelope {
    if (memoryBytes < 0 || cpuWeightMillis < 0 || ioOperations < 0 || tasks < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "envelope is %d bytes, %d millis, %d operations, %d tasks; each at least 0",
              memoryBytes,
              cpuWeightMillis,
              ioOperations,
              tasks));
    }
  }

  /** Half of every part, rounded down. */
  public ResourceEnvelope halved() {
    return new ResourceEnvelope(memoryBytes / 2, cpuWeightMillis / 2, ioOperations / 2, tasks / 2);
  }

  /** The smaller of the two, part by part. */
  public ResourceEnvelope atMost(ResourceEnvelope bound) {
    return new ResourceEnvelope(
        Math.min(memoryBytes, bound.memoryBytes),
        Math.min(cpuWeightMillis, bound.cpuWeightMillis),
        Math.min(ioOperations, bound.ioOperations),
        Math.min(tasks, bound.tasks));
  }

  ResourceEnvelope plus(ResourceEnvelope other) {
    return new ResourceEnvelope(
        Math.addExact(memoryBytes, other.memoryBytes),
        Math.addExact(cpuWeightMillis, other.cpuWeightMillis),
        Math.addExact(ioOperations, other.ioOperations),
        Math.addExact(tasks, other.tasks));
  }

  /** This without the other; refuses to go below nothing. */
  ResourceEnvelope minus(ResourceEnvelope other) {
    return new ResourceEnvelope(
        memoryBytes - other.memoryBytes,
        cpuWeightMillis - other.cpuWeightMillis,
        ioOperations - other.ioOperations,
        tasks - other.tasks);
  }
}
