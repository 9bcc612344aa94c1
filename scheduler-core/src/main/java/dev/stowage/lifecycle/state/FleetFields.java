package dev.stowage.lifecycle.state;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.lifecycle.Annex;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Lineage;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The fleet's one row in the mirror; the fields are those of {@link FleetRow}. */
public final class FleetFields {
  public LifecycleConfig config;
  public long configVersion;
  public long workerAssignment;
  public long portalAssignment;
  public List<FleetRow.LineageRow> lineages;
  public long lastSwap;
  public long watermark;
  public List<FleetRow.FormerWindow> formerWindows;
  public long largestWindow;
  public boolean frozen;
  public List<PlacementWish> wishes;
  public long wishesVersion;
  public List<FleetRow.Factor> factors;
  public long debtBytes;
  public long debtReplicas;
  public SortedMap<String, Annex> annexes;
  public long largestTick;
  public long backwardTicks;
  public FleetRow.Time time;

  /** What was made last: a report asks for the row several times and seldom changes it. */
  private @Nullable Made made;

  /** A row, and the map that it has a copy of. */
  private record Made(FleetRow row, SortedMap<String, Annex> annexes) {}

  /** What the clock of the store shows in the transaction at hand; in no row. */
  private long readingNanos = FleetRow.Time.UNREAD;

  private long readingTickNanos;

  FleetFields(FleetRow row) {
    config = row.config();
    lineages = row.lineages();
    formerWindows = row.formerWindows();
    wishes = row.wishes();
    factors = row.factors();
    annexes = row.annexes();
    time = row.time();
    restore(row);
  }

  /** The row of a fleet that begins. */
  public static FleetRow first(LifecycleConfig config, Lineage lineage) {
    return new FleetRow(
        config,
        1,
        0,
        0,
        List.of(new FleetRow.LineageRow(lineage, 0, 0)),
        0,
        0,
        List.of(),
        config.drainWindowTicks(),
        false,
        List.of(),
        0,
        List.of(),
        0,
        0,
        new TreeMap<>(),
        0,
        0,
        FleetRow.Time.FIRST);
  }

  void restore(FleetRow row) {
    config = row.config();
    configVersion = row.configVersion();
    workerAssignment = row.workerAssignment();
    portalAssignment = row.portalAssignment();
    lineages = row.lineages();
    lastSwap = row.lastSwap();
    watermark = row.watermark();
    formerWindows = row.formerWindows();
    largestWindow = row.largestWindowTicks();
    frozen = row.frozen();
    wishes = row.wishes();
    wishesVersion = row.wishesVersion();
    factors = row.factors();
    debtBytes = row.debtBytes();
    debtReplicas = row.debtReplicas();
    annexes = row.annexes();
    largestTick = row.largestTick();
    backwardTicks = row.backwardTicks();
    time = row.time();
  }

  /** The row; its lists stay the same ones for as long as they are not replaced. */
  public FleetRow toRow() {
    lineages = List.copyOf(lineages);
    formerWindows = List.copyOf(formerWindows);
    wishes = List.copyOf(wishes);
    factors = List.copyOf(factors);
    Made known = made;
    if (known == null || annexes != known.annexes || !isLike(known.row)) {
      known = new Made(newRow(), annexes);
      made = known;
    }
    return known.row;
  }

  /** Whether a row says what the fields say, annexes aside; by the very lists that they are. */
  private boolean isLike(FleetRow known) {
    return config == known.config()
        && configVersion == known.configVersion()
        && workerAssignment == known.workerAssignment()
        && portalAssignment == known.portalAssignment()
        && lineages == known.lineages()
        && lastSwap == known.lastSwap()
        && watermark == known.watermark()
        && formerWindows == known.formerWindows()
        && largestWindow == known.largestWindowTicks()
        && frozen == known.frozen()
        && wishes == known.wishes()
        && wishesVersion == known.wishesVersion()
        && factors == known.factors()
        && debtBytes == known.debtBytes()
        && debtReplicas == known.debtReplicas()
        && largestTick == known.largestTick()
        && backwardTicks == known.backwardTicks()
        && time == known.time();
  }

