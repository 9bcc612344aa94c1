package dev.stowage.lifecycle.rows;

import java.util.Collections;
import dev.stowage.shape.Field;
import dev.stowage.shape.FlagField;
import dev.stowage.shape.Forms;
import java.util.Map;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;

import dev.stowage.columns.Mix;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.lifecycle.Annex;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Lineage;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The one row of a fleet: configuration, counters, watermark, lineages, wishes. The last three
 * components are marks: durable, but no change of the state and not in its digest.
 *
 * @param config the configuration
 * @param configVersion counts the accepted {@code configure} commands
 * @param workerAssignment the newest worker assignment, 0 before the first
 * @param portalAssignment the newest portal assignment, 0 before the first
 * @param lineages every lineage so far, in order; the last is the present one
 * @param lastSwap the newest swap id, 0 before the first
 * @param watermark the confirmation watermark, 0 before any worker applied anything
 * @param formerWindows drain windows that were lowered and still count
 * @param largestWindowTicks the largest M ever set
 * @param frozen whether growth and moves are switched off
 * @param wishes pins and bans, in {@link PlacementWish#ORDER}
 * @param wishesVersion counts the accepted changes of wishes and of the freeze
 * @param factors the factors of the last plan, in its order
 * @param debtBytes bytes moved beyond the movement budget
 * @param debtReplicas replicas moved beyond the movement budget
 * @param annexes what other packages keep with the state, by name
 * @param largestTick the largest tick that any cycle has seen
 * @param backwardTicks how often a cycle was called with a smaller tick than the largest
 * @param time what is kept beside the largest tick
 */
public record FleetRow(
    LifecycleConfig config,
    long configVersion,
    long workerAssignment,
    long portalAssignment,
    List<LineageRow> lineages,
    long lastSwap,
    long watermark,
    List<FormerWindow> formerWindows,
    long largestWindowTicks,
    boolean frozen,
    List<PlacementWish> wishes,
    long wishesVersion,
    List<Factor> factors,
    long debtBytes,
    long debtReplicas,
    SortedMap<String, Annex> annexes,
    long largestTick,
    long backwardTicks,
    Time time) {
  private static final Shape.Builder<FleetRow> FIELDS = Shape.named("fleet");

  /** The configuration of a fleet. */
  public static final ValueField<FleetRow, LifecycleConfig> CONFIG =
      FIELDS.nested("config", FleetRow::config, LifecycleConfig.SHAPE);

  private static final NumberField<FleetRow> CONFIG_VERSION =
      FIELDS.number("config_version", FleetRow::configVersion);
  private static final NumberField<FleetRow> WORKER_ASSIGNMENT =
      FIELDS.number("worker_assignment", FleetRow::workerAssignment);
  private static final NumberField<FleetRow> PORTAL_ASSIGNMENT =
      FIELDS.number("portal_assignment", FleetRow::portalAssignment);
  private static final ValueField<FleetRow, List<LineageRow>> LINEAGES =
      FIELDS.list("lineages", FleetRow::lineages, Forms.row(LineageRow.SHAPE));
  private static final NumberField<FleetRow> LAST_SWAP =
      FIELDS.number("last_swap", FleetRow::lastSwap);
  private static final NumberField<FleetRow> WATERMARK =
      FIELDS.number("watermark", FleetRow::watermark);
  private static final ValueField<FleetRow, List<FormerWindow>> FORMER_WINDOWS =
      FIELDS
          .list("former_windows", FleetRow::formerWindows, Forms.row(FormerWindow.SHAPE))
          .orElse(List.of());
  private static final NumberField<FleetRow> LARGEST_WINDOW_TICKS =
      FIELDS.number("largest_window_ticks", FleetRow::largestWindowTicks);
  private static final FlagField<FleetRow> FROZEN = FIELDS.flag("frozen", FleetRow::frozen);

  /** The pins and bans. */
  public static final ValueField<FleetRow, List<PlacementWish>> WISHES =
      FIELDS.list("wishes", FleetRow::wishes, Forms.row(PlacementWish.SHAPE)).orElse(List.of());

  private static final NumberField<FleetRow> WISHES_VERSION =
      FIELDS.number("wishes_version", FleetRow::wishesVersion);
  private static final ValueField<FleetRow, List<Factor>> FACTORS =
      FIELDS.list("factors", FleetRow::factors, Forms.row(Factor.SHAPE)).orElse(List.of());
  private static final NumberField<FleetRow> DEBT_BYTES =
      FIELDS.number("debt_bytes", FleetRow::debtBytes);
  private static final NumberField<FleetRow> DEBT_REPLICAS =
      FIELDS.number("debt_replicas", FleetRow::debtReplicas);
  private static final ValueField<FleetRow, Map<String, Annex>> ANNEXES =
      FIELDS
          .value("annexes", FleetRow::annexes, Forms.map(Forms.row(Annex.SHAPE)))
          .orElse(Map.of());

  /** The largest tick that any cycle has seen. */
  public static final NumberField<FleetRow> LARGEST_TICK =
      FIELDS.number("largest_tick", FleetRow::largestTick).mark();

  private static final NumberField<FleetRow> BACKWARD_TICKS =
      FIELDS.number("backward_ticks", FleetRow::backwardTicks).mark();

  /** What is kept beside the largest tick. */
  public static final ValueField<FleetRow, Time> TIME =
      FIELDS.nested("time", FleetRow::time, Time.SHAPE).mark();

  /** The fields of a row. */
  public static final Shape<FleetRow> SHAPE =
      FIELDS.make(v ->
          new FleetRow(
              CONFIG.of(v),
              CONFIG_VERSION.of(v),
              WORKER_ASSIGNMENT.of(v),
              PORTAL_ASSIGNMENT.of(v),
              LINEAGES.of(v),
              LAST_SWAP.of(v),
              WATERMARK.of(v),
              FORMER_WINDOWS.of(v),
              LARGEST_WINDOW_TICKS.of(v),
              FROZEN.of(v),
              WISHES.of(v),
              WISHES_VERSION.of(v),
              FACTORS.of(v),
              DEBT_BYTES.of(v),
              DEBT_REPLICAS.of(v),
              new TreeMap<>(ANNEXES.of(v)),
              LARGEST_TICK.of(v),
              BACKWARD_TICKS.of(v),
              TIME.of(v)));

  private static final long MARKS = SHAPE.mask(Field::isMark);

  /** Holds the fields that are neither marks nor so large that their hashes are remembered. */
  public static final long SMALL = ~(MARKS | CONFIG.bit() | WISHES.bit());

  /**
   * Holds what a command that another process than the leader's decides may change, or is decided
   * by; the lineages are for {@link #hasLineagesOf}, because the leader alone gives numbers.
   */
  public static final long DECIDED =
      ~(MARKS
          | LINEAGES.bit()
          | FORMER_WINDOWS.bit()
          | LARGEST_WINDOW_TICKS.bit()
          | DEBT_BYTES.bit()
          | DEBT_REPLICAS.bit()
          | ANNEXES.bit());

  /** Copies the collections; refuses a fleet without a lineage. */
  public FleetRow {
    Objects.requireNonNull(config, "config");
    lineages = List.copyOf(lineages);
    formerWindows = List.copyOf(formerWindows);
    wishes = List.copyOf(wishes);
    factors = List.copyOf(factors);
    Objects.requireNonNull(time, "time");
    annexes = Collections.unmodifiableSortedMap(new TreeMap<>(annexes));
    if (lineages.isEmpty()) {
      throw new IllegalArgumentException("a fleet has at least one lineage; none is given");
    }
  }

  /**
   * What is kept beside the largest tick, so that it can be trusted (lifecycle design, section 8).
   *
   * @param clockNanos what the clock of the store showed when that was the time; {@link #UNREAD}
   *     where there is none
   * @param tickNanos how long a tick lasted then, in nanoseconds; 0 where there is no clock
   * @param listeningTick since which tick silence counts; {@link #NO_CYCLE} before the first cycle
   * @param resets how often the largest tick was set by hand
   */
  public record Time(long clockNanos, long tickNanos, long listeningTick, long resets) {
    /** No clock was read. */
    public static final long UNREAD = Long.MIN_VALUE;

    /** There was no cycle yet, so there is no largest tick. */
    public static final long NO_CYCLE = -1;

    /** Of a fleet that begins. */
    public static final Time FIRST = new Time(UNREAD, 0, NO_CYCLE, 0);

    private static final Shape.Builder<Time> FIELDS = Shape.named("time");
    private static final NumberField<Time> CLOCK_NANOS =
        FIELDS.number("clock_nanos", Time::clockNanos);
    private static final NumberField<Time> TICK_NANOS =
        FIELDS.number("tick_nanos", Time::tickNanos);
    private static final NumberField<Time> LISTENING_TICK =
        FIELDS.number("listening_tick", Time::listeningTick);
    private static final NumberField<Time> RESETS = FIELDS.number("resets", Time::resets);

    static final Shape<Time> SHAPE =
        FIELDS.make(v ->
            new Time(CLOCK_NANOS.of(v), TICK_NANOS.of(v), LISTENING_TICK.of(v), RESETS.of(v)));

    /** Whether a clock was read. */
    public boolean isRead() {
      return clockNanos != UNREAD;
    }

    /** The same with another reading. */
    public Time at(long nanos, long nanosOfTick) {
      return new Time(nanos, nanosOfTick, listeningTick, resets);
    }

    /** The same where silence counts from another tick on. */
    public Time listening(long tick) {
      return new Time(clockNanos, tickNanos, tick, resets);
    }

    private boolean differsInReadingOnly(Time before) {
      return (SHAPE.changed(this, before) & ~CLOCK_NANOS.bit()) == 0;
    }
  }

  /**
   * One lineage.
   *
   * @param token its token
   * @param beganTick the tick at which it began
   * @param lastNumber the newest chunk number given in it, 0 before the first
   */
  public record LineageRow(Lineage token, long beganTick, long lastNumber) {
    private static final Shape.Builder<LineageRow> FIELDS = Shape.named("lineage");

    /** Two backends draw tokens of their own. */
    private static final ValueField<LineageRow, Lineage> TOKEN =
        FIELDS.value("token", LineageRow::token, Lineage.FORM).mark();

    private static final NumberField<LineageRow> BEGAN_TICK =
        FIELDS.number("began_tick", LineageRow::beganTick);
    private static final NumberField<LineageRow> LAST_NUMBER =
        FIELDS.number("last_number", LineageRow::lastNumber);

    static final Shape<LineageRow> SHAPE =
        FIELDS.make(v -> new LineageRow(TOKEN.of(v), BEGAN_TICK.of(v), LAST_NUMBER.of(v)));

    /** Refuses null. */
    public LineageRow {
      Objects.requireNonNull(token, "token");
    }
  }

  /**
   * A drain window that was lowered: it counts until portals that revalidated under it are gone.
   *
   * @param windowTicks the former M
   * @param untilTick the first tick at which it no longer counts
   */
  public record FormerWindow(long windowTicks, long untilTick) {
    static final Shape<FormerWindow> SHAPE =
        Shape.of(
            "former_window",
            row -> {
              var window = row.number("window_ticks", FormerWindow::windowTicks);
              var until = row.number("until_tick", FormerWindow::untilTick);
              return v -> new FormerWindow(window.of(v), until.of(v));
            });

    /** The same, counted from another tick on. */
    public FormerWindow begunAt(long tick) {
      return new FormerWindow(windowTicks, SaturatedSum.of(tick, windowTicks));
    }
  }

  /**
   * What a weight earned in one pool of workers.
   *
   * @param eligibility which workers may hold the chunks of the pool
   * @param weight the weight
   * @param millionths the factor, in millionths of a replica
   */
  public record Factor(Eligibility eligibility, int weight, long millionths) {
    static final Shape<Factor> SHAPE =
        Shape.of(
            "factor",
            row -> {
              var eligibility = row.nested("eligibility", Factor::eligibility, Eligibility.SHAPE);
              var weight = row.number("weight", Factor::weight).narrow();
              var millionths = row.number("millionths", Factor::millionths);
              return v -> new Factor(eligibility.of(v), weight.intOf(v), millionths.of(v));
            });

    /** Refuses null. */
    public Factor {
      Objects.requireNonNull(eligibility, "eligibility");
    }
  }

  /**
   * The first tick at which workers obey slices of the present lineage (lifecycle design, section
   * 8); 0 in a fleet that never lost commits.
   */
  public long obeyFromTick() {
    long pause = Math.max(config.lineagePauseTicks(), largestWindowTicks);
    long began = lineages.get(lineages.size() - 1).beganTick();
    return lineages.size() == 1 ? 0 : SaturatedSum.of(began, pause);
  }

  /** Returns the hash of the row that the state digest adds up; marks and tokens are not in it. */
  public long digest() {
    return SHAPE.digest(this, SMALL)
        + SHAPE.digest(this, CONFIG.bit())
        + SHAPE.digest(this, WISHES.bit());
  }

  /**
   * A hash of what the state digest leaves out, the marks and the tokens of the lineages: a store
   * that keeps it beside the row notices one that was changed by a hand.
   */
  public long marksHash() {
    long hash = SHAPE.digest(this, MARKS);
    for (LineageRow lineage : lineages) {
      hash = Mix.fold(hash, lineage.token().token());
    }
    return hash;
  }

  /**
   * Whether all that is new in this row is that a cycle has seen a later tick, with what the clock
   * showed beside it.
   */
  public boolean differsInTickOnly(FleetRow before) {
    return largestTick > before.largestTick
        && (SHAPE.changed(this, before) & ~(LARGEST_TICK.bit() | TIME.bit())) == 0
        && time.differsInReadingOnly(before.time);
  }

  /** Whether all that is new in this row is what the clock showed. */
  public boolean differsInReadingOnly(FleetRow before) {
    return (SHAPE.changed(this, before) & ~TIME.bit()) == 0
        && time.differsInReadingOnly(before.time);
  }

  /** Whether all but the marks is as in another row. */
  public boolean differsInMarksOnly(FleetRow before) {
    return (SHAPE.changed(this, before) & ~MARKS) == 0;
  }

  /** Reports whether the same lineages began at the same ticks as in another row. */
  public boolean hasLineagesOf(FleetRow other) {
    return begun().equals(other.begun());
  }

  private List<LineageRow> begun() {
    return lineages.stream()
        .map(it -> LineageRow.SHAPE.with(it, LineageRow.LAST_NUMBER, 0))
        .toList();
  }

  /** The present lineage. */
  public Lineage lineage() {
    return lineages.get(lineages.size() - 1).token();
  }
}
