package dev.stowage.propagation.outbox;

import dev.stowage.propagation.InterestDeclaration.InterestLevel;
import dev.stowage.propagation.InterestDeclaration;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.StateId;
import org.jspecify.annotations.Nullable;

/** A declaration in force, with the scheduler's knowledge of its node and state. */
public final class Subscription {
  /** The node holds no version that an update could continue. */
  public static final long HOLDS_NOTHING = -1;

  public final NodeId node;
  public final StateId state;
  public InterestDeclaration declaration;
  public InterestLevel level;

  /** The version that the node was given last; 0 before the first. */
  public long held;

  @Nullable public Waiting waiting;
  @Nullable public Target target;

  public Subscription(InterestDeclaration declaration) {
    this.node = declaration.node();
    this.state = declaration.state();
    this.declaration = declaration;
    this.level = declaration.level();
  }

  public InterestLevel level() {
    return level;
  }

  public static int byExpiry(Subscription a, Subscription b) {
    int byTime = Long.compare(a.declaration.expiresAtNanos(), b.declaration.expiresAtNanos());
    if (byTime != 0) {
      return byTime;
    }
    int byState = a.state.compareTo(b.state);
    return byState != 0 ? byState : a.node.compareTo(b.node);
  }
}
