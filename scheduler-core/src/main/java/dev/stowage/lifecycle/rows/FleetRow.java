package dev.stowage.lifecycle.rows;

import dev.stowage.columns.Mix;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.lifecycle.Annex;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Lineage;
import dev.stowage.shape.Field;
import dev.stowage.shape.Forms;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import dev.stowage.shape.Values;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

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

  /** The pins and bans. */
  public static final ValueField<FleetRow, List<PlacementWish>> WISHES =
      FIELDS.list("wishes", FleetRow::wishes, Forms.row(PlacementWish.SHAPE)).orElse(List.of());

  /** The largest tick that any cycle has seen. */
  public static final NumberField<FleetRow> LARGEST_TICK =
      FIELDS.number("largest_tick", FleetRow::largestTick).mark();

  /** Holds what is kept beside the largest tick. */
  public static final ValueField<FleetRow, Time> TIME =
      FIELDS.nested("time", FleetRow::time, Time.SHAPE).mark();

  /** The fields of a row. */
  public static final Shape<FleetRow> SHAPE = FIELDS.make(others(FIELDS));

  private static final long MARKS = SHAPE.mask(Field::isMark);

  /** Holds the fields that are neither marks nor so large that their hashes are remembered. */
  public static final long SMALL = ~(MARKS | CONFIG.bit() | WISHES.bit());

  /**
   * Holds what a command that another process than the leader's decides may change, or is decided
   * by; the lineages are for {@link #hasLineagesOf}, because the leader alone gives numbers.
   */
  public static final long DECIDED =
      ~MARKS
          & ~SHAPE.mask("lineages", "former_windows", "largest_window_ticks", "annexes")
          & ~SHAPE.mask("debt_bytes", "debt_replicas");

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

  private static Function<Values, FleetRow> others(Shape.Builder<FleetRow> row) {
    var configVersion = row.number("config_version", FleetRow::configVersion);
    var workers = row.number("worker_assignment", FleetRow::workerAssignment);
    var portals = row.number("portal_assignment", FleetRow::portalAssignment);
    var lineages = row.list("lineages", FleetRow::lineages, Forms.row(LineageRow.SHAPE));
    var lastSwap = row.number("last_swap", FleetRow::lastSwap);
    var watermark = row.number("watermark", FleetRow::watermark);
    var window = Forms.row(FormerWindow.SHAPE);
    var former = row.list("former_windows", FleetRow::formerWindows, window).orElse(List.of());
    var largest = row.number("largest_window_ticks", FleetRow::largestWindowTicks);
    var frozen = row.flag("frozen", FleetRow::frozen);
    var wishesVersion = row.number("wishes_version", FleetRow::wishesVersion);
    var factors = row.list("factors", FleetRow::factors, Forms.row(Factor.SHAPE)).orElse(List.of());
    var debtBytes = row.number("debt_bytes", FleetRow::debtBytes);
    var debtReplicas = row.number("debt_replicas", FleetRow::debtReplicas);
    var annex = Forms.map(Forms.row(Annex.SHAPE));
    var annexes = row.value("annexes", FleetRow::annexes, annex).orElse(Map.of());
    var backward = row.number("backward_ticks", FleetRow::backwardTicks).mark();
    return v ->
        new FleetRow(
            CONFIG.of(v),
            configVersion.of(v),
            workers.of(v),
            portals.of(v),
            lineages.of(v),
            lastSwap.of(v),
            watermark.of(v),
            former.of(v),
            largest.of(v),
            frozen.of(v),
            WISHES.of(v),
            wishesVersion.of(v),
            factors.of(v),
            debtBytes.of(v),
            debtReplicas.of(v),
            new TreeMap<>(annexes.of(v)),
            LARGEST_TICK.of(v),
            backward.of(v),
            TIME.of(v));
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

    static final Shape<Time> SHAPE =
        Shape.of(
            "time",
            row -> {
              var clock = row.number("clock_nanos", Time::clockNanos);
              var tick = row.number("tick_nanos", Time::tickNanos);
              var listening = row.number("listening_tick", Time::listeningTick);
              var resets = row.number("resets", Time::resets);
              return v -> new Time(clock.of(v), tick.of(v), listening.of(v), resets.of(v));
            });

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
      return at(before.clockNanos, tickNanos).equals(before);
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
    /** Two backends draw tokens of their own. */
    static final Shape<LineageRow> SHAPE =
        Shape.of(
            "lineage",
            row -> {
              var token = row.value("token", LineageRow::token, Lineage.FORM).mark();
              var began = row.number("began_tick", LineageRow::beganTick);
              var last = row.number("last_number", LineageRow::lastNumber);
              return v -> new LineageRow(token.of(v), began.of(v), last.of(v));
            });

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

  /** Reports whether all fields but the marks are as in another row. */
  public boolean differsInMarksOnly(FleetRow before) {
    return (SHAPE.changed(this, before) & ~MARKS) == 0;
  }

  /** Reports whether the same lineages began at the same ticks as in another row. */
  public boolean hasLineagesOf(FleetRow other) {
    return begun().equals(other.begun());
  }

  private List<LineageRow> begun() {
    return lineages.stream().map(it -> new LineageRow(it.token, it.beganTick, 0)).toList();
  }

  /** The present lineage. */
  public Lineage lineage() {
    return lineages.get(lineages.size() - 1).token();
  }
}
