package dev.stowage.benchmarks.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.ServerName;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.RegionInfo;
import org.apache.hadoop.hbase.client.RegionInfoBuilder;
import org.apache.hadoop.hbase.master.RegionPlan;
import org.apache.hadoop.hbase.master.balancer.StochasticLoadBalancer;

/**
 * HBase's stochastic balancer with its defaults, without locality, which these fleets do not have:
 * chunks are the regions of one table. Regions without a server are dealt out round robin, as its
 * master does; then the balancer walks at random until it has found nothing better for 30 seconds.
 */
final class HbaseSubject implements PlacementSubject {
  private static final TableName TABLE = TableName.valueOf("chunks");

  @Override
  public String name() {
    return "hbase";
  }

  @Override
  public String limits() {
    return "one replica, no capacity, not deterministic";
  }

  @Override
  public boolean isSingle() {
    return true;
  }

  @Override
  public Trial prepare(PlacementProblem problem) throws IOException {
    return new Walk(problem);
  }

  private static final class Walk implements Trial {
    private final PlacementProblem problem;
    private final StochasticLoadBalancer balancer = new StochasticLoadBalancer();
    private final Map<RegionInfo, Integer> chunkOf = new HashMap<>();
    private final Map<ServerName, Integer> positionOf = new HashMap<>();
    private final Map<ServerName, List<RegionInfo>> load = new HashMap<>();
    private final List<RegionInfo> homeless = new ArrayList<>();

    Walk(PlacementProblem problem) throws IOException {
      this.problem = problem;
      Configuration configuration = new Configuration(false);
      configuration.setFloat("hbase.master.balancer.stochastic.localityCost", 0);
      configuration.setFloat("hbase.master.balancer.stochastic.rackLocalityCost", 0);
      balancer.setClusterInfoProvider(new HbaseFleet(configuration));
      balancer.initialize();
      List<ServerName> servers = new ArrayList<>();
      for (String worker : problem.fleet().names()) {
        ServerName server = ServerName.valueOf(worker, 1, 1);
        positionOf.put(server, servers.size());
        servers.add(server);
        load.put(server, new ArrayList<>());
      }
      PlacementProblem.Past past = problem.past();
      for (int chunk = 0; chunk < problem.chunks().count(); chunk++) {
        RegionInfo region =
            RegionInfoBuilder.newBuilder(TABLE).setStartKey(key(chunk)).setRegionId(chunk).build();
        chunkOf.put(region, chunk);
        int holder = past == null ? -1 : holder(past.held(), chunk);
        if (holder >= 0) {
          regionsOf(servers.get(holder)).add(region);
        } else {
          homeless.add(region);
        }
      }
    }

    /** Returns the first holder of a chunk, or -1. */
    private static int holder(Assignment held, int chunk) {
      boolean isHeld = chunk < held.chunks() && held.replicas(chunk) > 0;
      return isHeld ? held.worker()[held.start()[chunk]] : -1;
    }

    private static byte[] key(int chunk) {
      return new byte[] {
        (byte) (chunk >>> 24), (byte) (chunk >>> 16), (byte) (chunk >>> 8), (byte) chunk
      };
    }

    private List<RegionInfo> regionsOf(ServerName server) {
      return load.computeIfAbsent(server, key -> new ArrayList<>());
    }

    @Override
    public void run() throws IOException {
      if (!homeless.isEmpty()) {
        balancer
            .roundRobinAssignment(homeless, new ArrayList<>(load.keySet()))
            .forEach((server, regions) -> regionsOf(server).addAll(regions));
      }
      if (problem.past() == null) {
        return;
      }
      List<RegionPlan> moves = balancer.balanceCluster(Map.of(TABLE, load));
      if (moves != null) {
        for (RegionPlan move : moves) {
          regionsOf(move.getSource()).remove(move.getRegionInfo());
          regionsOf(move.getDestination()).add(move.getRegionInfo());
        }
      }
    }

    @Override
    public Assignment assignment() {
      Assignment.Pairs pairs = Assignment.pairs(problem.chunks().count());
      load.forEach((server, regions) -> {
        int position = positionOf.getOrDefault(server, -1);
        regions.forEach(region -> pairs.add(chunkOf.getOrDefault(region, -1), position));
      });
      return pairs.assignment();
    }
  }
}
