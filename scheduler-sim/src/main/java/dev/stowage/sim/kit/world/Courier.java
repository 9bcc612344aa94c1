package dev.stowage.sim.kit.world;

import dev.stowage.Stowage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.Message;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.propagation.Recipient;
import java.util.List;

/**
 * Brings new assignments to workers and portals as the propagation of a facade decides: deltas or
 * full documents, at the pace of a budget, and some are lost on the way. Whoever cannot go on from
 * what it holds says so; everybody pulls now and then. Not thread-safe.
 */
final class Courier {
  /** How long after a cycle workers are told: their base delay, so that it is over. */
  static final long AFTER_A_CYCLE_NANOS = 10_000_000L;

  private final AssignmentPropagation news;
  private final Chance chance;
  private final int lossPercent;
  private long sent;
  private long lost;
  private long deltas;

  /** A courier of a facade, of whose recipients it knows none. */
  Courier(Stowage fleet, Chance chance, int lossPercent) {
    news = fleet.propagation(PropagationConfig.DEFAULT);
    this.chance = chance;
    this.lossPercent = lossPercent;
  }

  void serves(SimulatedWorker worker, long nowNanos) {
    news.register(worker.id(), nowNanos);
  }

  void serves(SimulatedPortal portal, long nowNanos) {
    news.register(portal.id(), nowNanos);
  }

  /** After a cycle: what is new for whom. */
  void follow(long nowNanos) {
    news.follow(nowNanos);
  }

  /** What arrives now. */
  List<Message> arriving(long nowNanos) {
    List<Message> all = news.outgoing(nowNanos).news();
    sent += all.size();
    List<Message> arrives = all.stream().filter(each -> !chance.happens(lossPercent)).toList();
    lost += all.size() - arrives.size();
    deltas += arrives.stream().filter(Courier::isDelta).count();
    return arrives;
  }

  private static boolean isDelta(Message each) {
    return (each instanceof Message.Slice slice && !slice.isFull())
        || (each instanceof Message.Routes routes && !routes.isFull());
  }

  /** A recipient could not go on from what it holds. */
  void refused(Recipient recipient, long nowNanos) {
    news.refused(recipient, nowNanos);
  }

  /** A worker asks for what it lacks; nothing for one that has departed. */
  void pull(SimulatedWorker worker, long nowNanos) {
    news.pull(worker.id(), worker.lineage(), new WorkerAssignmentId(worker.holds()), nowNanos)
        .filter(answer -> answer instanceof Message.Slice slice && !worker.hears(slice.delta()))
        .ifPresent(answer -> refused(answer.recipient(), nowNanos));
  }

  /** A portal asks for what it lacks. */
  Message.Routes pull(SimulatedPortal portal, long nowNanos) {
    PortalId id = portal.id();
    return news.pull(id, portal.lineage(), new PortalAssignmentId(portal.holds()), nowNanos)
        .filter(Message.Routes.class::isInstance)
        .map(Message.Routes.class::cast)
        .orElseThrow(() -> new IllegalStateException(id + " pulls, and is not answered"));
  }

  /** Messages sent so far. */
  long sent() {
    return sent;
  }

  /** Messages that were lost. */
  long lost() {
    return lost;
  }

  /** Messages that arrived and were deltas. */
  long deltas() {
    return deltas;
  }
}
