package dev.stowage.placement.phases;

import dev.stowage.columns.IntList;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes the most even distribution as a flow through a {@link DomainTree}; the least common fill
 * is found by Newton's method on cuts. Workers behind the cut are then full.
 */
final class EvenFlow {
  /** The relative tolerance of fills and bytes. */
  private static final double NOTHING = 1e-9;

  private static final double ENDLESS = Double.MAX_VALUE / 4;
  private static final int NONE = -1;

  record Basin(IntList leaves, double fill) {}

  private final DomainTree tree;
  private final MaxFlow flow = new MaxFlow();

  /** The capacity of one worker and the most bytes it can take, by leaf. */
  private final double[] capacity;

  private final double[] most;

  private final int[] drain;

  private final List<int[]> strict = new ArrayList<>();

  /** Source edges without spreading, each with the bytes it must bring as capacity. */
  private final IntList free = new IntList();

  private double supply;

  /** Creates a network; worker capacities of 0 fill up to {@code most} bytes first. */
  EvenFlow(DomainTree tree, double[] capacity, double[] most) {
    this.tree = tree;
    this.capacity = capacity;
    this.most = most;
    drain = new int[tree.size()];
    for (int node = 0; node < tree.size(); node++) {
      drain[node] = NONE;
      if (tree.isLeaf(node)) {
        drain[node] = flow.edge(flow.node(), MaxFlow.SINK, most[node] * tree.count.get(node));
      }
    }
  }

  /** Chunks with equal demand; {@code floor} is the wanted number of domains per level. */
  record Ask(double bytes, int floor, int replicas, Place place) {}

  /** Nodes that admit or take chunks, and the number of taking domains by spreading level. */
  record Place(boolean[] admits, boolean[] takes, int[] domains) {}

  void add(Ask ask) {
    new Branch(ask).connect();
  }

  List<Basin> solve() {
    settle();
    List<Basin> basins = new ArrayList<>();
    IntList open = new IntList();
    for (int node = 0; node < tree.size(); node++) {
      if (tree.isLeaf(node) && capacity[node] > 0) {
        open.add(node);
      }
    }
    double[] closed = new double[tree.size()];
    while (!open.isEmpty() && supply > 0) {
      Basin basin = fullest(open);
      IntList rest = new IntList();
      for (int leaf : basin.leaves.toArray()) {
        closed[leaf] = 1;
      }
      for (int i = 0; i < open.size(); i++) {
        int leaf = open.get(i);
        if (closed[leaf] == 0) {
          rest.add(leaf);
        } else {
          flow.allow(drain[leaf], held(leaf, basin.fill));
        }
      }
      basins.add(basin);
      open = rest;
    }
    return basins;
  }

  private double held(int leaf, double fill) {
    return Math.min(most[leaf], fill * capacity[leaf]) * tree.count.get(leaf);
  }

  private void settle() {
    double[] asked = new double[free.size()];
    for (int i = 0; i < asked.length; i++) {
      asked[i] = flow.capacity(free.get(i));
      flow.allow(free.get(i), 0);
    }
    flow.fill();
    for (int[] edges : strict) {
      double lacking = flow.capacity(edges[0]) - flow.flow(edges[0]);
      flow.allow(edges[0], flow.flow(edges[0]));
      asked[edges[1]] += lacking;
    }
    for (int i = 0; i < asked.length; i++) {
      flow.allow(free.get(i), asked[i]);
    }
    flow.fill();
    for (int i = 0; i < asked.length; i++) {
      flow.allow(free.get(i), flow.flow(free.get(i)));
      supply += flow.flow(free.get(i));
    }
    for (int[] edges : strict) {
      supply += flow.flow(edges[0]);
    }
  }

  private Basin fullest(IntList open) {
    boolean[] isAside = new boolean[flow.edges()];
    IntList held = open;
    for (int i = 0; i < open.size(); i++) {
      isAside[drain[open.get(i)] >> 1] = true;
    }
    double elsewhere = 0;
    for (int node = 0; node < tree.size(); node++) {
      elsewhere +=
          drain[node] != NONE && !isAside[drain[node] >> 1] ? flow.capacity(drain[node]) : 0;
    }
    double fill = fillFor(open, supply - elsewhere);
    while (true) {
      for (int i = 0; i < open.size(); i++) {
        flow.allow(drain[open.get(i)], held(open.get(i), fill));
      }
      flow.clear();
      flow.fill();
      IntList behind = new IntList();
      for (int i = 0; i < open.size(); i++) {
        if (flow.isBehind(leafNode(open.get(i)))) {
          behind.add(open.get(i));
        }
      }
      double more = behind.isEmpty() ? fill : fillFor(behind, supply - flow.cut(isAside));
      if (more <= fill * (1 + NOTHING) || isAllPlaced()) {
        return new Basin(held, fill);
      }
      held = behind;
      fill = more;
    }
  }

  private boolean isAllPlaced() {
    double placed = 0;
    for (int node = 0; node < tree.size(); node++) {
      placed += drain[node] == NONE ? 0 : flow.flow(drain[node]);
    }
    return placed >= supply * (1 - NOTHING);
  }

  private int leafNode(int leaf) {
    return flow.from(drain[leaf]);
  }