  private FleetRow newRow() {
    return new FleetRow(
        config,
        configVersion,
        workerAssignment,
        portalAssignment,
        lineages,
        lastSwap,
        watermark,
        formerWindows,
        largestWindow,
        frozen,
        wishes,
        wishesVersion,
        factors,
        debtBytes,
        debtReplicas,
        annexes,
        largestTick,
        backwardTicks,
        time);
  }

  public Lineage lineage() {
    return present().token();
  }

  public FleetRow.LineageRow present() {
    return lineages.get(lineages.size() - 1);
  }

  public int lineageOrdinal() {
    return lineages.size() - 1;
  }

  /** The next chunk number of the present lineage. */
  public long nextNumber() {
    FleetRow.LineageRow present = present();
    long number = present.lastNumber() + 1;
    List<FleetRow.LineageRow> changed = new ArrayList<>(lineages);
    changed.set(
        lineages.size() - 1, new FleetRow.LineageRow(present.token(), present.beganTick(), number));
    lineages = changed;
    return number;
  }

  /** The tick that a cycle called at {@code now} works with (section 1: time never runs back). */
  public long advance(long now) {
    if (now < largestTick) {
      backwardTicks++;
    }
    if (!hasCycled()) {
      time = time.listening(Math.max(largestTick, now));
    }
    return advanceUncounted(now);
  }

  /** The same for the part of a cycle that goes before it and is not counted by itself. */
  public long advanceUncounted(long now) {
    long next = Math.max(largestTick, now);
    if (hasCycled() && isPause(next)) {
      time = time.listening(next);
    }
    long nanos = FleetTime.readingAt(this, next);
    if (nanos != time.clockNanos() || readingTickNanos != time.tickNanos()) {
      time = time.at(nanos, nanos == FleetRow.Time.UNREAD ? 0 : readingTickNanos);
    }
    largestTick = next;
    return next;
  }

  /** Where the store has seen a later tick than its rows tell. */
  public void seen(long tick, long clockNanos) {
    if (tick > largestTick) {
      largestTick = tick;
      time = time.at(clockNanos, clockNanos == FleetRow.Time.UNREAD ? 0 : time.tickNanos());
    }
  }

  /** Sets the largest tick by hand: silence, and what the clock shows, begin anew with it. */
  public void reset(long now) {
    largestTick = now;
    time =
        new FleetRow.Time(
            readingNanos,
            readingNanos == FleetRow.Time.UNREAD ? 0 : readingTickNanos,
            now,
            time.resets() + 1);
  }

  /** What the clock of the store shows now; {@link FleetRow.Time#UNREAD} where there is none. */
  public void reads(long nanos, long nanosOfTick) {
    readingNanos = nanos;
    readingTickNanos = nanos == FleetRow.Time.UNREAD ? 0 : nanosOfTick;
  }

  long readingNanos() {
    return readingNanos;
  }

  long readingTickNanos() {
    return readingTickNanos;
  }

  /** Whether there was a cycle: before the first there is no largest tick. */
  public boolean hasCycled() {
    return time.listeningTick() != FleetRow.Time.NO_CYCLE;
  }

  /** Nobody has listened for so long that silence says nothing. */
  private boolean isPause(long next) {
    return config.trust().isGuarded() && next - largestTick > config.suspectAfterTicks();
  }

  /** Since when a worker has been silent, as far as somebody listened. */
  public long silentSince(WorkerEntry worker) {
    return Math.max(worker.lastSeen, time.listeningTick());
  }

  /** M as it counts at a tick: the largest of the present one and former ones still in use. */
  public long windowAt(long tick) {
    long window = config.drainWindowTicks();
    for (FleetRow.FormerWindow former : formerWindows) {
      if (tick < former.untilTick()) {
        window = Math.max(window, former.windowTicks());
      }
    }
    return window;
  }

  /** The first tick at which the window that begins at {@code tick} is over. */
  public long windowEnd(long tick) {
    return SaturatedSum.of(tick, windowAt(tick));
  }

  /** The first tick at which workers obey slices of the present lineage. */
  public long obeyFromTick() {
    long pause = Math.max(config.lineagePauseTicks(), largestWindow);
    return lineageOrdinal() == 0 ? 0 : SaturatedSum.of(present().beganTick(), pause);
  }

  /** Whether the pause after the present lineage began still holds every deletion. */
  public boolean isPaused(long tick) {
    return tick < obeyFromTick();
  }
}
