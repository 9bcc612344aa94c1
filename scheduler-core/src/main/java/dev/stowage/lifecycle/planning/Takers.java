package dev.stowage.lifecycle.planning;

import dev.stowage.columns.IntList;
import dev.stowage.command.PlacementWish;
import dev.stowage.config.PlacementConfig.Spread;
import dev.stowage.lifecycle.MoveRules;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.lifecycle.state.WishIndex;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.util.HashSet;
import java.util.Set;

/** The workers that can take one more copy of a chunk in the state as it is. */
public final class Takers implements MoveRules {
  private static final int NOBODY = ReplicaTable.NONE;

  private final Tables tables;
  private final DomainsAtCommit domains;
  private final RulesAtCommit rules;
  private final WishIndex wishes;
  private final boolean isSpread;

  /** The chunk asked about last, and what does not depend on the worker. */
  private int asked = ReplicaTable.NONE;

  private Eligibility eligibility = Eligibility.ANY;
  private IntList wanted = new IntList(0);

  public Takers(Tables tables) {
    this.tables = tables;
    domains = new DomainsAtCommit(tables);
    rules = new RulesAtCommit(tables);
    wishes = new WishIndex(tables.fleet.wishes());
    isSpread = tables.fleet.config().placement().spread() == Spread.ZONE;
  }

  boolean isAny(int chunk) {
    for (int position : tables.workers.order()) {
      if (takesInstead(chunk, NOBODY, position)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean mayLeave(int slot) {
    return tables.replicas.isAssigned(slot)
        && (wishes.isEmpty()
            || !isWished(
                PlacementWish.Kind.PIN, tables.replicas.chunk(slot), tables.workerOf(slot)));
  }

  @Override
  public boolean takes(int chunk, int from, int to) {
    return takesInstead(chunk, from, to) && (!isSpread || keepsSpread(from, to));
  }

  private boolean takesInstead(int chunk, int from, int to) {
    WorkerRow entry = tables.workers.entry(to);
    if (!entry.isPlaceable() || !hasRoom(to, tables.chunks.facts.sizeBytes(chunk))) {
      return false;
    }
    ask(chunk);
    return eligibility.admits(entry.description())
        && tables.replicas.find(chunk, to, tables.chunks) == ReplicaTable.NONE
        && !isWished(PlacementWish.Kind.BAN, chunk, entry.id())
        && !rules.forbid(chunk, to)
        && (domains.isNone() || !domains.isOver(to, after(from, to)));
  }

  private boolean hasRoom(int to, long bytes) {
    Worker worker = tables.workers.entry(to).description();
    long used = tables.workers.footprintBytes(to).saturated();
    return bytes <= worker.capacityBytes() - used
        && tables.workers.replicas(to) < worker.maxReplicas();
  }

  private void ask(int chunk) {
    if (chunk == asked) {
      return;
    }
    asked = chunk;
    eligibility = tables.rules.eligibility(chunk);
    wanted = new IntList(0);
    for (int slot = tables.chunks.firstReplica(chunk);
        slot != ReplicaTable.NONE;
        slot = tables.replicas.next(slot)) {
      if (tables.replicas.isAssigned(slot)) {
        wanted.add(tables.replicas.worker(slot));
      }
    }
  }

  private IntList after(int from, int to) {
    IntList after = new IntList(0);
    for (int i = 0; i < wanted.size(); i++) {
      if (wanted.get(i) != from) {
        after.add(wanted.get(i));
      }
    }
    after.add(to);
    return after;
  }

  /** Reports whether a move keeps the domains of the floor, the outermost level first. */
  private boolean keepsSpread(int from, int to) {
    IntList after = after(from, to);
    int levels = Math.max(1, Math.max(levels(wanted), levels(after)));
    int floor = tables.rules.floor(asked);
    for (int level = 1; level <= levels; level++) {
      int order = Math.min(floor, count(after, level)) - Math.min(floor, count(wanted, level));
      if (order != 0) {
        return order > 0;
      }
    }
    return true;
  }

  private int levels(IntList workers) {
    int levels = 0;
    for (int i = 0; i < workers.size(); i++) {
      levels = Math.max(levels, tables.workers.entry(workers.get(i)).description().levels());
    }
    return levels;
  }

  private int count(IntList workers, int level) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < workers.size(); i++) {
      seen.add(tables.workers.entry(workers.get(i)).description().domain(level));
    }
    return seen.size();
  }

  private boolean isWished(PlacementWish.Kind kind, int chunk, WorkerId worker) {
    boolean[] isWished = {false};
    if (!wishes.isEmpty()) {
      wishes.forEach(
          tables.chunks.facts.key(chunk),
          wish -> isWished[0] |= wish.kind() == kind && wish.worker().equals(worker));
    }
    return isWished[0];
  }
}
