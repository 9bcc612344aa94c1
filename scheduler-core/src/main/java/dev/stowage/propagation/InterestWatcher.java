package dev.stowage.propagation;

import dev.stowage.propagation.outbox.Subscription;

/** Hears what happens to an interest map: what it is told, before, and what comes of it. */
interface InterestWatcher {
  /** A declaration is about to be judged. */
  void declaring(InterestDeclaration declaration, long nowNanos);

  /** A declaration is about to be taken back. */
  void unregistering(NodeId node, StateId state);

  /** A node is about to be forgotten. */
  void removing(NodeId node);

  /** What has expired is about to be taken out. */
  void expiring(long nowNanos);

  /** A new declaration holds. */
  void began(Subscription subscription);

  /** A declaration holds no more; it is out of the map already. */
  void ended(Subscription subscription, boolean hasExpired);
}
