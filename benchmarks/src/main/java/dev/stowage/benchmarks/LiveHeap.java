package dev.stowage.benchmarks;

/** Measures the heap that is in use. Stateless. */
public final class LiveHeap {
  private static final int COLLECTIONS = 4;

  private LiveHeap() {}

  /** Returns the least number of bytes in use after a few forced collections. */
  public static long bytes() {
    Runtime runtime = Runtime.getRuntime();
    long used = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
    }
    return used;
  }
}
