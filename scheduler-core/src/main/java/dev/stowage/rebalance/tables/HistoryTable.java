package dev.stowage.rebalance.tables;

import dev.stowage.columns.Growth;
import dev.stowage.columns.IntList;
import dev.stowage.rebalance.MoveExplanation.Trend;
import java.util.Arrays;

/** The last {@value #LENGTH} scores and their average by chunk; equal scores are only counted. */
public final class HistoryTable {
  static final int LENGTH = 64;

  private static final int NONE = -1;
  private static final int PAGE_SHIFT = 10;
  private static final int TREND_NANOS = 20_000_000;
  private static final int NANOS_PER_MICRO = 1_000;

  private int[] current = new int[0];
  private int[] average = new int[0];
  private int[] ring = new int[0];
  private byte[] count = new byte[0];
  private byte[] end = new byte[0];
  private byte[] trend = new byte[0];
  private int[][] pages = new int[0][];
  private final IntList spare = new IntList(0);
  private int rings;

  public void reserve(int chunkLimit) {
    if (chunkLimit > ring.length) {
      int before = ring.length;
      int capacity = Growth.capacity(before + (before >> 1) + 64L, chunkLimit);
      current = Arrays.copyOf(current, capacity);
      average = Arrays.copyOf(average, capacity);
      ring = Arrays.copyOf(ring, capacity);
      count = Arrays.copyOf(count, capacity);
      end = Arrays.copyOf(end, capacity);
      trend = Arrays.copyOf(trend, capacity);
      Arrays.fill(ring, before, capacity, NONE);
    }
  }

  public void add(int chunk, int micros) {
    int samples = count[chunk];
    if (samples == 0) {
      average[chunk] = micros * NANOS_PER_MICRO;
      trend[chunk] = (byte) Trend.STABLE.ordinal();
    } else {
      int off = micros * NANOS_PER_MICRO - average[chunk];
      trend[chunk] = (byte) trendOf(off).ordinal();
      average[chunk] += (int) (off * 3L / 10);
      if (ring[chunk] == NONE && micros != current[chunk]) {
        spread(chunk);
      }
    }
    if (ring[chunk] != NONE) {
      int at = end[chunk];
      pages[ring[chunk] >>> PAGE_SHIFT][base(chunk) + at] = micros;
      end[chunk] = (byte) ((at + 1) % LENGTH);
    }
    current[chunk] = micros;
    count[chunk] = (byte) Math.min(LENGTH, samples + 1);
  }

  public Trend trend(int chunk) {
    return Trend.values()[trend[chunk]];
  }

  public void clear(int chunk) {
    if (ring[chunk] != NONE) {
      spare.add(ring[chunk]);
      ring[chunk] = NONE;
    }
    count[chunk] = 0;
  }

  public ScoreHistory of(int chunk) {
    int[] samples = new int[count[chunk]];
    for (int i = 0; i < samples.length; i++) {
      int at = Math.floorMod(end[chunk] - samples.length + i, LENGTH);
      samples[i] =
          ring[chunk] == NONE
              ? current[chunk]
              : pages[ring[chunk] >>> PAGE_SHIFT][base(chunk) + at];
    }
    return new ScoreHistory(samples, average[chunk], trend(chunk));
  }

  private static Trend trendOf(int nanosOff) {
    if (nanosOff < -TREND_NANOS) {
      return Trend.DEGRADING;
    }
    return nanosOff > TREND_NANOS ? Trend.IMPROVING : Trend.STABLE;
  }

  private int base(int chunk) {
    return (ring[chunk] & ((1 << PAGE_SHIFT) - 1)) * LENGTH;
  }

  private void spread(int chunk) {
    int taken = spare.isEmpty() ? rings++ : spare.removeLast();
    int page = taken >>> PAGE_SHIFT;
    if (page == pages.length) {
      pages = Arrays.copyOf(pages, page + 1);
      pages[page] = new int[LENGTH << PAGE_SHIFT];
    }
    ring[chunk] = taken;
    Arrays.fill(pages[page], base(chunk), base(chunk) + LENGTH, current[chunk]);
    end[chunk] = (byte) (count[chunk] % LENGTH);
  }
}
