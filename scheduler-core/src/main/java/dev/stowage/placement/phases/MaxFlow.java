package dev.stowage.placement.phases;

import java.util.Arrays;

/** A maximum flow (Dinitz); below 1e-12 of the source counts as 0. Not thread-safe. */
final class MaxFlow {
  static final int SOURCE = 0;
  static final int SINK = 1;
  private static final int NONE = -1;
  private static final int FIRST = 64;

  private int nodes = 2;
  private int edges;
  private int[] head = new int[FIRST];
  private int[] next = new int[FIRST];
  private int[] to = new int[FIRST];

  /** The residual capacity by edge; an edge and its reverse are neighbours. */
  private double[] left = new double[FIRST];

  private double[] capacity = new double[FIRST];
  private int[] depth = {};
  private int[] at = {};
  private int[] queue = {};
  private int[] path = {};

  MaxFlow() {
    Arrays.fill(head, NONE);
  }

  int node() {
    if (nodes == head.length) {
      head = Arrays.copyOf(head, 2 * nodes);
      Arrays.fill(head, nodes, head.length, NONE);
    }
    return nodes++;
  }

  int edge(int from, int into, double most) {
    if (edges == to.length) {
      next = Arrays.copyOf(next, 2 * edges);
      to = Arrays.copyOf(to, 2 * edges);
      left = Arrays.copyOf(left, 2 * edges);
      capacity = Arrays.copyOf(capacity, 2 * edges);
    }
    link(from, into, most);
    link(into, from, 0);
    return edges - 2;
  }

  private void link(int from, int into, double most) {
    to[edges] = into;
    left[edges] = most;
    capacity[edges] = most;
    next[edges] = head[from];
    head[from] = edges++;
  }

  void allow(int edge, double most) {
    left[edge] = Math.max(0, left[edge] + most - capacity[edge]);
    capacity[edge] = most;
  }

  int from(int edge) {
    return to[edge + 1];
  }

  double capacity(int edge) {
    return capacity[edge];
  }

  double flow(int edge) {
    return left[edge + 1];
  }

  void clear() {
    System.arraycopy(capacity, 0, left, 0, edges);
  }

  void fill() {
    double nothing = nothing();
    while (reach(nothing)) {
      System.arraycopy(head, 0, at, 0, nodes);
      while (augment(nothing)) {
        // Each is a path of its own.
      }
    }
  }

  /** Reports whether the residual network reaches a node; valid after {@link #fill}. */
  boolean isBehind(int node) {
    return depth[node] >= 0;
  }

  /** Returns the most flow from reached nodes to others, without the edges {@code isAside}. */
  double cut(boolean[] isAside) {
    double sum = 0;
    for (int edge = 0; edge < edges; edge += 2) {
      boolean crosses = isBehind(to[edge + 1]) && !isBehind(to[edge]);
      sum += crosses && !isAside[edge >> 1] ? capacity[edge] : 0;
    }
    return sum;
  }

  int edges() {
    return edges >> 1;
  }

  private double nothing() {
    double most = 0;
    for (int edge = head[SOURCE]; edge >= 0; edge = next[edge]) {
      most += capacity[edge];
    }
    return most * 1e-12;
  }

  private boolean reach(double nothing) {
    if (depth.length < nodes) {
      depth = new int[nodes];
      at = new int[nodes];
      queue = new int[nodes];
      path = new int[nodes];
    }
    Arrays.fill(depth, NONE);
    depth[SOURCE] = 0;
    queue[0] = SOURCE;
    int count = 1;
    for (int first = 0; first < count; first++) {
      int node = queue[first];
      for (int edge = head[node]; edge >= 0; edge = next[edge]) {
        if (left[edge] > nothing && depth[to[edge]] < 0) {
          depth[to[edge]] = depth[node] + 1;
          queue[count++] = to[edge];
        }
      }
    }
    return depth[SINK] >= 0;
  }

  private boolean augment(double nothing) {
    int node = SOURCE;
    int length = 0;
    while (node != SINK) {
      int edge = at[node];
      while (edge >= 0 && (left[edge] <= nothing || depth[to[edge]] != depth[node] + 1)) {
        edge = next[edge];
      }
      at[node] = edge;
      if (edge >= 0) {
        path[length++] = edge;
        node = to[edge];
      } else if (length == 0) {
        return false;
      } else {
        node = to[path[--length] ^ 1];
        at[node] = next[at[node]];
      }
    }
    double most = Double.MAX_VALUE;
    for (int i = 0; i < length; i++) {
      most = Math.min(most, left[path[i]]);
    }
    for (int i = 0; i < length; i++) {
      left[path[i]] -= most;
      left[path[i] ^ 1] += most;
    }
    return true;
  }
}
