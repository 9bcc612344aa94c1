package dev.stowage.lifecycle.state;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.command.Annex;
import dev.stowage.command.PlacementWish;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Lineage;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The mutable fields of {@link FleetRow}. */
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

  private @Nullable Made made;

  private record Made(FleetRow row, SortedMap<String, Annex> annexes) {}

  private @Nullable FleetFields copied;

  /** The store's clock in the current transaction, in nanoseconds; not stored. */
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

  /** Returns a kept value; throws {@code IllegalArgumentException} if its bytes are unreadable. */
  public <T> T kept(KeptValue<T> value) {
    return value.of(annexes.get(value.kind()));
  }

  public void keep(Annex annex) {
    TreeMap<String, Annex> kept = new TreeMap<>(annexes);
    kept.put(annex.kind(), annex);
    annexes = kept;
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

  /** Returns a copy for reading: the former one if nothing was written since. */
  FleetFields copy() {
    FleetFields known = copied;
    FleetRow row = toRow();
    if (known == null || known.toRow() != row) {
      known = new FleetFields(row);
      known.made = new Made(row, row.annexes());
      copied = known;
    }
    return known;
  }

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

  public long nextNumber() {
    FleetRow.LineageRow present = present();
    long number = present.lastNumber() + 1;
    List<FleetRow.LineageRow> changed = new ArrayList<>(lineages);
    changed.set(
        lineages.size() - 1, new FleetRow.LineageRow(present.token(), present.beganTick(), number));
    lineages = changed;
    return number;
  }

  /** Keeps time from running back (section 1). */
  public long advance(long now) {
    if (now < largestTick) {
      backwardTicks++;
    }
    if (!hasCycled()) {
      time = time.listening(Math.max(largestTick, now));
    }
    return advanceUncounted(now);
  }

  public long advanceUncounted(long now) {
    long next = Math.max(largestTick, now);
    if (hasCycled() && isPause(next)) {
      time = time.listening(next);
    }
    long nanos = FleetTime.readingAt(this, next);
    if (nanos != time.clockNanos() || readingTickNanos != time.tickNanos()) {
      time = time.at(nanos, readingTickNanos);
    }
    largestTick = next;
    return next;
  }

  public void seen(long tick, long clockNanos) {
    if (tick > largestTick) {
      largestTick = tick;
      time = time.at(clockNanos, time.tickNanos());
    }
  }

  public void reset(long now) {
    largestTick = now;
    time =
        new FleetRow.Time(
            readingNanos,
            readingNanos == FleetRow.Time.UNREAD ? 0 : readingTickNanos,
            now,
            time.resets() + 1);
  }

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

  public boolean hasCycled() {
    return time.listeningTick() != FleetRow.Time.NO_CYCLE;
  }

  /** Reports a gap between cycles, after which silence means nothing. */
  private boolean isPause(long next) {
    return config.trust().isGuarded() && next - largestTick > config.suspectAfterTicks();
  }

  public long silentSince(WorkerEntry worker) {
    long since = Math.max(worker.lastSeen, time.listeningTick());
    return worker.isAway() ? since : Math.max(since, worker.awayUntil);
  }

  public long windowAt(long tick) {
    long window = config.drainWindowTicks();
    for (FleetRow.FormerWindow former : formerWindows) {
      if (tick < former.untilTick()) {
        window = Math.max(window, former.windowTicks());
      }
    }
    return window;
  }

  public long portalWindowTicks() {
    long lead = time.isRead() ? config.trust().allowedSkewTicks() : 0;
    return Math.max(0, config.drainWindowTicks() - lead);
  }

  public long windowEnd(long tick) {
    return SaturatedSum.of(tick, windowAt(tick));
  }

  public long deleteFromTick() {
    long pause = Math.max(config.lineagePauseTicks(), largestWindow);
    return lineageOrdinal() == 0 ? 0 : SaturatedSum.of(present().beganTick(), pause);
  }

  public boolean isPaused(long tick) {
    return tick < deleteFromTick();
  }
}
