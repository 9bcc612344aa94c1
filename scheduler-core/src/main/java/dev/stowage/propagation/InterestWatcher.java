package dev.stowage.propagation;

import dev.stowage.propagation.outbox.Subscription;

/** Receives calls to an interest map before, and declarations after, they take effect. */
interface InterestWatcher {
  void declaring(InterestDeclaration declaration, long nowNanos);

  void unregistering(NodeId node, StateId state);

  void removing(NodeId node);

  void expiring(long nowNanos);

  void began(Subscription subscription);

  void ended(Subscription subscription, boolean hasExpired);
}
