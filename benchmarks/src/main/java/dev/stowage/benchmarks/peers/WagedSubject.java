package dev.stowage.benchmarks.peers;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.helix.HelixConstants.ChangeType;
import org.apache.helix.HelixRebalanceException;
import org.apache.helix.controller.rebalancer.waged.RebalanceAlgorithm;
import org.apache.helix.controller.rebalancer.waged.constraints.ConstraintBasedAlgorithmFactory;
import org.apache.helix.controller.rebalancer.waged.model.ClusterModel;
import org.apache.helix.controller.rebalancer.waged.model.ClusterModelProvider;
import org.apache.helix.model.Partition;
import org.apache.helix.model.Resource;
import org.apache.helix.model.ResourceAssignment;

/**
 * Helix WAGED with its default preferences, by the two calls that its rebalancer makes: the model
 * of the cluster for the baseline after the changes that Helix would see in the event, and the
 * constraint-based algorithm on it. WAGED itself then walks from the baseline to the best possible
 * assignment in further calls.
 */
final class WagedSubject implements PlacementSubject {
  @Override
  public Trial prepare(PlacementProblem problem) {
    return new Calculation(problem);
  }

  private static final class Calculation implements Trial {
    private final HelixCluster cluster;
    private final Map<String, Resource> resources = new HashMap<>();
    private final Map<String, ResourceAssignment> before = new HashMap<>();
    private final Map<ChangeType, Set<String>> changes;
    private final Set<String> live;
    private Map<String, ResourceAssignment> after = Map.of();

    Calculation(PlacementProblem problem) {
      cluster = new HelixCluster(problem);
      live = new HashSet<>(problem.fleet().names());
      cluster.partitions.forEach((name, partitions) -> {
        Resource resource = new Resource(name);
        partitions.forEach(resource::addPartition);
        resources.put(name, resource);
      });
      changes = changes();
      if (problem.past() != null) {
        addBefore(problem.past());
      }
    }

    /** Returns the changes that Helix would report; a live instance is one only when it appears. */
    private Map<ChangeType, Set<String>> changes() {
      ProblemFleet fleet = cluster.problem.fleet();
      Set<String> names = new HashSet<>(fleet.departed());
      fleet.joined().forEach(worker -> names.add(fleet.name(worker)));
      Map<ChangeType, Set<String>> seen = new HashMap<>();
      switch (cluster.problem.event()) {
        case STEADY -> {}
        case SCRATCH -> seen.put(ChangeType.CLUSTER_CONFIG, new HashSet<>());
        case GROWTH -> seen.put(ChangeType.IDEAL_STATE, new HashSet<>(resources.keySet()));
        case LEAVE, TENTH, JOIN -> {
          seen.put(ChangeType.INSTANCE_CONFIG, names);
          seen.put(ChangeType.LIVE_INSTANCE, new HashSet<>(names));
        }
      }
      return seen;
    }

    private void addBefore(PlacementProblem.Past past) {
      ProblemFleet fleet = past.problem().fleet();
      Assignment placed = past.placed();
      for (int chunk = 0; chunk < placed.chunks(); chunk++) {
        Map<String, String> states = new HashMap<>();
        for (int i = placed.start()[chunk]; i < placed.start()[chunk + 1]; i++) {
          states.put(fleet.name(placed.worker()[i]), HelixCluster.STATE);
        }
        before
            .computeIfAbsent(
                HelixCluster.resource(past.problem().chunks(), chunk), ResourceAssignment::new)
            .addReplicaMap(new Partition(cluster.partition(chunk)), states);
      }
    }

    @Override
    public void run() throws HelixRebalanceException {
      ClusterModel model =
          ClusterModelProvider.generateClusterModelForBaseline(
              cluster.provider, resources, live, changes, before);
      RebalanceAlgorithm algorithm =
          ConstraintBasedAlgorithmFactory.getInstance(
              cluster.config.getGlobalRebalancePreference());
      after = algorithm.calculate(model).getOptimalResourceAssignment();
    }

    @Override
    public Assignment assignment() {
      Map<String, Integer> positions = cluster.problem.fleet().positions();
      Assignment.Pairs pairs = Assignment.pairs(cluster.problem.chunks().count());
      for (ResourceAssignment answer : after.values()) {
        for (Partition partition : answer.getMappedPartitions()) {
          int chunk = cluster.chunk(partition.getPartitionName());
          answer
              .getReplicaMap(partition)
              .keySet()
              .forEach(worker -> pairs.add(chunk, positions.getOrDefault(worker, -1)));
        }
      }
      return pairs.assignment();
    }
  }
}
