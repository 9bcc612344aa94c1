package dev.stowage.lifecycle.planning;

import dev.stowage.columns.IntList;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.Tables;
import java.util.Map;

/** The bounds of replicas per domain ({@code max_per_domain}) in the state at commit. */
final class DomainsAtCommit {
  private final Tables tables;
  private final Map<Integer, Integer> mostByLevel;

  DomainsAtCommit(Tables tables) {
    this.tables = tables;
    mostByLevel = tables.fleet.config().placement().maxPerDomain();
  }

  boolean isNone() {
    return mostByLevel.isEmpty();
  }

  /** Ignores departed workers. */
  boolean isOver(int worker, IntList of) {
    for (Map.Entry<Integer, Integer> each : mostByLevel.entrySet()) {
      int level = each.getKey();
      String domain = tables.workers.entry(worker).description().domain(level);
      int in = 0;
      for (int i = 0; i < of.size(); i++) {
        WorkerRow holder = tables.workers.entry(of.get(i));
        in += holder.isPresent() && holder.description().domain(level).equals(domain) ? 1 : 0;
      }
      if (in > each.getValue()) {
        return true;
      }
    }
    return false;
  }
}
