package dev.stowage.benchmarks.peers;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HDFSBlocksDistribution;
import org.apache.hadoop.hbase.ServerMetrics;
import org.apache.hadoop.hbase.ServerName;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.BalancerDecision;
import org.apache.hadoop.hbase.client.BalancerRejection;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.RegionInfo;
import org.apache.hadoop.hbase.client.TableDescriptor;
import org.apache.hadoop.hbase.master.balancer.ClusterInfoProvider;
import org.jspecify.annotations.Nullable;

/** A stand-in for the cluster around HBase's balancer, which does not exist here. */
final class HbaseFleet implements ClusterInfoProvider {
  private final Configuration configuration;

  HbaseFleet(Configuration configuration) {
    this.configuration = configuration;
  }

  @Override
  public Configuration getConfiguration() {
    return configuration;
  }

  @Override
  public @Nullable Connection getConnection() {
    return null;
  }

  @Override
  public List<RegionInfo> getAssignedRegions() {
    return List.of();
  }

  @Override
  public void unassign(RegionInfo region) {
    throw new UnsupportedOperationException("nothing is deployed");
  }

  @Override
  public @Nullable TableDescriptor getTableDescriptor(TableName table) {
    return null;
  }

  @Override
  public int getNumberOfTables() {
    return 1;
  }

  @Override
  public HDFSBlocksDistribution computeHDFSBlocksDistribution(
      Configuration settings, TableDescriptor table, RegionInfo region) {
    return new HDFSBlocksDistribution();
  }

  @Override
  public boolean hasRegionReplica(Collection<RegionInfo> regions) {
    return false;
  }

  @Override
  public List<ServerName> getOnlineServersList() {
    return List.of();
  }

  @Override
  public List<ServerName> getOnlineServersListWithPredicator(
      List<ServerName> servers, Predicate<ServerMetrics> filter) {
    return servers;
  }

  @Override
  public Map<ServerName, List<RegionInfo>> getSnapShotOfAssignment(Collection<RegionInfo> regions) {
    return Map.of();
  }

  @Override
  public boolean isOffPeakHour() {
    return false;
  }

  @Override
  public void recordBalancerDecision(Supplier<BalancerDecision> decision) {}

  @Override
  public void recordBalancerRejection(Supplier<BalancerRejection> rejection) {}

  @Override
  public @Nullable ServerMetrics getLoad(ServerName server) {
    return null;
  }

  @Override
  public void onConfigurationChange(Configuration settings) {}
}
