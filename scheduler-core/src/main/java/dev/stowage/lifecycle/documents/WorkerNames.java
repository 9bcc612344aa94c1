package dev.stowage.lifecycle.documents;

import dev.stowage.lifecycle.state.WorkerTable;
import dev.stowage.model.WorkerId;
import java.util.Arrays;

/** The workers that an assignment may name, by position, gone ones last. Not thread-safe. */
final class WorkerNames {
  private final WorkerTable workers;
  private WorkerId[] ids;

  WorkerNames(WorkerTable workers) {
    this.workers = workers;
    ids = new WorkerId[workers.limit()];
    for (int position : workers.order()) {
      ids[position] = workers.entry(position).description.id();
    }
  }

  int position(WorkerId id) {
    int known = workers.find(id);
    if (known >= 0) {
      return known;
    }
    for (int position = workers.limit(); position < ids.length; position++) {
      if (ids[position].equals(id)) {
        return position;
      }
    }
    ids = Arrays.copyOf(ids, ids.length + 1);
    ids[ids.length - 1] = id;
    return ids.length - 1;
  }

  WorkerId[] ids() {
    return ids;
  }
}
