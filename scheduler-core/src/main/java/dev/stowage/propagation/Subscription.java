package dev.stowage.propagation;

import org.jspecify.annotations.Nullable;

/** A declaration that holds, and what the scheduler knows of this node and state. */
final class Subscription {
  /** The node holds nothing that an update could continue. */
  static final long HOLDS_NOTHING = -1;

  final NodeId node;
  final StateId state;
  InterestDeclaration declaration;
  InterestLevel level;

  /** The version of the state that the node was given last; 0 before the first. */
  long held;

  @Nullable Waiting waiting;
  @Nullable Target target;

  Subscription(InterestDeclaration declaration) {
    this.node = declaration.node();
    this.state = declaration.state();
    this.declaration = declaration;
    this.level = declaration.level();
  }

  InterestLevel level() {
    return level;
  }

  /** By the end of their time, then by state and node; a total order. */
  static int byExpiry(Subscription a, Subscription b) {
    int byTime = Long.compare(a.declaration.expiresAtNanos(), b.declaration.expiresAtNanos());
    if (byTime != 0) {
      return byTime;
    }
    int byState = a.state.compareTo(b.state);
    return byState != 0 ? byState : a.node.compareTo(b.node);
  }
}
