package dev.stowage.transfer;

import dev.stowage.model.WorkerId;
import dev.stowage.pressure.Nanos;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what transfers between workers achieved: the rate, the latency and the failures of each
 * path, of each source and to each worker. A path that fails repeatedly is avoided for a time that
 * grows with each attempt that fails after it.
 *
 * <p>An arrival of at most {@value #LATENCY_BYTES} bytes measures the latency; a larger one, and
 * one that stalled, the rate. Both are running means in which a new figure weighs {@value
 * #NEW_SHARE}. Reads no clock: the same observations give the same answers. Belongs to one thread
 * at a time.
 */
public final class PeerBook {
  /** Arrivals up to this size measure the latency. */
  public static final long LATENCY_BYTES = TransferFormulas.UNIT_BYTES;

  /** What a new figure weighs in a running mean. */
  static final double NEW_SHARE = 0.3;

  /** The most sources remembered for a worker; the one asked about longest ago goes first. */
  static final int MOST_SOURCES = 256;

  /** Successes and failures are halved at this sum, so that old ones fade. */
  private static final long FADING_COUNT = 64;

  /**
   * Avoided paths to a worker from which on the worker, not its sources, is held to be the cause.
   */
  private static final int UNREACHABLE_FROM_PATHS = 2;

  /** The greatest factor of failures in what a worker costs. */
  private static final int MOST_COST_FACTOR = 8;

  private static final long NOT_AVOIDED = Long.MIN_VALUE;

  /** The groups of a ranking behind those with headroom. */
  private static final long BUSY = 1;

  private static final long AVOIDED = 2;
  private static final long NOT_COUNTED = 3;

  private static final int MOST_MICROS = 1_000_000;

  /** Rooms for a rank, and above it for what a source sends. */
  private static final int RANK_BITS = 20;

  private static final int GROUP_SHIFT = RANK_BITS + Integer.SIZE;

  private int failuresUntilAvoided;
  private long firstAvoidedNanos;
  private long longestAvoidedNanos;

  private final Map<WorkerId, Target> targets = new HashMap<>();
  private final Map<WorkerId, Figures> sources = new HashMap<>();

  /** Workers to which so many transfers in a row failed that a path to them may be avoided. */
  private final TreeSet<WorkerId> failing = new TreeSet<>();

  private static class Figures {
    double bytesPerSecond;
    double latencyMillis;
    boolean hasLatency;
    long successes;
    long failures;
    int failuresInARow;

    void take(long bytes, long nanos, End end) {
      if (end == End.ARRIVED && bytes <= LATENCY_BYTES) {
        double millis = (double) nanos / Nanos.PER_MILLISECOND;
        latencyMillis = hasLatency ? mean(latencyMillis, millis) : millis;
        hasLatency = true;
      } else if (end != End.FAILED && nanos > 0) {
        double rate = (double) bytes * Nanos.PER_SECOND / nanos;
        bytesPerSecond = bytesPerSecond > 0 ? mean(bytesPerSecond, rate) : rate;
      }
      if (end == End.ARRIVED) {
        successes++;
        failuresInARow = 0;
      } else {
        failures++;
        failuresInARow += failuresInARow < Integer.MAX_VALUE ? 1 : 0;
      }
      if (successes + failures >= FADING_COUNT) {
        successes /= 2;
        failures /= 2;
      }
    }

    private static double mean(double before, double now) {
      return (1 - NEW_SHARE) * before + NEW_SHARE * now;
    }
  }

  private static final class Path extends Figures {
    int rounds;
    long avoidedUntil = NOT_AVOIDED;
  }

  /** A worker as a receiver; the origin of chunks is the source null. */
  private static final class Target extends Figures {
    final Map<@Nullable WorkerId, Path> paths =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<@Nullable WorkerId, Path> eldest) {
            return size() > MOST_SOURCES;
          }
        };
  }

  /** How a transfer ended. */
  public enum End {
    /** All bytes came, and were what they should be. */
    ARRIVED,
    /** It ended by an error, or brought what it should not. Says nothing of the rate. */
    FAILED,
    /** It was too slow, and ended by that. */
    STALLED
  }

  /**
   * A source that could be used.
   *
   * @param id who it is
   * @param nearness 0 to 1, which stands for its reputation
   * @param inFlight what it sends now
   * @param isCounted whether it counts as alive
   */
  public record Candidate(WorkerId id, double nearness, int inFlight, boolean isCounted) {}

  /**
   * A path that is avoided, or a worker that nothing reaches.
   *
   * @param worker the receiver
   * @param isWhole whether it is the worker that is avoided, whatever the source
   * @param source the source of a path; empty for the origin of chunks, and for a worker
   * @param failures transfers that failed in a row
   * @param untilNanos the first time at which it is not avoided
   */
  public record Avoidance(
      WorkerId worker, boolean isWhole, Optional<WorkerId> source, int failures, long untilNanos) {}

  /** An empty book; see {@link #avoidAfter}. */
  public PeerBook(int failures, long firstNanos, long longestNanos) {
    avoidAfter(failures, firstNanos, longestNanos);
  }

  /**
   * Changes when paths are avoided from now on; those that are avoided already stay so.
   *
   * @param failures of a path in a row after which it is avoided; at least 1
   * @param firstNanos for how long at first; each failure behind that doubles it
   * @param longestNanos for how long at most
   */
  public void avoidAfter(int failures, long firstNanos, long longestNanos) {
    failuresUntilAvoided = failures;
    firstAvoidedNanos = firstNanos;
    longestAvoidedNanos = longestNanos;
  }

  /**
   * Takes in what a transfer achieved.
   *
   * @param source who sent; null for the origin of chunks
   * @param bytes how many came, at least 0
   * @param nanos how long it took, at least 0
   */
  public void observe(
      @Nullable WorkerId source, WorkerId worker, long bytes, long nanos, End end, long nowNanos) {
    Target target = targets.computeIfAbsent(worker, key -> new Target());
    Path path = target.paths.computeIfAbsent(source, key -> new Path());
    target.take(bytes, nanos, end);
    path.take(bytes, nanos, end);
    if (source != null) {
      sources.computeIfAbsent(source, key -> new Figures()).take(bytes, nanos, end);
    }
    if (end == End.ARRIVED) {
      path.rounds = 0;
      path.avoidedUntil = NOT_AVOIDED;
      failing.remove(worker);
      return;
    }
    if (path.failuresInARow >= failuresUntilAvoided && path.avoidedUntil <= nowNanos) {
      path.avoidedUntil = Nanos.plus(nowNanos, avoidedNanos(path.rounds++));
    }
    if (target.failuresInARow >= failuresUntilAvoided) {
      failing.add(worker);
    }
  }

  private long avoidedNanos(int round) {
    long times = round < Long.SIZE - 2 ? 1L << round : Long.MAX_VALUE;
    boolean isLongest = firstAvoidedNanos > longestAvoidedNanos / times;
    return isLongest ? longestAvoidedNanos : firstAvoidedNanos * times;
  }

  /** Forgets a worker, as a source and as a receiver. Costs a look at every receiver. */
  public void forget(WorkerId worker) {
    if (targets.isEmpty()) {
      return;
    }
    targets.remove(worker);
    sources.remove(worker);
    failing.remove(worker);
    targets.values().forEach(target -> target.paths.remove(worker));
  }

  /**
   * Returns sources of something for a worker, best first: those with headroom by {@link
   * PeerScore#rankMicros}; those that send {@value PeerScore#MAX_IN_FLIGHT} or more, the least busy
   * first; those whose path is avoided; and those that do not count as alive. Equals are ordered by
   * id.
   *
   * @param bytesPerSecond the rate where none was observed
   */
  public List<WorkerId> ranked(
      WorkerId worker, List<Candidate> candidates, double bytesPerSecond, long nowNanos) {
    int count = candidates.size();
    if (count <= 1) {
      return count == 0 ? List.of() : List.of(candidates.get(0).id());
    }
    Target target = targets.get(worker);
    PeerScore[] scores = new PeerScore[count];
    long[] keys = new long[count];
    double fastest = 0;
    for (int at = 0; at < count; at++) {
      Candidate candidate = candidates.get(at);
      Path path = target == null ? null : target.paths.get(candidate.id());
      scores[at] = score(candidate, target, path, bytesPerSecond);
      fastest = Math.max(fastest, scores[at].bytesPerSecond());
      keys[at] = group(candidate, path != null && path.avoidedUntil > nowNanos);
    }
    WorkerId[] ranked = new WorkerId[count];
    for (int at = 0; at < count; at++) {
      WorkerId id = candidates.get(at).id();
      long key = keys[at] + MOST_MICROS - scores[at].rankMicros(fastest);
      int to = at;
      for (; to > 0 && isBehind(keys[to - 1], ranked[to - 1], key, id); to--) {
        keys[to] = keys[to - 1];
        ranked[to] = ranked[to - 1];
      }
      keys[to] = key;
      ranked[to] = id;
    }
    return List.of(ranked);
  }

  private static boolean isBehind(long key, WorkerId id, long otherKey, WorkerId other) {
    return key > otherKey || (key == otherKey && id.compareTo(other) > 0);
  }

  /** Returns what stands before the rank in the key of a source; the least is the best. */
  private static long group(Candidate candidate, boolean isAvoided) {
    if (!candidate.isCounted()) {
      return NOT_COUNTED << GROUP_SHIFT;
    }
    if (isAvoided) {
      return AVOIDED << GROUP_SHIFT;
    }
    return candidate.inFlight() < PeerScore.MAX_IN_FLIGHT
        ? 0
        : BUSY << GROUP_SHIFT | (long) candidate.inFlight() << RANK_BITS;
  }

  /** Returns how good a source is for a worker. */
  PeerScore score(Candidate source, WorkerId worker, double expectedRate) {
    Target target = targets.get(worker);
    Path path = target == null ? null : target.paths.get(source.id());
    return score(source, target, path, expectedRate);
  }

  /**
   * By what was observed of the path, else of the source to other workers, else, for the rate, of
   * other sources to the worker.
   */
  private PeerScore score(
      Candidate source, @Nullable Target target, @Nullable Path path, double expectedRate) {
    Figures any = sources.get(source.id());
    Figures tried = path != null ? path : any;
    double rate = rate(path);
    rate = rate > 0 ? rate : rate(any);
    rate = rate > 0 ? rate : rate(target);
    return new PeerScore(
        source.id().value(),
        rate > 0 ? rate : expectedRate,
        tried == null ? 0 : tried.successes,
        tried == null ? 0 : tried.failures,
        1,
        path != null ? path.latencyMillis : 0,
        source.nearness(),
        source.inFlight());
  }

  private static double rate(@Nullable Figures figures) {
    return figures == null ? 0 : figures.bytesPerSecond;
  }

  /**
   * Returns the seconds that a transfer to a worker is expected to take: its latency and its bytes
   * at the rate observed, or what was expected where none was; times one more than its failures in
   * a row, at most {@value #MOST_COST_FACTOR}.
   */
  public double seconds(WorkerId worker, long bytes, double expected) {
    Target target = targets.get(worker);
    if (target == null) {
      return expected;
    }
    double seconds =
        target.bytesPerSecond > 0
            ? target.latencyMillis / 1_000 + bytes / target.bytesPerSecond
            : expected;
    return seconds
        * Math.min(MOST_COST_FACTOR, 1 + Math.min(target.failuresInARow, MOST_COST_FACTOR));
  }

  /** Returns the share of transfers to a worker that failed lately, in thousandths. */
  public int failuresPermille(WorkerId worker) {
    Target target = targets.get(worker);
    long tried = target == null ? 0 : target.successes + target.failures;
    return target == null || tried == 0 ? 0 : (int) (1_000 * target.failures / tried);
  }

  /**
   * Returns the workers that nothing reaches: at least {@value #UNREACHABLE_FROM_PATHS} paths to
   * each are avoided, and nothing arrived since. By ascending id.
   */
  public List<Avoidance> unreachable(long nowNanos) {
    List<Avoidance> all = new ArrayList<>();
    for (WorkerId worker : failing) {
      Target target = targets.get(worker);
      if (target != null) {
        long[] ends =
            target.paths.values().stream().mapToLong(path -> path.avoidedUntil).sorted().toArray();
        long until =
            ends.length < UNREACHABLE_FROM_PATHS
                ? NOT_AVOIDED
                : ends[ends.length - UNREACHABLE_FROM_PATHS];
        if (until > nowNanos) {
          all.add(new Avoidance(worker, true, Optional.empty(), target.failuresInARow, until));
        }
      }
    }
    return all;
  }

  /** Returns the paths that are avoided, by receiver and source; the origin is the first source. */
  public List<Avoidance> avoidedPaths(long nowNanos) {
    List<Avoidance> all = new ArrayList<>();
    targets.forEach((worker, target) ->
        target.paths.forEach((source, path) -> {
          if (path.avoidedUntil > nowNanos) {
            all.add(
                new Avoidance(
                    worker,
                    false,
                    Optional.ofNullable(source),
                    path.failuresInARow,
                    path.avoidedUntil));
          }
        }));
    all.sort(
        Comparator.comparing(Avoidance::worker)
            .thenComparing(it -> it.source().map(WorkerId::value).orElse("")));
    return all;
  }
}
