package dev.stowage.answer;

import dev.stowage.config.HoldUntil;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Figure;
import dev.stowage.shape.Means;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Tells how a fleet stands by what only its leader knows. A cycle keeps it for other processes if
 * it changed, so that it holds as of the largest tick.
 *
 * @param degraded whether the service that runs the leader is degraded
 * @param words the state and the reason of that service; empty without one
 * @param underFloor the visible chunks with fewer copies than their floor
 * @param atRisk those of them that readers could lose soon: at most one worker, or fewer than half
 *     of their floor, possess them, of counted workers and those that are away as announced
 * @param dark the visible chunks that portals can reach nowhere
 * @param backpressure whether the fleet cannot hold the demanded replicas
 * @param holdWant what placing waits for; 0 if it does not wait
 * @param holdHave what the fleet has of it; 0 if placing does not wait
 * @param levels the water levels of the last plan, highest first
 * @param told the messages of that service, its lag a power of two; they alone write nothing unless
 *     one was sent or the lag passed such a power
 */
public record LeaderStanding(
    boolean degraded,
    String words,
    @Declare(name = "chunks_under_floor")
        @Means("visible chunks with fewer copies than their floor")
        int underFloor,
    @Declare(name = "chunks_at_risk")
        @Means(
            "chunks under their floor with one copy at most, or less than half of it; copies on"
                + " workers that are away count")
        int atRisk,
    @Declare(name = "chunks_dark") @Means("visible chunks that portals can reach nowhere") int dark,
    @Means("1 if the fleet cannot hold the demanded replicas") boolean backpressure,
    @Means("workers or bytes of capacity that placing waits for, or 0") long holdWant,
    @Means("what the fleet has of them, or 0") long holdHave,
    List<Level> levels,
    Told told) {
  /** The value before a cycle: nothing is known to be wrong. */
  public static final LeaderStanding NONE =
      new LeaderStanding(false, "", 0, 0, 0, false, 0, 0, List.of(), Told.NOTHING);

  /** The fields of the value; those with a meaning are figures. */
  static final Shape<LeaderStanding> SHAPE = Shape.derived("leader_standing", LeaderStanding.class);

  /**
   * A water level, and the workers that have it.
   *
   * @param millionths the level in millionths of the capacity
   * @param workers the workers; empty for all that no other level names and that take copies
   */
  public record Level(@Declare(name = "level_millionths") long millionths, List<WorkerId> workers) {
    static final Shape<Level> SHAPE = Shape.derived("level", Level.class);

    /** Copies {@code workers}. */
    public Level {
      workers = List.copyOf(workers);
    }
  }

  /** Copies {@code levels}. */
  public LeaderStanding {
    levels = List.copyOf(levels);
  }

  /** Returns this value with other counts of chunks. */
  public LeaderStanding withChunks(int chunksUnderFloor, int chunksAtRisk, int chunksDark) {
    LeaderStanding few = SHAPE.with(this, "chunks_under_floor", chunksUnderFloor);
    return SHAPE.with(SHAPE.with(few, "chunks_at_risk", chunksAtRisk), "chunks_dark", chunksDark);
  }

  /** Returns this value with what a service says of itself and has sent. */
  public LeaderStanding withService(boolean isDegraded, String said, Told messages) {
    LeaderStanding worded = SHAPE.with(SHAPE.with(this, "degraded", isDegraded), "words", said);
    return SHAPE.with(worded, "told", messages);
  }

  /** Returns this value behind a scheduling cycle, whose plan, if there is one, has levels. */
  public LeaderStanding withPlan(
      boolean isBackpressure, Optional<HoldUntil.Wait> held, Optional<List<Level>> planned) {
    return new LeaderStanding(
        degraded,
        words,
        underFloor,
        atRisk,
        dark,
        isBackpressure,
        held.map(it -> it.until().least()).orElse(0L),
        held.map(HoldUntil.Wait::have).orElse(0L),
        planned.orElse(levels),
        told);
  }

  /** Returns the reasons for which a leader of these figures is not well, in words. */
  public static List<String> reasons(int atRisk, int dark) {
    List<String> reasons = new ArrayList<>();
    if (atRisk > 0) {
      reasons.add(atRisk + (atRisk == 1 ? " chunk is" : " chunks are") + " at risk");
    }
    if (dark > 0) {
      reasons.add(
          "no portal can read " + dark + (dark == 1 ? " visible chunk" : " visible chunks"));
    }
    return reasons;
  }

  /** Reports whether the service is not degraded, and readers could lose or miss no chunk. */
  public boolean isUp() {
    return !degraded && reasons(atRisk, dark).isEmpty();
  }

  /** Returns the words of the service, if there is one, and the reasons in the figures. */
  public List<String> reasons() {
    List<String> reasons = new ArrayList<>(words.isEmpty() ? List.of() : List.of(words));
    reasons.addAll(reasons(atRisk, dark));
    return reasons;
  }

  /** Returns the level of a worker that takes copies, in millionths; empty if it is unknown. */
  public Function<WorkerId, OptionalLong> levelByWorker() {
    Map<WorkerId, OptionalLong> named = new HashMap<>();
    OptionalLong others = OptionalLong.empty();
    for (Level each : levels) {
      OptionalLong level = OptionalLong.of(each.millionths);
      others = each.workers.isEmpty() ? level : others;
      each.workers.forEach(worker -> named.put(worker, level));
    }
    OptionalLong rest = others;
    return worker -> named.getOrDefault(worker, rest);
  }

  /**
   * Counts the messages about assignments that a service has sent in all; their delays are seconds.
   *
   * @param sent those given to the courier
   * @param dropped those planned that were superseded, beyond a budget or cut off
   * @param meanDelay the mean of their times from the change to the courier
   * @param peakDelay the longest of these times
   * @param lag the time since which the recipient farthest behind waits for one; 0 if none waits
   */
  public record Told(long sent, long dropped, double meanDelay, double peakDelay, double lag) {
    /** The value before the first message, and without a service that sends any. */
    public static final Told NOTHING = new Told(0, 0, 0, 0, 0);

    /** The fields of the value. */
    static final Shape<Told> SHAPE = Shape.derived("told", Told.class);

    /** The figures of a service that is propagating. */
    static final List<Figure<Told>> FIGURES =
        List.of(
            Figure.total("news.sent", "messages sent about assignments", Told::sent),
            Figure.total(
                "news.dropped", "messages superseded, beyond a budget or cut off", Told::dropped),
            Figure.of(
                "news.delay.mean",
                Unit.SECONDS,
                "mean time from a change to its message",
                Told::meanDelay),
            Figure.of(
                "news.delay.peak", Unit.SECONDS, "the longest of these times", Told::peakDelay),
            Figure.of(
                "news.lag",
                Unit.SECONDS,
                "wait of the recipient farthest behind, or 0",
                Told::lag));

    /**
     * Returns this value with its lag rounded down to a power of two, or {@code kept} if no message
     * was sent since and that lag is equal: a fleet at rest has nothing new to keep.
     */
    public Told unless(Told kept) {
      Told now = new Told(sent, dropped, meanDelay, peakDelay, Long.highestOneBit((long) lag));
      return now.sent == kept.sent && now.lag == kept.lag ? kept : now;
    }
  }
}
