package dev.stowage.lifecycle.rows;

import dev.stowage.columns.Mix;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.command.Annex;
import dev.stowage.command.PlacementWish;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.model.Lineage;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Field;
import dev.stowage.shape.FlagField;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The row of a fleet. Ids and the watermark are 0 before the first; versions count accepted
 * changes; the last lineage is current; wishes are in {@link PlacementWish#ORDER}. Marks are
 * durable, but not in the digest.
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
    @Declare(orEmpty = true) List<PlacementWish> wishes,
    @Declare(mark = true) long largestTick,
    @Declare(mark = true) Time time,
    long configVersion,
    long workerAssignment,
    long portalAssignment,
    List<LineageRow> lineages,
    long lastSwap,
    long watermark,
    @Declare(orEmpty = true) List<FormerWindow> formerWindows,
    long largestWindowTicks,
    boolean frozen,
    long wishesVersion,
    @Declare(orEmpty = true) List<Factor> factors,
    long debtBytes,
    long debtReplicas,
    @Declare(orEmpty = true) Map<String, Annex> annexes,
    @Declare(mark = true) long backwardTicks) {
  /** The fields of a row. */
  static final Shape<FleetRow> SHAPE = Shape.derived("fleet", FleetRow.class);

  /** The configuration of a fleet. */
  public static final ValueField<FleetRow, LifecycleConfig> CONFIG = SHAPE.value("config");

  /** The pins and bans. */
  public static final ValueField<FleetRow, List<PlacementWish>> WISHES = SHAPE.value("wishes");

  /** The largest tick of any cycle. */
  public static final NumberField<FleetRow> LARGEST_TICK = SHAPE.number("largest_tick");

  /** The values kept beside the largest tick. */
  public static final ValueField<FleetRow, Time> TIME = SHAPE.value("time");

  public static final NumberField<FleetRow> CONFIG_VERSION = SHAPE.number("config_version");
  public static final NumberField<FleetRow> WORKER_ASSIGNMENT = SHAPE.number("worker_assignment");
  public static final NumberField<FleetRow> PORTAL_ASSIGNMENT = SHAPE.number("portal_assignment");
  public static final ValueField<FleetRow, List<LineageRow>> LINEAGES = SHAPE.value("lineages");
  public static final NumberField<FleetRow> LAST_SWAP = SHAPE.number("last_swap");
  public static final NumberField<FleetRow> WATERMARK = SHAPE.number("watermark");
  public static final ValueField<FleetRow, List<FormerWindow>> FORMER_WINDOWS =
      SHAPE.value("former_windows");
  public static final NumberField<FleetRow> LARGEST_WINDOW = SHAPE.number("largest_window_ticks");
  public static final FlagField<FleetRow> FROZEN = SHAPE.flag("frozen");
  public static final NumberField<FleetRow> WISHES_VERSION = SHAPE.number("wishes_version");
  public static final ValueField<FleetRow, List<Factor>> FACTORS = SHAPE.value("factors");
  public static final NumberField<FleetRow> DEBT_BYTES = SHAPE.number("debt_bytes");
  public static final NumberField<FleetRow> DEBT_REPLICAS = SHAPE.number("debt_replicas");
  public static final ValueField<FleetRow, Map<String, Annex>> ANNEXES = SHAPE.value("annexes");
  public static final NumberField<FleetRow> BACKWARD_TICKS = SHAPE.number("backward_ticks");

  private static final long MARKS = SHAPE.mask(Field::isMark);

  /** The mask of the fields that are neither marks nor so large that their hashes are cached. */
  public static final long SMALL = ~(MARKS | CONFIG.bit() | WISHES.bit());

  /** Copies the collections; throws {@code IllegalArgumentException} without a lineage. */
  public FleetRow {
    lineages = List.copyOf(lineages);
    formerWindows = List.copyOf(formerWindows);
    wishes = List.copyOf(wishes);
    factors = List.copyOf(factors);
    annexes = Collections.unmodifiableSortedMap(new TreeMap<>(annexes));
    if (lineages.isEmpty()) {
      throw new IllegalArgumentException("a fleet has at least one lineage; none is given");
    }
  }

  /** Returns the row of a new fleet. */
  public static FleetRow first(LifecycleConfig config, Lineage lineage) {
    return SHAPE
        .draft()
        .with(CONFIG, config)
        .with(TIME, Time.FIRST)
        .with(CONFIG_VERSION, 1)
        .with(LINEAGES, List.of(new LineageRow(lineage, 0, 0)))
        .with(LARGEST_WINDOW, config.drainWindowTicks())
        .row();
  }

  /** Returns a draft of a row with other fields. */
  public Shape.Draft<FleetRow> draft() {
    return SHAPE.draft(this);
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

    static final Shape<Time> SHAPE = Shape.derived("time", Time.class);

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
  public record LineageRow(@Declare(mark = true) Lineage token, long beganTick, long lastNumber) {
    /** The token is a mark, because two backends draw different tokens. */
    static final Shape<LineageRow> SHAPE = Shape.derived("lineage", LineageRow.class);
  }

  /** A lowered M in ticks, and the first tick at which it no longer counts. */
  public record FormerWindow(long windowTicks, long untilTick) {
    static final Shape<FormerWindow> SHAPE = Shape.derived("former_window", FormerWindow.class);

    /** Returns this window begun at another tick. */
    public FormerWindow begunAt(long tick) {
      return new FormerWindow(windowTicks, SaturatedSum.of(tick, windowTicks));
    }
  }

  /** The millionths of a replica that a weight earned in a pool. */
  public record Factor(PoolKey pool, int weight, long millionths) {
    static final Shape<Factor> SHAPE = Shape.derived("factor", Factor.class);
  }

  /** Returns a kept value; throws {@code IllegalArgumentException} if its bytes are unreadable. */
  public <T> T kept(KeptValue<T> value) {
    return value.of(annexes.get(value.kind()));
  }

  /** Reports whether there was a cycle, and thus a largest tick. */
  public boolean hasCycled() {
    return time.listeningTick() != Time.NO_CYCLE;
  }

  /** Returns the tick since which a worker is silent. */
  public long silentSince(WorkerRow worker) {
    long since = Math.max(worker.lastSeenTick(), time.listeningTick());
    return worker.isAway() ? since : Math.max(since, worker.awayUntil());
  }

  /** Returns M in ticks for a window from this tick, longer than configured after a reduction. */
  public long windowAt(long tick) {
    long window = config.drainWindowTicks();
    for (FormerWindow former : formerWindows) {
      if (tick < former.untilTick()) {
        window = Math.max(window, former.windowTicks());
      }
    }
    return window;
  }

  /** Returns the end of a window from this tick. */
  public long windowEnd(long tick) {
    return SaturatedSum.of(tick, windowAt(tick));
  }

  /** Returns the ticks for which a portal may use routes that it asks for now. */
  public long portalWindowTicks() {
    long lead = time.isRead() ? config.trust().allowedSkewTicks() : 0;
    return Math.max(0, config.drainWindowTicks() - lead);
  }

  /** Returns the tick from which the lineage is obeyed (section 8); 0 in the first lineage. */
  public long deleteFromTick() {
    long pause = Math.max(config.lineagePauseTicks(), largestWindowTicks);
    return lineages.size() == 1 ? 0 : SaturatedSum.of(present().beganTick(), pause);
  }

  /** Reports whether the pause after the current lineage began holds all deletions. */
  public boolean isPaused(long tick) {
    return tick < deleteFromTick();
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

  /** Returns the row of the current lineage. */
  public LineageRow present() {
    return lineages.get(lineages.size() - 1);
  }

  /** Returns the current lineage. */
  public Lineage lineage() {
    return present().token();
  }
}
