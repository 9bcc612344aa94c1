package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.Command;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Optional;

/** What a command of another process decides about, and so whom it must keep out meanwhile. */
enum Concern {
  /** Ranges of datasets; other writers of the same datasets wait. */
  DATASETS,
  /** One worker; other reports of the same worker wait. */
  WORKER,
  /** Counters, versions or wishes of the fleet; every other writer waits. */
  FLEET,
  /** Only the leader may. */
  LEADER;

  static Concern of(Command command) {
    if (!datasets(command).isEmpty()
        || command instanceof Command.Ingest
        || command instanceof Command.Offer) {
      return DATASETS;
    }
    if (worker(command).isPresent()) {
      return WORKER;
    }
    boolean isLeaders =
        command instanceof Command.Schedule
            || command instanceof Command.Publish
            || command instanceof Command.Purge
            || command instanceof Command.Admit
            || command instanceof Command.BeginLineage;
    return isLeaders ? LEADER : FLEET;
  }

  /** The datasets whose ranges are decided about; swaps count swap ids too, and are not here. */
  static List<DatasetId> datasets(Command command) {
    if (command instanceof Command.Ingest ingest) {
      return ingest.chunks().stream().map(it -> it.key().dataset()).distinct().toList();
    }
    if (command instanceof Command.Offer offer) {
      return offer.chunks().stream().map(it -> it.key().dataset()).distinct().toList();
    }
    if (command instanceof Command.Remove remove) {
      return List.of(remove.chunk().dataset());
    }
    return List.of();
  }

  /** The worker that is decided about. */
  static Optional<WorkerId> worker(Command command) {
    if (command instanceof Command.Register register) {
      return Optional.of(register.worker());
    }
    if (command instanceof Command.Heartbeat heartbeat) {
      return Optional.of(heartbeat.header().worker());
    }
    if (command instanceof Command.Applied applied) {
      return Optional.of(applied.header().worker());
    }
    if (command instanceof Command.Lost lost) {
      return Optional.of(lost.header().worker());
    }
    if (command instanceof Command.Inventory inventory) {
      return Optional.of(inventory.header().worker());
    }
    if (command instanceof Command.Describe describe) {
      return Optional.of(describe.worker());
    }
    if (command instanceof Command.SetStatus status) {
      return Optional.of(status.worker());
    }
    return Optional.empty();
  }
}
