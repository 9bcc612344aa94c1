package dev.stowage.propagation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.propagation.PropagationScheduler.NodeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The shape of a tree after any history, against the formula. */
class RelayTreeTest {
  /** ceil(log_f(n (f - 1) + 1)) - 1, in whole numbers: the least d with f^(d+1) at least that. */
  static int depthByFormula(long n, int f) {
    int power = 0;
    for (long reached = 1; reached < n * (f - 1) + 1; reached *= f) {
      power++;
    }
    return power - 1;
  }

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void tree_afterAnyHistory_isComplete(@ForAll long seed) {
    Random random = new Random(seed);
    int fanOut = 2 + random.nextInt(6);
    NodeId root = new NodeId(random.nextLong());
    RelayTree tree = new RelayTree(root, fanOut);
    Set<NodeId> nodes = new HashSet<>(Set.of(root));
    List<NodeId> known = new ArrayList<>(List.of(root));
    int growth = 1 + random.nextInt(9);
    for (int step = 0; step < 120; step++) {
      boolean adds = random.nextInt(10) < growth;
      boolean isKnown = random.nextInt(8) == 0 || !adds;
      NodeId node =
          isKnown ? known.get(random.nextInt(known.size())) : new NodeId(random.nextLong());
      known.add(node);
      Map<NodeId, Optional<NodeId>> before = parents(tree, nodes);
      boolean expected = adds ? nodes.add(node) : !node.equals(root) && nodes.remove(node);
      assertThat(adds ? tree.add(node) : tree.remove(node)).isEqualTo(expected);
      before.keySet().retainAll(nodes);
      before.entrySet().removeIf(it -> it.getValue().equals(tree.parent(it.getKey())));
      assertThat(before).as("moved").hasSizeLessThanOrEqualTo(fanOut + 1);
    }
    check(tree, nodes, fanOut);
  }

  private static Map<NodeId, Optional<NodeId>> parents(RelayTree tree, Set<NodeId> nodes) {
    return nodes.stream().collect(Collectors.toMap(node -> node, tree::parent));
  }

  private static void check(RelayTree tree, Set<NodeId> nodes, int fanOut) {
    int below = 0;
    int depth = 0;
    for (NodeId node : nodes) {
      List<NodeId> children = tree.children(node);
      assertThat(children).hasSizeLessThanOrEqualTo(fanOut).isSorted().isSubsetOf(nodes);
      children.forEach(child -> assertThat(tree.parent(child)).contains(node));
      below += children.size();
      depth = Math.max(depth, depth(tree, node));
    }
    assertThat(below).isEqualTo(nodes.size() - 1);
    assertThat(depth).isEqualTo(depthByFormula(nodes.size(), fanOut));
  }

  private static int depth(RelayTree tree, NodeId node) {
    return tree.parent(node).map(up -> 1 + depth(tree, up)).orElse(0);
  }

  @Example
  void tree_ofThePublishedSizes_isAsFlatAsItCanBe() {
    assertThat(depthOf(1_000, 2)).isEqualTo(9);
    assertThat(depthOf(500, 5)).isEqualTo(4);
    assertThat(depthOf(100_000, 2)).isEqualTo(depthByFormula(100_000, 2)).isEqualTo(16);
    assertThat(depthOf(4, Integer.MAX_VALUE)).as("a star").isEqualTo(1);
  }

  /** Returns the depth of the node that was added last, which none exceeds. */
  private static int depthOf(int size, int fanOut) {
    RelayTree tree = new RelayTree(new NodeId(0), fanOut);
    for (int node = 1; node < size; node++) {
      tree.add(new NodeId(node));
    }
    return depth(tree, new NodeId(size - 1));
  }
}
