package dev.stowage.propagation.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.propagation.Link.PathQuality;
import dev.stowage.propagation.Link;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.topology.PropagationTopology.PropagationEdge;
import dev.stowage.propagation.topology.PropagationTopology.TopologyAnswer;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The shape of a tree after any history, against the formula and a model in lists. */
class TreeShapeTest {
  /** Adding appends, removing puts the last into the hole. */
  private static final class NaiveTree {
    final List<NodeId> nodes = new ArrayList<>();
    final int fanOut;

    NaiveTree(NodeId root, int fanOut) {
      nodes.add(root);
      this.fanOut = fanOut;
    }

    TopologyAnswer add(NodeId node) {
      if (nodes.contains(node)) {
        return TopologyAnswer.ALREADY_THERE;
      }
      nodes.add(node);
      return TopologyAnswer.DONE;
    }

    TopologyAnswer remove(NodeId node) {
      int at = nodes.indexOf(node);
      if (at <= 0) {
        return at == 0 ? TopologyAnswer.IS_HUB : TopologyAnswer.UNKNOWN_NODE;
      }
      NodeId last = nodes.remove(nodes.size() - 1);
      if (at < nodes.size()) {
        nodes.set(at, last);
      }
      return TopologyAnswer.DONE;
    }

    Map<NodeId, NodeId> parents() {
      Map<NodeId, NodeId> parents = new HashMap<>();
      for (int k = 1; k < nodes.size(); k++) {
        parents.put(nodes.get(k), nodes.get((k - 1) / fanOut));
      }
      return parents;
    }
  }

  /** ceil(log_f(n (f - 1) + 1)) - 1, in whole numbers: the least d with f^(d+1) at least that. */
  static int depthByFormula(long n, int f) {
    BigInteger wanted =
        BigInteger.valueOf(n).multiply(BigInteger.valueOf(f - 1L)).add(BigInteger.ONE);
    int power = 0;
    BigInteger reached = BigInteger.ONE;
    while (reached.compareTo(wanted) < 0) {
      reached = reached.multiply(BigInteger.valueOf(f));
      power++;
    }
    return power - 1;
  }

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void tree_afterAnyHistory_isCompleteAndAsTheModel(@ForAll long seed) {
    Random random = new Random(seed);
    int fanOut = 2 + random.nextInt(6);
    NodeId root = NodeId.of(random.nextLong());
    TreeTopology tree = new TreeTopology(root, fanOut);
    NaiveTree naive = new NaiveTree(root, fanOut);
    List<NodeId> known = new ArrayList<>(List.of(root));
    int growth = 1 + random.nextInt(9);
    for (int step = 0; step < 120; step++) {
      boolean adds = random.nextInt(10) < growth;
      boolean isKnown = random.nextInt(8) == 0 || !adds;
      NodeId node =
          isKnown ? known.get(random.nextInt(known.size())) : NodeId.of(random.nextLong());
      known.add(node);
      Map<NodeId, NodeId> before = naive.parents();
      long version = tree.version();
      TopologyAnswer expected = adds ? naive.add(node) : naive.remove(node);
      assertThat(adds ? tree.add(node) : tree.remove(node)).isEqualTo(expected);
      assertThat(tree.version() > version).isEqualTo(expected == TopologyAnswer.DONE);
      checkMoved(before, naive.parents(), node, fanOut);
    }
    check(tree, naive);
  }

  private static void checkMoved(
      Map<NodeId, NodeId> before, Map<NodeId, NodeId> after, NodeId changed, int fanOut) {
    int moved = 0;
    for (var entry : after.entrySet()) {
      NodeId old = before.get(entry.getKey());
      moved +=
          old != null && !old.equals(entry.getValue()) && !entry.getKey().equals(changed) ? 1 : 0;
    }
    assertThat(moved).isLessThanOrEqualTo(fanOut + 1);
  }

  private static void check(TreeTopology tree, NaiveTree naive) {
    assertThat(tree.size()).isEqualTo(naive.nodes.size());
    assertThat(tree.nodes()).containsExactlyInAnyOrderElementsOf(naive.nodes).isSorted();
    Map<NodeId, NodeId> parents = naive.parents();
    Set<NodeId> below = new HashSet<>();
    for (NodeId node : naive.nodes) {
      assertThat(tree.parent(node)).isEqualTo(Optional.ofNullable(parents.get(node)));
      assertThat(tree.downstream(node).size()).isLessThanOrEqualTo(tree.fanOut());
      tree.downstream(node).forEach(child -> assertThat(parents.get(child)).isEqualTo(node));
      below.addAll(tree.downstream(node));
      int depth = 0;
      for (NodeId up = parents.get(node); up != null; up = parents.get(up)) {
        depth++;
      }
      assertThat(tree.depth(node)).hasValue(depth);
      PathQuality path = tree.path(tree.root(), node).orElseThrow();
      assertThat(path.latencyNanos()).isEqualTo(depth * Link.DEFAULT.latencyNanos());
    }
    assertThat(below).hasSize(tree.size() - 1);
    assertThat(tree.edgeCount()).isEqualTo(tree.size() - 1L);
    assertThat(tree.depth()).isEqualTo(depthByFormula(tree.size(), tree.fanOut()));
  }

  @Example
  void tree_ofThePublishedSizes_isAsFlatAsItCanBe() {
    assertThat(grown(1_000, 2).depth()).isEqualTo(9);
    assertThat(grown(500, 5).depth()).isEqualTo(4);
    assertThat(grown(100_000, 2).depth()).isEqualTo(depthByFormula(100_000, 2)).isEqualTo(16);
  }

  private static TreeTopology grown(int size, int fanOut) {
    TreeTopology tree = new TreeTopology(NodeId.of(0), fanOut);
    for (int node = 1; node < size; node++) {
      tree.add(NodeId.of(node));
    }
    return tree;
  }

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void paths_inATreeWithLinks_areTheSumOfTheClimb(@ForAll long seed) {
    Random random = new Random(seed);
    TreeTopology tree = new TreeTopology(NodeId.of(0), 2 + random.nextInt(3));
    EdgeTopology both = new EdgeTopology();
    for (int node = 1; node < 40; node++) {
      tree.add(NodeId.of(node), link(random));
    }
    tree.nodes().forEach(both::add);
    for (PropagationEdge edge : tree.edges()) {
      both.connect(edge);
      both.connect(new PropagationEdge(edge.to(), edge.from(), edge.link()));
    }
    for (int i = 0; i < 40; i++) {
      NodeId from = NodeId.of(random.nextInt(41));
      NodeId to = NodeId.of(random.nextInt(41));
      assertThat(tree.path(from, to)).isEqualTo(both.path(from, to));
    }
  }

  static Link link(Random random) {
    return new Link(random.nextInt(5), random.nextInt(101), random.nextInt(8) > 0);
  }
}
