package dev.stowage.lifecycle.state;

import dev.stowage.lifecycle.CopyCause;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.Leaving.Part;
import dev.stowage.lifecycle.Moved;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Collects the copies that the reports of one cycle complete. */
public final class Arrivals {
  private final Tables tables;
  private final Map<String, Part> arrived = new TreeMap<>();

  public Arrivals(Tables tables) {
    this.tables = tables;
  }

  /** Adds a replica that became possessed; call before its chunk counts as once possessed. */
  public void add(int slot) {
    int chunk = tables.replicas.chunk(slot);
    Part one = new Part(1, tables.chunks.facts.sizeBytes(chunk));
    CopyCause cause = CopyCause.of(tables, chunk, 1);
    arrived.merge(Moved.ALL, one, Part::and);
    arrived.merge(cause.word(), one, Part::and);
    for (int other = tables.chunks.firstReplica(chunk);
        other != ReplicaTable.NONE;
        other = tables.replicas.next(other)) {
      WorkerEntry holder = tables.workers.entry(tables.replicas.worker(other));
      if (!tables.replicas.isAssigned(other) && holder.isToLeave()) {
        arrived.merge(Moved.of(holder.description.id()), one, Part::and);
      }
    }
  }

  /** Keeps what was collected beside what was observed before, if anything was. */
  public void keep(long tick) {
    if (arrived.isEmpty()) {
      return;
    }
    TreeSet<String> leaving = new TreeSet<>();
    for (int position : tables.workers.order()) {
      WorkerEntry entry = tables.workers.entry(position);
      if (entry.isToLeave()) {
        leaving.add(Moved.of(entry.description.id()));
      }
    }
    Moved before = tables.fleet.kept(KeptValue.MOVED);
    tables.fleet.keep(KeptValue.MOVED.with(before.with(tick, arrived, leaving::contains)));
  }
}
