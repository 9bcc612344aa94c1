package dev.stowage.propagation.paths;

import dev.stowage.propagation.NodeId;
import java.util.function.IntUnaryOperator;

/** Tree paths by parents at smaller positions: the larger position climbs until both meet. */
public final class ClimbingPaths extends Paths {
  private final NodeColumns columns;
  private final int source;
  private final IntUnaryOperator parent;

  public ClimbingPaths(NodeColumns columns, int source, IntUnaryOperator parent) {
    this.columns = columns;
    this.source = source;
    this.parent = parent;
  }

  @Override
  public boolean find(NodeId target) {
    int up = columns.find(target);
    if (source < 0 || up < 0) {
      return false;
    }
    here();
    int other = source;
    while (up != other) {
      int climber = Math.max(up, other);
      if (!columns.isActive(climber)) {
        return false;
      }
      over(columns.latency(climber), columns.bandwidth(climber));
      int above = parent.applyAsInt(climber);
      if (climber == up) {
        up = above;
      } else {
        other = above;
      }
    }
    return true;
  }
}
