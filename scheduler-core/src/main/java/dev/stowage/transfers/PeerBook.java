package dev.stowage.transfers;

import dev.stowage.answer.Avoided;
import dev.stowage.columns.Nanos;
import dev.stowage.model.WorkerId;
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
 * Rates, latencies and failures of paths, sources and receivers. A path that fails repeatedly is
 * avoided; each failed attempt after that doubles the time. Reads no clock. Not thread-safe.
 */
public final class PeerBook {
  /** Arrivals up to this size measure the latency; larger ones, and stalls, the rate. */
  public static final long LATENCY_BYTES = 64 << 10;

  /** The weight of a new figure in a running mean. */
  static final double NEW_SHARE = 0.3;

  /** The most sources remembered per receiver; the least recently used one goes first. */
  static final int MOST_SOURCES = 256;

  /** The sum of successes and failures at which both are halved, so that old ones fade. */
  private static final long FADING_COUNT = 64;

  /** The avoided paths from which the receiver, not its sources, is held to be the cause. */
  private static final int UNREACHABLE_FROM_PATHS = 2;

  private static final int MOST_COST_FACTOR = 8;

  private static final long NOT_AVOIDED = Long.MIN_VALUE;

  /** The groups of a ranking; 0 stands for sources with headroom. */
  private static final long BUSY = 1;

  private static final long AVOIDED = 2;
  private static final long NOT_COUNTED = 3;

  private static final int MOST_MICROS = 1_000_000;

  /** Bits of a sort key, from the low end: rank, transfers in flight, group. */
  private static final int RANK_BITS = 20;

  private static final int GROUP_SHIFT = RANK_BITS + Integer.SIZE;

  private final int failuresUntilAvoided;
  private final long firstAvoidedNanos;
  private final long longestAvoidedNanos;

  private final Map<WorkerId, Target> targets = new HashMap<>();
  private final Map<WorkerId, Figures> sources = new HashMap<>();

  /** The receivers whose last {@link #failuresUntilAvoided} transfers or more failed. */
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

  /** A receiver. The origin of chunks is the null source. */
  private static final class Target extends Figures {
    final Map<@Nullable WorkerId, Path> paths =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<@Nullable WorkerId, Path> eldest) {
            return size() > MOST_SOURCES;
          }
        };
  }

  public enum End {
    /** All bytes arrived and were correct. */
    ARRIVED,
    /** Ended by an error or by wrong bytes; says nothing of the rate. */
    FAILED,
    /** Was ended for being too slow. */
    STALLED
  }

  /** A possible source; {@code nearness}, 0 to 1, stands for its reputation. */
  public record Candidate(WorkerId id, double nearness, int inFlight, boolean isCounted) {}

  /** Creates a book that avoids paths after 3 failures, for 30 s at first and 10 min at most. */
  public PeerBook() {
    this(3, 30 * Nanos.PER_SECOND, 600 * Nanos.PER_SECOND);
  }

  /**
   * Creates a book that avoids a path after so many failures in a row, at least 1, for a first
   * time, doubled by each further failure up to the longest time.
   */
  PeerBook(int failures, long firstNanos, long longestNanos) {
    failuresUntilAvoided = failures;
    firstAvoidedNanos = firstNanos;
    longestAvoidedNanos = longestNanos;
  }

  /** Observes {@code bytes} in {@code nanos}, both at least 0; the null source is the origin. */
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

  /** Forgets a worker, in time proportional to the number of receivers. */
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
   * Returns the sources, best first: those with headroom by {@link PeerScore#rankMicros}, then busy
   * ones by load, avoided paths, and those not alive; equal ones by id.
   */
  public List<WorkerId> ranked(
      WorkerId worker, List<Candidate> candidates, double bytesPerSecond, long nowNanos) {
    int count = candidates.size();
    if (count <= 1) {
      return count == 0 ? List.of() : List.of(candidates.get(0).id());
    }
    PeerScore[] scores = new PeerScore[count];
    long[] keys = new long[count];
    double fastest = 0;
    for (int at = 0; at < count; at++) {
      Candidate candidate = candidates.get(at);
      scores[at] = score(candidate, worker, bytesPerSecond);
      fastest = Math.max(fastest, scores[at].bytesPerSecond());
      Path path = path(targets.get(worker), candidate.id());
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

  /** Prefers observations of the path, then of the source, then, for the rate, of the receiver. */
  PeerScore score(Candidate source, WorkerId worker, double expectedRate) {
    Target target = targets.get(worker);
    Path path = path(target, source.id());
    Figures any = sources.get(source.id());
    Figures tried = path != null ? path : any;
    double rate = rate(path);
    rate = rate > 0 ? rate : rate(any);
    rate = rate > 0 ? rate : rate(target);
    return new PeerScore(
        rate > 0 ? rate : expectedRate,
        tried == null ? 0 : tried.successes,
        tried == null ? 0 : tried.failures,
        path != null ? path.latencyMillis : 0,
        source.nearness(),
        source.inFlight());
  }

  private static @Nullable Path path(@Nullable Target target, WorkerId source) {
    return target == null ? null : target.paths.get(source);
  }

  private static double rate(@Nullable Figures figures) {
    return figures == null ? 0 : figures.bytesPerSecond;
  }

  /**
   * Returns expected seconds: latency plus bytes at the observed rate, else {@code expected}; times
   * (1 + failures in a row), at most {@value #MOST_COST_FACTOR}.
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

  /** Returns receivers without an arrival since several paths were avoided, by id. */
  public List<Avoided> unreachable(long nowNanos) {
    List<Avoided> all = new ArrayList<>();
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
          all.add(new Avoided(worker, true, Optional.empty(), target.failuresInARow, until));
        }
      }
    }
    return all;
  }

  /** Returns the avoided paths by receiver and source, the origin first. */
  public List<Avoided> avoidedPaths(long nowNanos) {
    List<Avoided> all = new ArrayList<>();
    targets.forEach((worker, target) ->
        target.paths.forEach((source, path) -> {
          if (path.avoidedUntil > nowNanos) {
            all.add(
                new Avoided(
                    worker,
                    false,
                    Optional.ofNullable(source),
                    path.failuresInARow,
                    path.avoidedUntil));
          }
        }));
    all.sort(
        Comparator.comparing(Avoided::worker)
            .thenComparing(it -> it.source().map(WorkerId::value).orElse("")));
    return all;
  }
}
