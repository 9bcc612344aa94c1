package dev.stowage.rebalance;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.model.Tick;
import dev.stowage.model.Tick.TickLength;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Shape;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Workers that take nothing new for a while, named by the host or with long round-trip times.
 * {@link #entries} and {@link #restore} hand entries to the next leader; round-trip times are
 * learned again. Thread-safe.
 */
public final class AvoidList {
  private final TickLength tickLength;
  private final Duration rttThreshold;
  private final Duration timeToLive;
  private final TreeMap<WorkerId, Entry> entries = new TreeMap<>();
  private final TreeMap<WorkerId, Integer> rttBuckets = new TreeMap<>();
  private long largestTick;
  private long version;

  /**
   * An avoided worker.
   *
   * @param reason the reason, in words
   * @param sinceTick the tick at which its time began
   * @param untilTick the first tick at which it is no longer avoided
   */
  public record Entry(WorkerId worker, String reason, long sinceTick, long untilTick) {
    /** The fields of an entry. */
    static final Shape<Entry> SHAPE = Shape.derived("avoided_worker", Entry.class);

    /** Returns this entry with its time begun anew at {@code now}. */
    public Entry begunAt(Tick now) {
      long lasts = Math.max(0, untilTick - sinceTick);
      return new Entry(worker, reason, now.value(), SaturatedSum.of(now.value(), lasts));
    }
  }

  /** Creates an empty list that avoids a worker for 5 min after a round trip above 250 ms. */
  public AvoidList(Duration tickLength) {
    this(tickLength, Duration.ofMillis(250), Duration.ofMinutes(5));
  }

  /**
   * Creates an empty list.
   *
   * @param tickLength the length of a tick, above zero
   * @param rttThreshold the longest good round-trip time, at least zero
   * @param timeToLive the time for which a worker is avoided, above zero
   */
  public AvoidList(Duration tickLength, Duration rttThreshold, Duration timeToLive) {
    if (rttThreshold.isNegative() || timeToLive.isNegative() || timeToLive.isZero()) {
      throw new IllegalArgumentException(
          "rttThreshold is "
              + rttThreshold
              + ", timeToLive is "
              + timeToLive
              + "; at least zero and above zero are accepted");
    }
    this.tickLength = TickLength.of(tickLength);
    this.rttThreshold = rttThreshold;
    this.timeToLive = timeToLive;
  }

  /** Avoids a worker for the time {@code lasts}, above zero; a longer entry stays. */
  public synchronized void avoid(WorkerId worker, String reason, Duration lasts, Tick now) {
    Objects.requireNonNull(worker, "worker");
    if (lasts.isNegative() || lasts.isZero()) {
      throw new IllegalArgumentException("lasts is " + lasts + "; above zero is accepted");
    }
    long since = advance(now);
    long until = SaturatedSum.of(since, tickLength.ticks(lasts, "lasts"));
    Entry former = entries.get(worker);
    if (former == null || former.untilTick() < until) {
      entries.put(worker, new Entry(worker, reason, since, until));
      version++;
    }
  }

  /** Ends an entry; returns whether there was one. */
  public synchronized boolean readmit(WorkerId worker) {
    boolean was = entries.remove(worker) != null;
    version += was ? 1 : 0;
    return was;
  }

  /** Records a round-trip time, at least zero; returns whether it put the worker on the list. */
  public synchronized boolean observeRtt(WorkerId worker, Duration rtt, Tick now) {
    if (rtt.isNegative()) {
      throw new IllegalArgumentException("rtt is " + rtt + "; at least 0 is accepted");
    }
    advance(now);
    rttBuckets.put(Objects.requireNonNull(worker, "worker"), bucket(rtt));
    if (rtt.compareTo(rttThreshold) <= 0 || entries.containsKey(worker)) {
      return false;
    }
    avoid(worker, "round trip " + rtt.toMillis() + " ms", timeToLive, now);
    return true;
  }

  /** Returns the entries by ascending worker id. */
  public synchronized List<Entry> entries(Tick now) {
    advance(now);
    return List.copyOf(entries.values());
  }

  /** Returns the number of changes of entries, including noticed expiries. */
  public synchronized long version() {
    return version;
  }

  /** Sets the time to {@code now}, forward or back; each entry begins anew. */
  public synchronized void resetTime(Tick now) {
    largestTick = now.value();
    entries.replaceAll((worker, entry) -> entry.begunAt(now));
    version++;
  }

  /** Adds entries; the longer of two of a worker stays. */
  public synchronized void restore(List<Entry> kept) {
    for (Entry entry : kept) {
      Entry former = entries.get(entry.worker());
      if (former == null || former.untilTick() < entry.untilTick()) {
        entries.put(entry.worker(), entry);
        version++;
      }
    }
  }

  /** Returns the order of magnitude of a worker's round-trip time, or 0 if unknown. */
  public synchronized int rttBucket(WorkerId worker) {
    return rttBuckets.getOrDefault(worker, 0);
  }

  /** Drops the round-trip times of unknown workers. */
  public synchronized void retain(Predicate<WorkerId> isKnown) {
    rttBuckets.keySet().removeIf(isKnown.negate());
  }

  private long advance(Tick now) {
    largestTick = Math.max(largestTick, now.value());
    if (entries.values().removeIf(entry -> entry.untilTick() <= largestTick)) {
      version++;
    }
    return largestTick;
  }

  private static int bucket(Duration rtt) {
    long millis = rtt.toSeconds() > 1_000_000_000L ? Long.MAX_VALUE : rtt.toMillis();
    return 1 + Long.SIZE - Long.numberOfLeadingZeros(millis);
  }
}
