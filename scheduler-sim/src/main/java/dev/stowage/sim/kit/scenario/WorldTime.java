package dev.stowage.sim.kit.scenario;

import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.sim.kit.world.StepFailure;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The time of a world, and the clock of its leader. Portals live by the real time; a trusted clock
 * of the store shows it too. Not thread-safe.
 */
final class WorldTime {
  /**
   * The largest tick that the fleet may believe at a reading of the trusted clock.
   *
   * @param largestTick the largest believable tick
   * @param clockTick the reading of the clock at that moment
   */
  private record Anchor(long largestTick, long clockTick) {}

  private final boolean isTrusted;
  private final boolean isOwn;
  private long tick;
  private long wrongBy;

  /** Null before the first cycle. */
  private @Nullable Anchor anchor;

  private @Nullable Anchor remembered;

  /**
   * Creates a time that begins at tick 0.
   *
   * @param isTrusted true if the fleet trusts a clock that shows this time
   * @param isOwn true if it trusts the clock of its store
   */
  WorldTime(boolean isTrusted, boolean isOwn) {
    this.isTrusted = isTrusted;
    this.isOwn = isOwn;
  }

  long tick() {
    return tick;
  }

  /** Returns the tick of the leader's clock, from 0. */
  long told() {
    long told = tick + wrongBy;
    boolean isBeyond = wrongBy > 0 && told < 0;
    return isBeyond ? Long.MAX_VALUE : Math.max(0, told);
  }

  /** Returns the trusted reading for one of the store's clock, in nanoseconds; empty for none. */
  OptionalLong shown(OptionalLong storeNanos) {
    if (isOwn) {
      return storeNanos;
    }
    return isTrusted ? OptionalLong.of(tick) : OptionalLong.empty();
  }

  StepOutcome advance(long ticks) {
    if (ticks > Long.MAX_VALUE - tick) {
      throw new StepFailure("a time up to tick " + Long.MAX_VALUE, "a later one");
    }
    tick += ticks;
    return StepOutcome.DONE;
  }

  /** Sets the error of the leader's clock, in ticks. */
  StepOutcome wrongBy(long ticks) {
    wrongBy = ticks;
    return StepOutcome.DONE;
  }

  void reset(long largestTick) {
    anchor = new Anchor(largestTick, tick);
  }

  void remember() {
    remembered = anchor;
  }

  /** Restores the believed time of the checkpoint, since the store forgot later ones. */
  void restore() {
    anchor = remembered;
  }

  Optional<Finding> ahead(LifecycleSnapshot books) {
    long largest = books.largestTick().value();
    boolean hasCycled = books.fleetRow().time().listeningTick() >= 0;
    if (!isTrusted || !hasCycled) {
      return Optional.empty();
    }
    Anchor from = anchor == null ? new Anchor(largest, tick) : anchor;
    anchor = from;
    long elapsed = tick - from.clockTick();
    long most = from.largestTick() + elapsed + books.config().trust().allowedSkewTicks();
    return largest <= most || most < 0
        ? Optional.empty()
        : Optional.of(
            new Finding(
                "bounds are kept",
                "a cycle believed tick " + largest + ", where the clock shows " + most));
  }
}
