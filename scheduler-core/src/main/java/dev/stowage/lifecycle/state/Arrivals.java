package dev.stowage.lifecycle.state;

import dev.stowage.answer.Leaving.Part;
import dev.stowage.answer.Progress.CopyCause;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.Moved;
import dev.stowage.lifecycle.rows.WorkerRow;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Collects the copies that the reports of one cycle complete. A copy that reports of one worker
 * lose and bring back, or the reverse, counts by their net effect, so that it does not matter which
 * reports were kept.
 */
public final class Arrivals {
  private final Tables tables;
  private final Map<Integer, Before> changed = new LinkedHashMap<>();
  private final Map<String, Part> arrived = new TreeMap<>();

  /** A replica before the first report of its worker that may change it. */
  private record Before(boolean wasThere, CopyCause cause) {}

  public Arrivals(Tables tables) {
    this.tables = tables;
  }

  /** Notes a replica that a report may change; call before its chunk counts as once possessed. */
  public void note(int slot, boolean wasThere) {
    if (!changed.containsKey(slot)) {
      int isCounted = !wasThere && tables.rules.possessed(slot) ? 1 : 0;
      CopyCause cause = tables.rules.cause(tables.replicas.chunk(slot), isCounted);
      changed.put(slot, new Before(wasThere, cause));
    }
  }

  /** Counts what the reports of one worker completed. */
  public void settle() {
    changed.forEach((slot, before) -> {
      if (!before.wasThere && tables.replicas.isAssigned(slot) && tables.rules.possessed(slot)) {
        add(slot, before.cause);
      }
    });
    changed.clear();
  }

  private void add(int slot, CopyCause cause) {
    int chunk = tables.replicas.chunk(slot);
    Part one = new Part(1, tables.chunks.facts.sizeBytes(chunk));
    arrived.merge(Moved.ALL, one, Part::and);
    arrived.merge(cause.word(), one, Part::and);
    for (int other = tables.chunks.firstReplica(chunk);
        other != ReplicaTable.NONE;
        other = tables.replicas.next(other)) {
      WorkerRow holder = tables.workers.entry(tables.replicas.worker(other));
      if (!tables.replicas.isAssigned(other) && holder.isToLeave()) {
        arrived.merge(Moved.of(holder.id()), one, Part::and);
      }
    }
  }

  /** Adds the collected copies to those observed before, if there are any. */
  public void keep(long tick) {
    if (arrived.isEmpty()) {
      return;
    }
    TreeSet<String> leaving = new TreeSet<>();
    for (int position : tables.workers.order()) {
      WorkerRow entry = tables.workers.entry(position);
      if (entry.isToLeave()) {
        leaving.add(Moved.of(entry.id()));
      }
    }
    int targets = targets();
    arrived.put(Moved.TURNS, new Part(1, 1));
    arrived.put(Moved.TARGETS, new Part(1, targets));
    boolean isDone = targets == 0 && !tables.rules.raises.isAnyUnmet();
    Moved before = tables.fleet.kept(KeptValue.MOVED);
    tables.keep(KeptValue.MOVED.with(before.with(tick, arrived, leaving::contains, isDone)));
  }

  /** Returns the number of workers with copies under way, or with a leave that waits for a plan. */
  private int targets() {
    int targets = 0;
    for (int position : tables.workers.order()) {
      WorkerRow entry = tables.workers.entry(position);
      targets += entry.isPresent() && isAnyToGo(entry) ? 1 : 0;
    }
    return targets;
  }

  private boolean isAnyToGo(WorkerRow entry) {
    ReplicaTable replicas = tables.replicas;
    int worker = entry.position();
    boolean isListed = tables.workers.isSorted(worker) && !tables.workers.mayMiss(worker);
    boolean isWhole = !isListed || entry.isToLeave();
    for (int slot = tables.workers.firstReplica(worker);
        slot != ReplicaTable.NONE && (isWhole || replicas.since(slot) > entry.lastApplied());
        slot = replicas.nextOfWorker(slot)) {
      boolean isToGo = entry.isToLeave() || !tables.rules.possessed(slot);
      if (replicas.isAssigned(slot) && isToGo) {
        return true;
      }
    }
    return false;
  }
}
