package dev.stowage.propagation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.propagation.PropagationScheduler.NodeId;
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
class RelayTreeTest {
  /** Adding appends, removing puts the last into the hole. */
  private static final class NaiveTree {
    final List<NodeId> nodes = new ArrayList<>();
    final int fanOut;

    NaiveTree(NodeId root, int fanOut) {
      nodes.add(root);
      this.fanOut = fanOut;
    }

    boolean add(NodeId node) {
      return !nodes.contains(node) && nodes.add(node);
    }

    boolean remove(NodeId node) {
      int at = nodes.indexOf(node);
      if (at <= 0) {
        return false;
      }
      NodeId last = nodes.remove(nodes.size() - 1);
      if (at < nodes.size()) {
        nodes.set(at, last);
      }
      return true;
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
    RelayTree tree = new RelayTree(root, fanOut);
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
      boolean expected = adds ? naive.add(node) : naive.remove(node);
      assertThat(adds ? tree.add(node) : tree.remove(node)).isEqualTo(expected);
      checkMoved(before, naive.parents(), node, fanOut);
    }
    check(tree, naive, fanOut);
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

  private static void check(RelayTree tree, NaiveTree naive, int fanOut) {
    Map<NodeId, NodeId> parents = naive.parents();
    Set<NodeId> below = new HashSet<>();
    int depth = 0;
    for (NodeId node : naive.nodes) {
      assertThat(tree.parent(node)).isEqualTo(Optional.ofNullable(parents.get(node)));
      assertThat(tree.children(node)).hasSizeLessThanOrEqualTo(fanOut).isSorted();
      tree.children(node).forEach(child -> assertThat(parents.get(child)).isEqualTo(node));
      below.addAll(tree.children(node));
      depth = Math.max(depth, depth(tree, node));
    }
    assertThat(below).hasSize(naive.nodes.size() - 1);
    assertThat(depth).isEqualTo(depthByFormula(naive.nodes.size(), fanOut));
  }

  private static int depth(RelayTree tree, NodeId node) {
    int depth = 0;
    Optional<NodeId> up = tree.parent(node);
    while (up.isPresent()) {
      up = tree.parent(up.get());
      depth++;
    }
    return depth;
  }

  @Example
  void tree_ofThePublishedSizes_isAsFlatAsItCanBe() {
    assertThat(depthOf(1_000, 2)).isEqualTo(9);
    assertThat(depthOf(500, 5)).isEqualTo(4);
    assertThat(depthOf(100_000, 2)).isEqualTo(depthByFormula(100_000, 2)).isEqualTo(16);
  }

  /** Returns the depth of the node that was added last, which none exceeds. */
  private static int depthOf(int size, int fanOut) {
    RelayTree tree = new RelayTree(NodeId.of(0), fanOut);
    for (int node = 1; node < size; node++) {
      tree.add(NodeId.of(node));
    }
    return depth(tree, NodeId.of(size - 1));
  }
}
