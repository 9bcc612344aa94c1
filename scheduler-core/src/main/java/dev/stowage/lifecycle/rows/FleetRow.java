package dev.stowage.lifecycle.rows;

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
  /** Copies the collections; refuses a fleet without a lineage. */
  public FleetRow {
    Objects.requireNonNull(config, "config");
    lineages = List.copyOf(lineages);
    formerWindows = List.copyOf(formerWindows);
    wishes = List.copyOf(wishes);
    factors = List.copyOf(factors);
    Objects.requireNonNull(time, "time");
    annexes = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(annexes));
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
      return tickNanos == before.tickNanos
          && listeningTick == before.listeningTick
          && resets == before.resets;
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

  /**
   * A hash of what the state digest leaves out, the marks and the tokens of the lineages: a store
   * that keeps it beside the row notices one that was changed by a hand.
   */
  public long marksHash() {
    return marksHashAt(largestTick, time);
  }

  /** The same, were this the largest tick that any cycle has seen, and the clock beside it. */
  public long marksHashAt(long tick, Time at) {
    long hash = Mix.fold(Mix.fold(lineages.size(), tick), backwardTicks);
    hash = Mix.fold(Mix.fold(hash, at.clockNanos()), at.tickNanos());
    hash = Mix.fold(Mix.fold(hash, at.listeningTick()), at.resets());
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
    return backwardTicks == before.backwardTicks
        && largestTick > before.largestTick
        && time.differsInReadingOnly(before.time)
        && differsInMarksOnly(before);
  }

  /** Whether all that is new in this row is what the clock showed. */
  public boolean differsInReadingOnly(FleetRow before) {
    return backwardTicks == before.backwardTicks
        && largestTick == before.largestTick
        && time.differsInReadingOnly(before.time)
        && differsInMarksOnly(before);
  }

  /** Whether all but the marks is the very same as in a row that this one was made after. */
  @SuppressWarnings("ReferenceEquality")
  public boolean differsInMarksOnly(FleetRow before) {
    return config == before.config
        && configVersion == before.configVersion
        && workerAssignment == before.workerAssignment
        && portalAssignment == before.portalAssignment
        && lineages == before.lineages
        && lastSwap == before.lastSwap
        && watermark == before.watermark
        && formerWindows == before.formerWindows
        && largestWindowTicks == before.largestWindowTicks
        && frozen == before.frozen
        && wishes == before.wishes
        && wishesVersion == before.wishesVersion
        && factors == before.factors
        && debtBytes == before.debtBytes
        && debtReplicas == before.debtReplicas
        && annexes.equals(before.annexes);
  }

  /** The present lineage. */
  public Lineage lineage() {
    return lineages.get(lineages.size() - 1).token();
  }
}
