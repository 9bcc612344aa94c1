package dev.stowage.lifecycle.rows;

import dev.stowage.columns.Mix;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.command.Annex;
import dev.stowage.command.PlacementWish;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.model.Lineage;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.shape.Field;
import dev.stowage.shape.Form;
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
 * The row of a fleet. Ids and the watermark are 0 before the first; versions count accepted
 * changes; the last lineage is current; wishes are in {@link PlacementWish#ORDER}. The last three
 * components are marks: durable, but not in the digest.
 *
 * @param formerWindows lowered drain windows that still count
 * @param largestWindowTicks the largest M ever set
 * @param factors the factors of the last plan, in its order
 * @param debtBytes bytes moved beyond the movement budget
 * @param debtReplicas replicas moved beyond the movement budget
 * @param backwardTicks the number of cycles called with a smaller tick than the largest
 */
@SuppressWarnings("exports") // fields are for our own stores
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
      FIELDS.nested("config", FleetRow::config, Shape.of(LifecycleConfig.class));

  /** The pins and bans. */
  public static final ValueField<FleetRow, List<PlacementWish>> WISHES =
      FIELDS
          .list("wishes", FleetRow::wishes, Forms.row(Shape.of(PlacementWish.class)))
          .orElse(List.of());

  /** The largest tick of any cycle. */
  public static final NumberField<FleetRow> LARGEST_TICK =
      FIELDS.number("largest_tick", FleetRow::largestTick).mark();

  /** The values kept beside the largest tick. */
  public static final ValueField<FleetRow, Time> TIME =
      FIELDS.nested("time", FleetRow::time, Time.SHAPE).mark();

  /** The fields of a row. */
  static final Shape<FleetRow> SHAPE = FIELDS.make(others(FIELDS));

  private static final long MARKS = SHAPE.mask(Field::isMark);

  /** The mask of the fields that are neither marks nor so large that their hashes are cached. */
  public static final long SMALL = ~(MARKS | CONFIG.bit() | WISHES.bit());

  /** Copies the collections; throws {@code IllegalArgumentException} without a lineage. */
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
    var annex = Forms.map(Forms.row(Shape.of(Annex.class)));
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
   * The values kept beside the largest tick to check it (lifecycle design, section 8).
   *
   * @param clockNanos the store's clock at that tick, in nanoseconds; {@link #UNREAD} without one
   * @param tickNanos the length of a tick then, in nanoseconds; 0 without a clock
   * @param listeningTick the tick since which silence counts; {@link #NO_CYCLE} before the first
   *     cycle
   * @param resets the number of manual settings of the largest tick
   */
  public record Time(long clockNanos, long tickNanos, long listeningTick, long resets) {
    /** The reading without a clock. */
    public static final long UNREAD = Long.MIN_VALUE;

    /** The listening tick before the first cycle, when there is no largest tick. */
    public static final long NO_CYCLE = -1;

    /** The values of a new fleet. */
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

    /** Reports whether a clock was read. */
    public boolean isRead() {
      return clockNanos != UNREAD;
    }

    /** Returns these values with another reading and, if a clock was read, length of a tick. */
    public Time at(long nanos, long nanosOfTick) {
      return new Time(nanos, nanos == UNREAD ? 0 : nanosOfTick, listeningTick, resets);
    }

    /** Returns these values with another tick from which silence counts. */
    public Time listening(long tick) {
      return new Time(clockNanos, tickNanos, tick, resets);
    }

    private boolean differsInReadingOnly(Time before) {
      return new Time(before.clockNanos, tickNanos, listeningTick, resets).equals(before);
    }
  }

  /** A lineage, with the newest chunk number assigned in it, 0 before the first. */
  public record LineageRow(Lineage token, long beganTick, long lastNumber) {
    /** The token is a mark, because two backends draw different tokens. */
    static final Shape<LineageRow> SHAPE =
        Shape.of(
            "lineage",
            row -> {
              var token = row.value("token", LineageRow::token, Form.of(Lineage.class)).mark();
              var began = row.number("began_tick", LineageRow::beganTick);
              var last = row.number("last_number", LineageRow::lastNumber);
              return v -> new LineageRow(token.of(v), began.of(v), last.of(v));
            });

    /** Throws {@code NullPointerException} if {@code token} is null. */
    public LineageRow {
      Objects.requireNonNull(token, "token");
    }
  }

  /** A lowered M in ticks, and the first tick at which it no longer counts. */
  public record FormerWindow(long windowTicks, long untilTick) {
    static final Shape<FormerWindow> SHAPE =
        Shape.of(
            "former_window",
            row -> {
              var window = row.number("window_ticks", FormerWindow::windowTicks);
              var until = row.number("until_tick", FormerWindow::untilTick);
              return v -> new FormerWindow(window.of(v), until.of(v));
            });

    /** Returns this window begun at another tick. */
    public FormerWindow begunAt(long tick) {
      return new FormerWindow(windowTicks, SaturatedSum.of(tick, windowTicks));
    }
  }

  /** The millionths of a replica that a weight earned in a pool. */
  public record Factor(PoolKey pool, int weight, long millionths) {
    static final Shape<Factor> SHAPE =
        Shape.of(
            "factor",
            row -> {
              var pool = row.nested("pool", Factor::pool, Shape.of(PoolKey.class));
              var weight = row.number("weight", Factor::weight).narrow();
              var millionths = row.number("millionths", Factor::millionths);
              return v -> new Factor(pool.of(v), weight.intOf(v), millionths.of(v));
            });

    /** Throws {@code NullPointerException} if {@code pool} is null. */
    public Factor {
      Objects.requireNonNull(pool, "pool");
    }
  }

  /** Returns the tick from which the lineage is obeyed (section 8); 0 in the first lineage. */
  public long deleteFromTick() {
    long pause = Math.max(config.lineagePauseTicks(), largestWindowTicks);
    long began = lineages.get(lineages.size() - 1).beganTick();
    return lineages.size() == 1 ? 0 : SaturatedSum.of(began, pause);
  }

  /** Returns the hash of the row in the state digest, without marks and tokens. */
  public long digest() {
    return SHAPE.digest(this, SMALL)
        + SHAPE.digest(this, CONFIG.bit())
        + SHAPE.digest(this, WISHES.bit());
  }

  /** Returns the hash of marks and lineage tokens, so that a store detects manual changes. */
  public long marksHash() {
    long hash = SHAPE.digest(this, MARKS);
    for (LineageRow lineage : lineages) {
      hash = Mix.fold(hash, lineage.token().token());
    }
    return hash;
  }

  /** Reports whether only the largest tick, upwards, and the clock's reading differ. */
  public boolean differsInTickOnly(FleetRow before) {
    return largestTick > before.largestTick
        && (SHAPE.changed(this, before) & ~(LARGEST_TICK.bit() | TIME.bit())) == 0
        && time.differsInReadingOnly(before.time);
  }

  /** Reports whether only the clock's reading differs. */
  public boolean differsInReadingOnly(FleetRow before) {
    return (SHAPE.changed(this, before) & ~TIME.bit()) == 0
        && time.differsInReadingOnly(before.time);
  }

  /** Reports whether only marks differ. */
  public boolean differsInMarksOnly(FleetRow before) {
    return (SHAPE.changed(this, before) & ~MARKS) == 0;
  }

  /** Returns the current lineage. */
  public Lineage lineage() {
    return lineages.get(lineages.size() - 1).token();
  }
}
