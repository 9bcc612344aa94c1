package dev.stowage.lifecycle;

import dev.stowage.answer.Leaving.Part;
import dev.stowage.answer.Progress;
import dev.stowage.answer.Progress.CopyCause;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The copies that workers reported as complete, by stream: {@link #ALL}, each {@link
 * CopyCause#word}, and each worker that is to leave ({@link #of(WorkerId)}); and the plans that
 * added copies. A cycle that takes in such reports, or adds copies, keeps the value with its
 * commit, so that the next leader goes on. Immutable.
 *
 * @param streams the streams by ascending name
 * @param isAtRest whether nothing was left to copy at the tick of the newest copies; the time until
 *     the next ones counts for no rate
 */
public record Moved(List<Stream> streams, boolean isAtRest) {
  /** The ticks of the past that plans are counted over: ten minutes, at a tick a second. */
  public static final long PLANS_TICKS = 600;

  /** The stream of all copies. */
  public static final String ALL = "all";

  /** The stream of plans that added copies, each of which counts as a byte. */
  public static final String PLANS = "plans";

  /** The stream of cycles that took in copies, each of which counts as a byte. */
  public static final String TURNS = "turns";

  /** The stream of workers that had copies to get at each of these cycles, as bytes. */
  public static final String TARGETS = "targets";

  private static final List<String> FLEET = List.of(ALL, PLANS, TURNS, TARGETS);

  /** The value of a fleet in which nothing moved. */
  public static final Moved NONE = new Moved(List.of(), false);

  /** The most workers that are to leave and have a stream of their own. */
  public static final int MOST_WORKERS = 100;

  /** The ticks without a report of a copy after which nothing moves. */
  public static final long STILL_TICKS = 60;

  private static final long SPACING_TICKS = 20;
  private static final double MOST_DOUBT = 0.4;
  private static final String WORKER = "worker ";

  /** The fields of the value. */
  static final Shape<Moved> SHAPE = Shape.derived("moved", Moved.class);

  /** Copies the list. */
  public Moved {
    streams = List.copyOf(streams);
  }

  /** The bytes of a stream up to a tick. */
  public record Sample(long tick, long bytes) {
    private Sample later(long ticks, long more) {
      return new Sample(tick + ticks, SaturatedSum.of(bytes, more));
    }

    static final Shape<Sample> SHAPE = Shape.derived("sample", Sample.class);
  }

  /**
   * Bytes per tick, measured over the window and over its newer half; both NaN if not known.
   *
   * @param least the smaller of the two
   * @param most the greater of the two
   */
  public record Rate(double least, double most) {
    /** The rate while nothing was observed. */
    public static final Rate UNKNOWN = new Rate(Double.NaN, Double.NaN);
  }

  /**
   * Completed copies. A pause longer than {@link Progress#RATE_TICKS}, of plans {@link
   * #PLANS_TICKS}, ends a stream, and the next copy begins it anew.
   *
   * @param sinceTick the tick of its first copies
   * @param lastTick the tick of its newest copies
   * @param copies the copies since it began
   * @param bytes their bytes, saturated
   * @param samples the bytes at some ticks of the window, oldest first; never empty
   */
  public record Stream(
      String name, long sinceTick, long lastTick, long copies, long bytes, List<Sample> samples) {
    static final Shape<Stream> SHAPE = Shape.derived("stream", Stream.class);

    /** Copies the list; throws {@code IllegalArgumentException} if it is empty. */
    public Stream {
      samples = List.copyOf(samples);
      if (samples.isEmpty()) {
        throw new IllegalArgumentException("stream " + name + " has no sample");
      }
    }

    private static Stream first(String name, long tick, Part arrived) {
      return new Stream(
          name,
          tick,
          tick,
          arrived.replicas(),
          arrived.bytes(),
          List.of(new Sample(tick, arrived.bytes())));
    }

    private long window() {
      return name.equals(PLANS) ? PLANS_TICKS : Progress.RATE_TICKS;
    }

    private Stream with(long tick, Part arrived, boolean wasAtRest) {
      if (tick - lastTick > window()) {
        return first(name, tick, arrived);
      }
      long now = SaturatedSum.of(bytes, arrived.bytes());
      boolean isOther = !isOfFleet(name) && tick - lastTick > STILL_TICKS;
      List<Sample> kept = new ArrayList<>(samples);
      if (wasAtRest || isOther) {
        // When these copies began is not known, so neither they nor their time are measured.
        kept.replaceAll(it -> it.later(tick - lastTick, arrived.bytes()));
      }
      if (tick - kept.get(kept.size() - 1).tick() >= SPACING_TICKS) {
        kept.add(new Sample(tick, now));
      }
      while (kept.size() > 1 && kept.get(1).tick() <= tick - window()) {
        kept.remove(0);
      }
      return new Stream(name, sinceTick, tick, copies + arrived.replicas(), now, kept);
    }

    private Stream begunAt(long now) {
      return new Stream(name, now, now, copies, bytes, List.of(new Sample(now, bytes)));
    }

    private Rate rateAt(long now) {
      Sample first = samples.get(0);
      long end = now - lastTick > SPACING_TICKS ? now : lastTick;
      if (lastTick == first.tick() || now - lastTick > window()) {
        return Rate.UNKNOWN;
      }
      Sample middle = first;
      for (Sample each : samples) {
        middle = 2 * each.tick() <= first.tick() + end ? each : middle;
      }
      double whole = perTick(first, end);
      double newer = perTick(middle, end);
      return new Rate(Math.min(whole, newer), Math.max(whole, newer));
    }

    // Of n copies in equal times, the next time has about n, give or take the root of n.
    private double doubt() {
      double counted = (double) (bytes - samples.get(0).bytes()) * copies / Math.max(1, bytes);
      return Math.min(MOST_DOUBT, 1 / Math.sqrt(counted));
    }

    private double perTick(Sample from, long end) {
      return (double) (bytes - from.bytes()) / (end - from.tick());
    }
  }

  /** Returns the name of the stream of a worker that is to leave. */
  public static String of(WorkerId worker) {
    return WORKER + worker.value();
  }

  /** Returns the stream of a name; empty if nothing of it moved. */
  public Optional<Stream> stream(String name) {
    return streams.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /**
   * Returns the rate of a stream at a tick, unknown before a second report and after a long pause.
   * A stream that is still while others move has none.
   */
  public Rate rateAt(String name, long now) {
    return stream(name)
        .filter(it -> isOfFleet(name) || now - it.lastTick() <= STILL_TICKS)
        .map(it -> it.rateAt(isAtRest && now - it.lastTick <= it.window() ? it.lastTick : now))
        .orElse(Rate.UNKNOWN);
  }

  /** Returns the share of a stream's rate by which it may be wrong, as few copies were counted. */
  public double doubt(String name) {
    return stream(name).map(Stream::doubt).orElse(MOST_DOUBT);
  }

  /** Returns the tick of the newest copies; empty if there were none. */
  public Optional<Tick> observed() {
    return stream(ALL).map(all -> Tick.of(all.lastTick()));
  }

  /**
   * Returns this value with the copies of one cycle.
   *
   * @param arrived the copies by name of their stream
   * @param isLeaving whether a worker, by the name of its stream, is still to leave
   * @param isDone whether nothing is left to copy
   */
  public Moved with(
      long tick, Map<String, Part> arrived, Predicate<String> isLeaving, boolean isDone) {
    TreeMap<String, Stream> now = new TreeMap<>();
    streams.forEach(each -> now.put(each.name(), each));
    now.keySet().removeIf(name -> name.startsWith(WORKER) && !isLeaving.test(name));
    arrived.forEach((name, part) -> {
      Stream former = now.get(name);
      if (former != null) {
        now.put(name, former.with(tick, part, isAtRest));
      } else if (!name.startsWith(WORKER) || workers(now) < MOST_WORKERS) {
        now.put(name, Stream.first(name, tick, part));
      }
    });
    return new Moved(List.copyOf(now.values()), isDone);
  }

  private static boolean isOfFleet(String name) {
    return FLEET.contains(name);
  }

  /** Returns this value with a plan that added copies. */
  public Moved planned(long tick) {
    TreeMap<String, Stream> now = new TreeMap<>();
    streams.forEach(each -> now.put(each.name(), each));
    Part plan = new Part(1, 1);
    Stream former = now.get(PLANS);
    now.put(
        PLANS,
        former == null ? Stream.first(PLANS, tick, plan) : former.with(tick, plan, isAtRest));
    return new Moved(List.copyOf(now.values()), isAtRest);
  }

  private static long workers(Map<String, Stream> streams) {
    return streams.keySet().stream().filter(name -> name.startsWith(WORKER)).count();
  }

  /** Returns this value after a reset of time: its windows begin anew, and counts stay. */
  public Moved begunAt(Tick now) {
    return new Moved(streams.stream().map(each -> each.begunAt(now.value())).toList(), isAtRest);
  }
}
