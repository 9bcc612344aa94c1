package dev.stowage.answer;

import dev.stowage.config.HoldUntil;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.FlagField;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    int underFloor,
    int atRisk,
    int dark,
    boolean backpressure,
    long holdWant,
    long holdHave,
    List<Level> levels,
    Told told) {
  /** The value before a cycle: nothing is known to be wrong. */
  public static final LeaderStanding NONE =
      new LeaderStanding(false, "", 0, 0, 0, false, 0, 0, List.of(), Told.NOTHING);

  private static final Shape.Builder<LeaderStanding> FIELDS = Shape.named("leader_standing");

  private static final FlagField<LeaderStanding> DEGRADED =
      FIELDS.flag("degraded", LeaderStanding::degraded);
  private static final ValueField<LeaderStanding, String> WORDS =
      FIELDS.text("words", LeaderStanding::words);
  private static final NumberField<LeaderStanding> UNDER_FLOOR =
      FIELDS
          .number("chunks_under_floor", LeaderStanding::underFloor)
          .narrow()
          .means("visible chunks with fewer copies than their floor");
  private static final NumberField<LeaderStanding> AT_RISK =
      FIELDS
          .number("chunks_at_risk", LeaderStanding::atRisk)
          .narrow()
          .means(
              "those under their floor left with one copy at most, or less than half of the"
                  + " floor; copies on workers whose absence was announced are left");
  private static final NumberField<LeaderStanding> DARK =
      FIELDS
          .number("chunks_dark", LeaderStanding::dark)
          .narrow()
          .means("visible chunks that portals can reach nowhere");
  private static final FlagField<LeaderStanding> BACKPRESSURE =
      FIELDS
          .flag("backpressure", LeaderStanding::backpressure)
          .means("1 if the fleet cannot hold the demanded replicas");
  private static final NumberField<LeaderStanding> HOLD_WANT =
      FIELDS
          .number("hold_want", LeaderStanding::holdWant)
          .means("workers, or bytes of capacity, that placing waits for; 0 if it does not wait");
  private static final NumberField<LeaderStanding> HOLD_HAVE =
      FIELDS
          .number("hold_have", LeaderStanding::holdHave)
          .means("what the fleet has of them; 0 if placing does not wait");
  private static final ValueField<LeaderStanding, List<Level>> LEVELS =
      FIELDS.list("levels", LeaderStanding::levels, Forms.row(Level.SHAPE));
  private static final ValueField<LeaderStanding, Told> TOLD =
      FIELDS.value("told", LeaderStanding::told, Forms.row(Told.SHAPE));

  /** The fields of the value; those with a meaning are figures. */
  static final Shape<LeaderStanding> SHAPE =
      FIELDS.make(v ->
          new LeaderStanding(
              DEGRADED.of(v),
              WORDS.of(v),
              UNDER_FLOOR.intOf(v),
              AT_RISK.intOf(v),
              DARK.intOf(v),
              BACKPRESSURE.of(v),
              HOLD_WANT.of(v),
              HOLD_HAVE.of(v),
              LEVELS.of(v),
              TOLD.of(v)));

  /**
   * A water level, and the workers that have it.
   *
   * @param millionths the level in millionths of the capacity
   * @param workers the workers; empty for all that no other level names and that take copies
   */
  public record Level(long millionths, List<WorkerId> workers) {
    private static final Shape<Level> SHAPE =
        Shape.of(
            "level",
            row -> {
              var level = row.number("level_millionths", Level::millionths);
              var workers = row.list("workers", Level::workers, Form.of(WorkerId.class));
              return v -> new Level(level.of(v), workers.of(v));
            });

    /** Copies {@code workers}. */
    public Level {
      workers = List.copyOf(workers);
    }
  }

  /** Copies {@code levels}. */
  public LeaderStanding {
    Objects.requireNonNull(words, "words");
    Objects.requireNonNull(told, "told");
    levels = List.copyOf(levels);
  }

  /** Returns this value with other counts of chunks. */
  public LeaderStanding withChunks(int chunksUnderFloor, int chunksAtRisk, int chunksDark) {
    LeaderStanding few = SHAPE.with(this, UNDER_FLOOR, chunksUnderFloor);
    return SHAPE.with(SHAPE.with(few, AT_RISK, chunksAtRisk), DARK, chunksDark);
  }

  /** Returns this value with what a service says of itself and has sent. */
  public LeaderStanding withService(boolean isDegraded, String said, Told messages) {
    LeaderStanding worded = SHAPE.with(SHAPE.with(this, DEGRADED, isDegraded), WORDS, said);
    return SHAPE.with(worded, TOLD, messages);
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
}
