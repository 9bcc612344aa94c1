package dev.stowage.lifecycle.planning;

import dev.stowage.columns.IntList;
import dev.stowage.command.PlacementWish;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.lifecycle.state.WishIndex;
import dev.stowage.lifecycle.state.WorkerEntry;
import dev.stowage.model.Eligibility;
import dev.stowage.model.WorkerId;
import java.util.Set;
import java.util.TreeSet;

/** The workers that can take one more copy of a chunk in the state as it is. */
final class Takers {
  private final Tables tables;
  private final DomainsAtCommit domains;
  private final RulesAtCommit rules;
  private final WishIndex wishes;

  Takers(Tables tables) {
    this.tables = tables;
    domains = new DomainsAtCommit(tables);
    rules = new RulesAtCommit(tables);
    wishes = new WishIndex(tables.fleet.wishes);
  }

  boolean isAny(int chunk) {
    Eligibility eligibility = tables.rules.eligibility(chunk);
    Set<WorkerId> banned = banned(chunk);
    IntList wanted = wanted(chunk);
    for (int position : tables.workers.order()) {
      WorkerEntry entry = tables.workers.entry(position);
      if (entry.isPlaceable()
          && hasRoom(entry, tables.chunks.facts.sizeBytes(chunk))
          && eligibility.admits(entry.description)
          && tables.replicas.find(chunk, position, tables.chunks) == ReplicaTable.NONE
          && !banned.contains(entry.description.id())
          && !rules.forbid(chunk, position)
          && !isOverLimit(wanted, position)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasRoom(WorkerEntry entry, long bytes) {
    return bytes <= entry.description.capacityBytes() - entry.footprintBytes.saturated()
        && entry.replicas < entry.description.maxReplicas();
  }

  private boolean isOverLimit(IntList wanted, int worker) {
    wanted.add(worker);
    boolean isOver = domains.isOver(worker, wanted);
    wanted.removeLast();
    return isOver;
  }

  private Set<WorkerId> banned(int chunk) {
    Set<WorkerId> banned = new TreeSet<>();
    wishes.forEach(
        tables.chunks.facts.key(chunk),
        wish -> {
          if (wish.kind() == PlacementWish.Kind.BAN) {
            banned.add(wish.worker());
          }
        });
    return banned;
  }

  private IntList wanted(int chunk) {
    IntList wanted = new IntList();
    for (int slot = tables.chunks.firstReplica(chunk);
        slot != ReplicaTable.NONE;
        slot = tables.replicas.next(slot)) {
      if (tables.replicas.isAssigned(slot)) {
        wanted.add(tables.replicas.worker(slot));
      }
    }
    return wanted;
  }
}
