package dev.stowage.benchmarks.peers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.helix.controller.dataproviders.ResourceControllerDataProvider;
import org.apache.helix.controller.rebalancer.waged.WagedRebalancer;
import org.apache.helix.model.ClusterConfig;
import org.apache.helix.model.IdealState;
import org.apache.helix.model.InstanceConfig;
import org.apache.helix.model.LiveInstance;
import org.apache.helix.model.OnlineOfflineSMD;
import org.apache.helix.model.ResourceConfig;

/**
 * A problem as Helix reads it: one resource for each pair of weight and size, whose partitions are
 * the chunks; sizes in whole MiB rounded up, capacities rounded down.
 */
final class HelixCluster {
  static final String STATE = "ONLINE";
  private static final String CLUSTER = "benchmark";
  private static final String MODEL = "OnlineOffline";
  private static final String SPACE = "MIB";
  private static final String SESSION = LiveInstance.LiveInstanceProperty.SESSION_ID.name();
  private static final long MIB = 1 << 20;

  final PlacementProblem problem;
  final ResourceControllerDataProvider provider = new ResourceControllerDataProvider(CLUSTER);
  final ClusterConfig config = new ClusterConfig(CLUSTER);

  final Map<String, List<String>> partitions = new LinkedHashMap<>();

  private final String[] nameOf;
  private final Map<String, Integer> chunkOf = new HashMap<>();
  private final Map<String, Integer> replicas = new HashMap<>();
  private final Map<String, Integer> size = new HashMap<>();

  HelixCluster(PlacementProblem problem) {
    this.problem = problem;
    ProblemChunks chunks = problem.chunks();
    nameOf = new String[chunks.count()];
    for (int chunk = 0; chunk < nameOf.length; chunk++) {
      nameOf[chunk] = chunks.id(chunk);
      chunkOf.put(nameOf[chunk], chunk);
      String resource = resource(chunks, chunk);
      partitions.computeIfAbsent(resource, name -> new ArrayList<>()).add(nameOf[chunk]);
      replicas.putIfAbsent(resource, problem.replicas(chunk));
      size.putIfAbsent(resource, mebibytes(chunks.bytes()[chunk] + MIB - 1));
    }
    config.setInstanceCapacityKeys(List.of(SPACE));
    provider.setClusterConfig(config);
    provider.setStateModelDefMap(new HashMap<>(Map.of(MODEL, OnlineOfflineSMD.build())));
    addInstances();
    addResources();
  }

  /** Returns the resource of a chunk, which keeps its name through every event. */
  static String resource(ProblemChunks chunks, int chunk) {
    return "w" + chunks.weight()[chunk] + "-" + chunks.bytes()[chunk];
  }

  String partition(int chunk) {
    return nameOf[chunk];
  }

  int chunk(String partition) {
    return chunkOf.getOrDefault(partition, -1);
  }

  int replicas(String resource) {
    return replicas.getOrDefault(resource, 0);
  }

  private static int mebibytes(long bytes) {
    return Math.toIntExact(bytes / MIB);
  }

  private void addInstances() {
    Map<String, InstanceConfig> instances = new HashMap<>();
    List<LiveInstance> alive = new ArrayList<>();
    for (int worker = 0; worker < problem.fleet().count(); worker++) {
      String name = problem.fleet().name(worker);
      InstanceConfig instance = new InstanceConfig(name);
      instance.setInstanceCapacityMap(
          Map.of(SPACE, mebibytes(problem.fleet().capacityBytes(worker))));
      instances.put(name, instance);
      LiveInstance here = new LiveInstance(name);
      here.getRecord().setSimpleField(SESSION, "session-of-" + name);
      alive.add(here);
    }
    provider.setInstanceConfigMap(instances);
    provider.setLiveInstances(alive);
  }

  private void addResources() {
    List<IdealState> states = new ArrayList<>();
    Map<String, ResourceConfig> resources = new HashMap<>();
    partitions.forEach((name, names) -> {
      IdealState state = new IdealState(name);
      state.setReplicas(Integer.toString(replicas(name)));
      state.setStateModelDefRef(MODEL);
      state.setRebalanceMode(IdealState.RebalanceMode.FULL_AUTO);
      state.setRebalancerClassName(WagedRebalancer.class.getName());
      state.setNumPartitions(names.size());
      names.forEach(partition -> state.getRecord().setListField(partition, new ArrayList<>()));
      states.add(state);
      ResourceConfig resource = new ResourceConfig(name);
      resource
          .getRecord()
          .setMapField(
              ResourceConfig.ResourceConfigProperty.PARTITION_CAPACITY_MAP.name(),
              Map.of(
                  ResourceConfig.DEFAULT_PARTITION_KEY,
                  "{\"" + SPACE + "\":" + size.get(name) + "}"));
      resources.put(name, resource);
    });
    provider.setIdealStates(states);
    if (size.size() == 1) {
      config.setDefaultPartitionWeightMap(Map.of(SPACE, size.values().iterator().next()));
      resources.clear();
    }
    provider.setResourceConfigMap(resources);
  }
}
