package dev.stowage.pressure;

import java.util.Arrays;

/**
 * One sample of the five signals; each is live with a load, or not live. A value: nothing changes
 * it.
 */
public final class LoadSignals {
  /** No signal is live. */
  public static final LoadSignals NONE = new LoadSignals(emptyLoads());

  private static final long NOT_LIVE = -1;

  private final long[] loads;

  private LoadSignals(long[] loads) {
    this.loads = loads;
  }

  /** All five signals live with load 0. */
  public static LoadSignals idle() {
    return new LoadSignals(new long[LoadSignal.values().length]);
  }

  /**
   * These signals with one of them live.
   *
   * @param load a share; kept in ten-thousandths, rounded down. NaN, infinite and negative loads
   *     read as 1, fully loaded
   */
  public LoadSignals with(LoadSignal signal, double load) {
    return replacing(signal, LoadSignal.scaled(load));
  }

  LoadSignals withScaled(LoadSignal signal, long load) {
    return replacing(signal, Math.max(0, load));
  }

  /** These signals with one of them not live. */
  public LoadSignals without(LoadSignal signal) {
    return replacing(signal, NOT_LIVE);
  }

  /**
   * These signals with the channel's backlog; not live if the capacity is 0.
   *
   * @param pending messages that wait, at least 0
   * @param capacity messages that may wait, at least 0
   */
  public LoadSignals withChannelBacklog(long pending, long capacity) {
    if (pending < 0 || capacity < 0) {
      throw new IllegalArgumentException(
          "pending is " + pending + ", capacity " + capacity + "; both at least 0");
    }
    return capacity == 0
        ? without(LoadSignal.CHANNEL_BACKLOG)
        : with(LoadSignal.CHANNEL_BACKLOG, (double) pending / capacity);
  }

  /** Whether a signal is live. */
  public boolean isLive(LoadSignal signal) {
    return loads[signal.ordinal()] != NOT_LIVE;
  }

  /** The load of a live signal in ten-thousandths; 0 if it is not live. */
  public long load(LoadSignal signal) {
    return Math.max(0, loads[signal.ordinal()]);
  }

  /** The greatest load of a live signal in ten-thousandths; 0 if none is live. */
  public long overall() {
    long most = 0;
    for (long load : loads) {
      most = Math.max(most, load);
    }
    return most;
  }

  /** How many of the five are live. */
  public int liveCount() {
    int live = 0;
    for (long load : loads) {
      live += load == NOT_LIVE ? 0 : 1;
    }
    return live;
  }

  private LoadSignals replacing(LoadSignal signal, long load) {
    long[] changed = loads.clone();
    changed[signal.ordinal()] = load;
    return new LoadSignals(changed);
  }

  private static long[] emptyLoads() {
    long[] none = new long[LoadSignal.values().length];
    Arrays.fill(none, -1);
    return none;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LoadSignals that && Arrays.equals(loads, that.loads);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(loads);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (LoadSignal signal : LoadSignal.values()) {
      text.append(text.isEmpty() ? "" : " ").append(signal).append('=');
      text.append(isLive(signal) ? Long.toString(load(signal)) : "-");
    }
    return text.toString();
  }
}
