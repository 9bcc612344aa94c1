package dev.stowage.rebalance;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.tables.Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Workers that take nothing new for a while: those that the host names, and those whose round-trip
 * times are too long. An entry ends by itself. Entries can be taken out ({@link #toBytes}) and put
 * into another list ({@link #restore}), so that whoever leads next avoids the same workers;
 * round-trip times are learned again. Thread-safe.
 */
public final class AvoidList {
  /** Round-trip times above it are too long. */
  public static final Duration DEFAULT_RTT_THRESHOLD = Duration.ofMillis(250);

  /** For how long a worker with too long a round-trip time is avoided. */
  public static final Duration DEFAULT_TIME_TO_LIVE = Duration.ofMinutes(5);

  private final Duration tickLength;
  private final Duration rttThreshold;
  private final Duration timeToLive;
  private final TreeMap<WorkerId, Entry> entries = new TreeMap<>();
  private final TreeMap<WorkerId, Integer> rttBuckets = new TreeMap<>();
  private long largestTick;
  private long version;

  /**
   * A worker that is avoided.
   *
   * @param worker the worker
   * @param reason why, in words
   * @param untilTick the first tick at which it is not avoided any more
   */
  public record Entry(WorkerId worker, String reason, long untilTick) {
    /** Refuses nulls. */
    public Entry {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** An empty list with the default threshold of 250 ms and time to live of 5 min. */
  public AvoidList(Duration tickLength) {
    this(tickLength, DEFAULT_RTT_THRESHOLD, DEFAULT_TIME_TO_LIVE);
  }

  /**
   * An empty list.
   *
   * @param tickLength how long a tick lasts, above zero
   * @param rttThreshold a round-trip time above it marks a worker, at least zero
   * @param timeToLive for how long, above zero
   */
  public AvoidList(Duration tickLength, Duration rttThreshold, Duration timeToLive) {
    if (tickLength.isNegative() || tickLength.isZero()) {
      throw new IllegalArgumentException("a tick lasts " + tickLength + "; above zero is accepted");
    }
    if (rttThreshold.isNegative() || timeToLive.isNegative() || timeToLive.isZero()) {
      throw new IllegalArgumentException(
          "threshold is "
              + rttThreshold
              + ", time to live "
              + timeToLive
              + "; at least zero and above zero are accepted");
    }
    this.tickLength = tickLength;
    this.rttThreshold = rttThreshold;
    this.timeToLive = timeToLive;
  }

  /**
   * Avoids a worker from now on; an entry that lasts longer stays as it is.
   *
   * @param reason why, in words
   * @param lasts for how long, above zero
   */
  public synchronized void avoid(WorkerId worker, String reason, Duration lasts, Tick now) {
    Objects.requireNonNull(worker, "worker");
    if (lasts.isNegative() || lasts.isZero()) {
      throw new IllegalArgumentException("it lasts " + lasts + "; above zero is accepted");
    }
    long until = Terms.later(advance(now), Terms.ticks(lasts, tickLength));
    Entry former = entries.get(worker);
    if (former == null || former.untilTick() < until) {
      entries.put(worker, new Entry(worker, reason, until));
      version++;
    }
  }

  /** Ends an entry; whether there was one. */
  public synchronized boolean readmit(WorkerId worker) {
    boolean was = entries.remove(worker) != null;
    version += was ? 1 : 0;
    return was;
  }

  /**
   * Takes in a round-trip time; a worker above the threshold that is not on the list goes on it.
   *
   * @param rtt at least zero
   * @return whether the worker went on the list by this
   */
  public synchronized boolean observeRtt(WorkerId worker, Duration rtt, Tick now) {
    if (rtt.isNegative()) {
      throw new IllegalArgumentException("round trip took " + rtt + "; at least 0 is accepted");
    }
    advance(now);
    rttBuckets.put(Objects.requireNonNull(worker, "worker"), bucket(rtt));
    if (rtt.compareTo(rttThreshold) <= 0 || entries.containsKey(worker)) {
      return false;
    }
    avoid(worker, "round trip " + rtt.toMillis() + " ms", timeToLive, now);
    return true;
  }

  /** Who is avoided, by ascending id. */
  public synchronized List<Entry> entries(Tick now) {
    advance(now);
    return List.copyOf(entries.values());
  }

  /** Whether a worker is avoided. */
  public synchronized boolean contains(WorkerId worker, Tick now) {
    advance(now);
    return entries.containsKey(worker);
  }

  /** Counts the changes of the entries; those that have ended count when that is noticed. */
  public synchronized long version() {
    return version;
  }

  /** The entries, canonically encoded. */
  public synchronized byte[] toBytes() {
    CanonicalWriter out = new CanonicalWriter();
    out.list(
        new ArrayList<>(entries.values()),
        (to, entry) ->
            to.string(entry.worker().value()).string(entry.reason()).u64(entry.untilTick()));
    return out.toBytes();
  }

  /**
   * Takes in encoded entries; of two of a worker the one that lasts longer stays.
   *
   * @throws IllegalArgumentException if they cannot be read; nothing is changed
   */
  public synchronized void restore(byte[] encoded) {
    List<Entry> read;
    try {
      CanonicalReader in = CanonicalReader.of(encoded);
      read = in.list(one -> new Entry(WorkerId.of(one.string()), one.string(), one.u64()));
      in.end();
    } catch (RuntimeException refused) {
      throw new IllegalArgumentException(
          "avoided workers cannot be read: " + refused.getMessage(), refused);
    }
    for (Entry entry : read) {
      Entry former = entries.get(entry.worker());
      if (former == null || former.untilTick() < entry.untilTick()) {
        entries.put(entry.worker(), entry);
        version++;
      }
    }
  }

  /** The order of magnitude of a worker's round-trip time, 0 if it is not known. */
  public synchronized int rttBucket(WorkerId worker) {
    return rttBuckets.getOrDefault(worker, 0);
  }

  /** Forgets the round-trip times of workers that are not among these. */
  public synchronized void retain(java.util.Set<WorkerId> known) {
    rttBuckets.keySet().retainAll(known);
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
