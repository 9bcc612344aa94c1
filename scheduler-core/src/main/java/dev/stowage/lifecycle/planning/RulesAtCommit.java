package dev.stowage.lifecycle.planning;

import dev.stowage.config.PlacementConfig;
import dev.stowage.config.Reason.MaskRule;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.DatasetId;
import dev.stowage.placement.rules.MaskRules;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The hard rules about datasets in the state at commit, and what they are told of in advance. */
final class RulesAtCommit {
  private final Tables tables;
  private final PlacementConfig config;
  private final boolean isNone;

  /** The datasets on each worker, learnt when it is first asked about. */
  private final Map<Integer, Set<DatasetId>> datasetsOf = new HashMap<>();

  RulesAtCommit(Tables tables) {
    this.tables = tables;
    config = tables.fleet.config().placement();
    isNone = !MaskRules.isAny(config);
  }

  boolean isNone() {
    return isNone;
  }

  /** Reports whether a rule forbids to give a worker a chunk. */
  boolean forbid(int chunk, int worker) {
    return !isNone && MaskRules.broken(config, dataset(chunk), holdings(worker)) != null;
  }

  private MaskRule.Holdings holdings(int worker) {
    return new MaskRule.Holdings(
        tables.workers.entry(worker).description(), datasets(worker)::contains);
  }

  /** Counts a chunk among what a worker has. */
  void given(int chunk, int worker) {
    datasets(worker).add(dataset(chunk));
  }

  private DatasetId dataset(int chunk) {
    return tables.chunks.facts.key(chunk).dataset();
  }

  private Set<DatasetId> datasets(int worker) {
    return datasetsOf.computeIfAbsent(
        worker,
        of -> {
          Set<DatasetId> all = new HashSet<>();
          for (int slot = tables.workers.firstReplica(of);
              slot != ReplicaTable.NONE;
              slot = tables.replicas.nextOfWorker(slot)) {
            all.add(dataset(tables.replicas.chunk(slot)));
          }
          return all;
        });
  }
}
