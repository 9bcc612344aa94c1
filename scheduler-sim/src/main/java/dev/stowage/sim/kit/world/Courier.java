package dev.stowage.sim.kit.world;

import dev.stowage.Propagation;
import dev.stowage.Stowage;
import dev.stowage.model.DatasetId;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.Message;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.propagation.Recipient;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Carries new assignments to workers, and to portals in a world with a relay tree or interests, by
 * the propagation of a facade: as deltas or full documents, within a budget, with some lost. A
 * worker that cannot apply a delta asks for it. Not thread-safe.
 */
final class Courier {
  /** The delay of messages after a cycle, in nanoseconds: beyond the workers' base delay. */
  static final long AFTER_A_CYCLE_NANOS = 10_000_000L;

  private final AssignmentPropagation news;
  private final Chance chance;
  private final int lossPercent;

  Courier(Stowage fleet, Chance chance, int lossPercent, int fanOut) {
    news =
        Propagation.of(
            fleet,
            fanOut == 0 ? PropagationConfig.DEFAULT : PropagationConfig.DEFAULT.withFanOut(fanOut));
    this.chance = chance;
    this.lossPercent = lossPercent;
  }

  void serves(WorkerId worker, long nowNanos) {
    news.register(worker, nowNanos);
  }

  void serves(PortalId portal, Set<DatasetId> datasets, long nowNanos) {
    news.register(portal, datasets, nowNanos);
  }

  void leaves(PortalId portal) {
    news.unregister(Recipient.of(portal));
  }

  /** Returns the portal whose routes a portal takes; empty for one that asks the leader. */
  Optional<PortalId> relay(PortalId portal) {
    return news.relay(portal);
  }

  void follow(long nowNanos) {
    news.follow(nowNanos);
  }

  List<Message> arriving(long nowNanos) {
    return news.outgoing(nowNanos).stream().filter(each -> !chance.happens(lossPercent)).toList();
  }
}
