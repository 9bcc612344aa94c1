package dev.stowage.sim.kit.scenario;

import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.sim.kit.world.StepFailure;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What time it is in a world, and what the clock of its leader says. Portals live by the time that
 * it is; where the store's clock is trusted, it shows that one too. Not thread-safe.
 */
final class WorldTime {
  /**
   * What the fleet may have believed at most when the trusted clock showed a tick.
   *
   * @param largestTick what it may have believed
   * @param clockTick what the clock showed then
   */
  private record Anchor(long largestTick, long clockTick) {}

  private final boolean isTrusted;
  private long tick;
  private long wrongBy;

  /** Null before the first cycle. */
  private @Nullable Anchor anchor;

  private @Nullable Anchor remembered;

  WorldTime(boolean isTrusted) {
    this.isTrusted = isTrusted;
  }

  /** What time it is. */
  long tick() {
    return tick;
  }

  /** What the clock of the leader says. */
  long told() {
    long told = tick + wrongBy;
    boolean isBeyond = wrongBy > 0 && told < 0;
    return isBeyond ? Long.MAX_VALUE : Math.max(0, told);
  }

  /** The clock that the fleet trusts; null where there is none. */
  @Nullable LongSupplier clock() {
    return isTrusted ? () -> tick : null;
  }

  StepOutcome advance(long ticks) {
    if (ticks > Long.MAX_VALUE - tick) {
      throw new StepFailure("a time up to tick " + Long.MAX_VALUE, "it would be beyond");
    }
    tick += ticks;
    return StepOutcome.DONE;
  }

  /** From now on the clock of the leader is wrong by so much. */
  StepOutcome wrongBy(long ticks) {
    wrongBy = ticks;
    return StepOutcome.DONE;
  }

  /** For how long a portal lives by routes: a leader's time may lead the trusted clock. */
  long portalWindow(LifecycleConfig config) {
    long lead = isTrusted ? config.trust().allowedSkewTicks() : 0;
    return Math.max(0, config.drainWindowTicks() - lead);
  }

  /** The operator said what time it is. */
  void reset(long largestTick) {
    anchor = new Anchor(largestTick, tick);
  }

  /** Remembers what the fleet believes, as its store does at a checkpoint. */
  void remember() {
    remembered = anchor;
  }

  /** Takes back what was said of the time since the checkpoint: the store forgot it. */
  void restore() {
    anchor = remembered;
  }

  /** Whether the fleet believed a time that lies ahead of what the trusted clock shows. */
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
