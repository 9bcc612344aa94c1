package dev.stowage.transfers;

import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.pressure.PressureSnapshot.Resource;

/** Weighs what is saved by keeping the good bytes of a copy that came in part. */
public final class Mending {
  /** The least time that keeping them must save; a transfer of the rest alone costs as much. */
  private static final double LEAST_SECONDS = 0.05;

  /** The strain from which a host keeps nothing of which less than {@link #MOST_OF_IT} came. */
  private static final double MEMORY_STRAINED = 0.85;

  private static final double CPU_STRAINED = 0.9;
  private static final double MOST_OF_IT = 0.6;

  private Mending() {}

  /**
   * Reports whether to keep {@code goodBytes} of {@code size}, both above 0: if the seconds that
   * they took are worth it, the more so the more came, and less on a strained host.
   */
  public static boolean isWorthwhile(
      double seconds, long size, long goodBytes, PressureSnapshot host) {
    double goodShare = (double) goodBytes / size;
    double memory = host.reading(Resource.MEMORY);
    double cpu = host.reading(Resource.CPU);
    boolean isStrained = memory >= MEMORY_STRAINED || cpu >= CPU_STRAINED;
    double saved = seconds * goodShare * (1 + goodShare) * (1 - memory - cpu);
    return saved >= LEAST_SECONDS && (goodShare >= MOST_OF_IT || !isStrained);
  }
}
