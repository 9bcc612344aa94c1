package dev.stowage.benchmarks.peers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.helix.controller.dataproviders.ResourceControllerDataProvider;
import org.apache.helix.controller.rebalancer.strategy.RebalanceStrategy;
import org.apache.helix.zookeeper.datamodel.ZNRecord;

/**
 * One of the strategies that Helix computes a resource with. A departed worker stays configured, as
 * an instance that is down does, which is what these strategies move least on.
 */
final class HelixStrategySubject implements PlacementSubject {
  private final String name;
  private final Supplier<RebalanceStrategy<ResourceControllerDataProvider>> strategy;

  HelixStrategySubject(
      String name, Supplier<RebalanceStrategy<ResourceControllerDataProvider>> strategy) {
    this.name = name;
    this.strategy = strategy;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String limits() {
    return "no capacity";
  }

  @Override
  public Trial prepare(PlacementProblem problem) {
    return new Computation(problem, strategy.get());
  }

  private static final class Computation implements Trial {
    private final HelixCluster cluster;
    private final RebalanceStrategy<ResourceControllerDataProvider> strategy;
    private final List<String> configured;
    private final List<String> live;
    private final Map<String, Map<String, Map<String, String>>> current = new HashMap<>();
    private final List<ZNRecord> records = new ArrayList<>();

    Computation(
        PlacementProblem problem, RebalanceStrategy<ResourceControllerDataProvider> strategy) {
      this.strategy = strategy;
      live = new ArrayList<>(List.of(problem.fleet().names()));
      configured = new ArrayList<>(live);
      configured.addAll(problem.fleet().departed());
      cluster = new HelixCluster(problem, configured);
      if (problem.past() != null) {
        addCurrent(problem.past().held());
      }
    }

    private void addCurrent(Assignment held) {
      for (int chunk = 0; chunk < held.chunks(); chunk++) {
        Map<String, String> states = new HashMap<>();
        for (int i = held.start()[chunk]; i < held.start()[chunk + 1]; i++) {
          states.put(live.get(held.worker()[i]), HelixCluster.STATE);
        }
        current
            .computeIfAbsent(
                HelixCluster.resource(cluster.problem.chunks(), chunk), key -> new HashMap<>())
            .put(cluster.partition(chunk), states);
      }
    }

    @Override
    public void run() {
      cluster.partitions.forEach((resource, partitions) -> {
        LinkedHashMap<String, Integer> states = new LinkedHashMap<>();
        states.put(HelixCluster.STATE, cluster.replicas(resource));
        strategy.init(resource, partitions, states, Integer.MAX_VALUE);
        records.add(
            strategy.computePartitionAssignment(
                configured,
                live,
                current.getOrDefault(resource, new HashMap<>()),
                cluster.provider));
      });
    }

    @Override
    public Assignment assignment() {
      Map<String, Integer> positions = cluster.problem.fleet().positions();
      Assignment.Pairs pairs = Assignment.pairs(cluster.problem.chunks().count());
      for (ZNRecord answer : records) {
        answer
            .getListFields()
            .forEach((partition, names) -> {
              int chunk = cluster.chunk(partition);
              names.forEach(worker -> pairs.add(chunk, positions.getOrDefault(worker, -1)));
            });
      }
      return pairs.assignment();
    }
  }
}
