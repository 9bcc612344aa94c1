package dev.stowage.benchmarks.propagation;

import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.topology.PropagationTopology.TopologyAnswer;
import dev.stowage.propagation.topology.TreeTopology;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Takes a node out of a large tree, or puts one back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TreeBenchmark {
  @Param({"100000"})
  int nodes;

  @Param({"2", "5"})
  int fanOut;

  private NodeId[] ids = new NodeId[0];
  private TreeTopology tree = new TreeTopology(NodeId.of(0), 2);
  private SplittableRandom random = new SplittableRandom(1);

  @Setup
  public void grow() {
    random = new SplittableRandom(1);
    tree = new TreeTopology(NodeId.of(0), fanOut);
    ids = new NodeId[nodes];
    for (int i = 0; i < nodes; i++) {
      ids[i] = NodeId.of(random.nextLong());
      tree.add(ids[i]);
    }
  }

  /** Adds or removes one drawn node. */
  @Benchmark
  public TopologyAnswer addOrRemove() {
    NodeId node = ids[random.nextInt(ids.length)];
    return tree.contains(node) ? tree.remove(node) : tree.add(node);
  }
}
