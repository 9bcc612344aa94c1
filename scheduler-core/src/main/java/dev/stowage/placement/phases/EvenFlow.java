package dev.stowage.placement.phases;

import dev.stowage.columns.IntList;
import java.util.ArrayList;
import java.util.List;

/**
 * The most even distribution there is: the fullest workers as low as they can be, then the fullest
 * of the others, and so on. What is asked for flows from the chunks through the domains of a {@link
 * DomainTree} to the workers; what a domain may have of a chunk, and that no worker holds it twice,
 * are the capacities on the way. The least common fill at which all of it flows is found by looking
 * at what holds it back (Newton's method on cuts); those behind the cut are full then, and the
 * others go on.
 */
final class EvenFlow {
  /** Less than this share of all bytes is nothing. */
  private static final double NOTHING = 1e-9;

  private static final double ENDLESS = Double.MAX_VALUE / 4;
  private static final int NONE = -1;

  /** Leaves that share a fill, and the fill. */
  record Basin(IntList leaves, double fill) {}

  private final DomainTree tree;
  private final MaxFlow flow = new MaxFlow();

  /** The capacity of one worker of each leaf, and the most that it can be given, in bytes. */
  private final double[] capacity;

  private final double[] most;

  /** The edge from each leaf to the sink. */
  private final int[] drain;

  /** Edges from the source that ask for spreading, and beside each the one that does not. */
  private final List<int[]> strict = new ArrayList<>();

  /** Edges from the source that ask for nothing but room, and what each is to bring. */
  private final IntList free = new IntList();

  private double supply;

  /**
   * A network without chunks.
   *
   * @param capacity of one worker of each leaf; 0 where it is filled up to {@code most} first
   * @param most that one worker of each leaf can be given
   */
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

  /**
   * Chunks that ask for the same.
   *
   * @param floor in how many domains of each level they should lie, if there are so many
   * @param place the nodes where they may lie
   */
  record Ask(double bytes, int floor, int replicas, Place place) {}

  /**
   * Where some chunks may lie.
   *
   * @param admits the nodes with workers that may hold them
   * @param takes those with workers that may be given them now
   * @param domains how many domains of each level that spreading looks at have such workers
   */
  record Place(boolean[] admits, boolean[] takes, int[] domains) {}

  /** Adds chunks that ask for the same. */
  void add(Ask ask) {
    new Branch(ask).connect();
  }

  /** The fills, the fullest first; what there is no room for is left out. */
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

  /** What all workers of a leaf hold at a fill. */
  private double held(int leaf, double fill) {
    return Math.min(most[leaf], fill * capacity[leaf]) * tree.count.get(leaf);
  }

  /** Spreads as much as there is room for, and then places what else there is room for. */
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

  /** The leaves among the open ones that have to be fullest, and their fill. */
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

  /** The least fill at which some leaves hold so many bytes; the highest there is if none is. */
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

  /** The part of the network that the chunks of one ask flow through. */
  private final class Branch {
    private final Ask ask;
    private final double bytes;

    /** The depth whose domains have to have a replica each; 0 if none has. */
    private int every;

    /** The depth where as many domains as the floor have one; the workers' if none. */
    private int distinct;

    /** How many replicas the domains of each node have in any case, of each chunk. */
    private final int[] sure;

    /** Where the replicas come in that may go to any worker of a node. */
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

    /** How many replicas of a chunk the domains of a node have in any case. */
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

    /** Adds a node and all below it; what comes in may go to any worker there. */
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

    /** Leads what is sure to come from a node to the domains that have it. */
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

    /** Leads on from a domain to the ones inside it where chunks come in. */
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

    /** Leads what may go anywhere to the nodes where chunks come in, as far as limits let it. */
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
