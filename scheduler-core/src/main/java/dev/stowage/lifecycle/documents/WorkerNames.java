package dev.stowage.lifecycle.documents;

import dev.stowage.lifecycle.state.WorkerEntry;
import dev.stowage.lifecycle.state.WorkerTable;
import dev.stowage.model.WorkerId;

/** The workers that an assignment may name and the zones that it tells, by position. */
record WorkerNames(WorkerId[] ids, String[] zones) {
  static final WorkerNames NONE = new WorkerNames(new WorkerId[0], new String[0]);

  static WorkerNames of(WorkerTable workers) {
    WorkerId[] ids = new WorkerId[workers.limit()];
    String[] zones = new String[workers.limit()];
    for (int position : workers.order()) {
      WorkerEntry entry = workers.entry(position);
      ids[position] = entry.description.id();
      zones[position] = entry.zoneInRoutes();
    }
    return new WorkerNames(ids, zones);
  }

  boolean isSame(int position, WorkerNames other, int otherPosition) {
    return ids[position].equals(other.ids[otherPosition])
        && zones[position].equals(other.zones[otherPosition]);
  }
}