  /** Returns the least fill at which leaves hold {@code bytes}, or their highest fill. */
  private double fillFor(IntList leaves, double bytes) {
    double left = bytes;
    IntList rising = leaves;
    while (!rising.isEmpty()) {
      double room = 0;
      for (int i = 0; i < rising.size(); i++) {
        room += capacity[rising.get(i)] * tree.count.get(rising.get(i));
      }
      double fill = Math.max(0, left) / room;
      IntList rest = new IntList();
      double full = 0;
      for (int i = 0; i < rising.size(); i++) {
        int leaf = rising.get(i);
        if (most[leaf] < fill * capacity[leaf]) {
          full += most[leaf] * tree.count.get(leaf);
        } else {
          rest.add(leaf);
        }
      }
      if (rest.size() == rising.size()) {
        return fill;
      }
      left -= full;
      rising = rest;
    }
    double highest = 0;
    for (int i = 0; i < leaves.size(); i++) {
      highest = Math.max(highest, most[leaves.get(i)] / capacity[leaves.get(i)]);
    }
    return highest;
  }

  private final class Branch {
    private final Ask ask;
    private final double bytes;

    /** The depth at which every domain needs a replica; 0 if none. */
    private int every;

    /** The depth at which {@code floor} domains need a replica; the workers' depth if none. */
    private int distinct;

    private final int[] sure;

    private final int[] entry;

    Branch(Ask ask) {
      this.ask = ask;
      bytes = ask.bytes;
      sure = new int[tree.size()];
      entry = new int[tree.size()];
      distinct = tree.levels() + 1;
      for (int level = 0; level < tree.levels(); level++) {
        int place = tree.spread[level];
        if (place >= 0 && distinct > tree.levels()) {
          if (ask.place.domains[place] >= ask.floor) {
            distinct = level + 1;
          } else {
            every = level + 1;
          }
        }
      }
    }

    void connect() {
      int all = every > 0 ? count(DomainTree.ROOT) : 0;
      boolean isStrict = distinct <= tree.levels();
      int from = isStrict ? distinct : every;
      for (int node = 0; node < tree.size(); node++) {
        entry[node] = NONE;
        if (tree.depth.get(node) == from && ask.place.admits[node]) {
          enter(node);
        }
      }
      int[] once = entry;
      if (isStrict) {
        once = new int[tree.size()];
        for (int node = 0; node < tree.size(); node++) {
          if (entry[node] != NONE) {
            once[node] = flow.node();
            flow.edge(once[node], entry[node], bytes * tree.count.get(node));
          }
        }
      }
      int others = flow.node();
      int next = isStrict ? Math.max(0, ask.floor - all) : 0;
      int loose = ask.replicas - all - next;
      free.add(flow.edge(MaxFlow.SOURCE, others, bytes * Math.max(0, loose)));
      spill(others, DomainTree.ROOT, from, entry);
      if (all > 0) {
        int each = flow.node();
        ask(each, all);
        every(each, DomainTree.ROOT, once);
      }
      if (next > 0) {
        int some = flow.node();
        ask(some, next);
        spill(some, DomainTree.ROOT, from, once);
      }
    }

    private void ask(int node, int replicas) {
      int edge = flow.edge(MaxFlow.SOURCE, node, bytes * replicas);
      strict.add(new int[] {edge, free.size() - 1});
    }

    private int count(int node) {
      if (!ask.place.takes[node]) {
        return 0;
      }
      long sum = 0;
      if (tree.depth.get(node) == every) {
        sum = tree.count.get(node);
      } else {
        for (int kid = node + 1; kid < tree.end.get(node); kid = tree.end.get(kid)) {
          sum += count(kid);
        }
      }
      sure[node] = (int) Math.min(sum, (long) tree.limitOf(node) * tree.count.get(node));
      return sure[node];
    }

    private void enter(int node) {
      int within = flow.node();
      entry[node] = within;
      if (tree.limitOf(node) < Integer.MAX_VALUE) {
        entry[node] = flow.node();
        flow.edge(entry[node], within, bytes * tree.limitOf(node) * tree.count.get(node));
      }
      for (int kid = node + 1; kid < tree.end.get(node); kid = tree.end.get(kid)) {
        if (!ask.place.admits[kid]) {
          continue;
        }
        if (tree.isLeaf(kid)) {
          flow.edge(within, leafNode(kid), bytes * tree.count.get(kid));
        } else {
          enter(kid);
          flow.edge(within, entry[kid], ENDLESS);
        }
      }
    }

    private void every(int from, int node, int[] into) {
      for (int kid = node + 1; kid < tree.end.get(node); kid = tree.end.get(kid)) {
        if (ask.place.admits[kid] && sure[kid] > 0) {
          int within = flow.node();
          flow.edge(from, within, bytes * sure[kid]);
          if (tree.depth.get(kid) < every) {
            every(within, kid, into);
          } else {
            reach(within, kid, into);
          }
        }
      }
    }

    private void reach(int from, int node, int[] into) {
      for (int each = node; each < tree.end.get(node); each++) {
        if (entry[each] != NONE && tree.depth.get(each) == Math.max(every, entryDepth())) {
          flow.edge(from, into[each], ENDLESS);
        }
      }
    }

    private int entryDepth() {
      return distinct <= tree.levels() ? distinct : every;
    }

    private void spill(int from, int node, int depth, int[] into) {
      if (tree.depth.get(node) == depth) {
        flow.edge(from, into[node], ENDLESS);
        return;
      }
      for (int kid = node + 1; kid < tree.end.get(node); kid = tree.end.get(kid)) {
        if (!ask.place.admits[kid]) {
          continue;
        }
        int within = from;
        if (tree.limitOf(kid) < Integer.MAX_VALUE && tree.depth.get(kid) < depth) {
          within = flow.node();
          double most = (double) tree.limitOf(kid) * tree.count.get(kid) - sure[kid];
          flow.edge(from, within, bytes * most);
        }
        spill(within, kid, depth, into);
      }
    }
  }
}
