package dev.stowage.engine;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.model.DatasetId;
import dev.stowage.store.AssignmentIds;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.StorageException;
import dev.stowage.store.TransactionScope;
import java.util.ArrayList;
import java.util.List;

/** The scope of a command in a store, and the reading of a store's failures. */
final class StoreTerms {
  private StoreTerms() {}

  static TransactionScope scopeOf(Command<?> command) {
    CommandKind<?, ?> kind = command.kind();
    return switch (kind.locks()) {
      case NO_DATASET -> TransactionScope.noDataset();
      case NAMED_DATASETS -> TransactionScope.of(kind.datasets(command));
      case EVERY_DATASET -> TransactionScope.everyDataset();
    };
  }

  static TransactionScope scopeOf(List<Ticket<?>> group) {
    List<DatasetId> datasets = new ArrayList<>();
    boolean isEvery = false;
    for (Ticket<?> ticket : group) {
      TransactionScope scope = scopeOf(ticket.command());
      datasets.addAll(scope.datasets());
      isEvery |= scope.allDatasets();
    }
    return new TransactionScope(datasets, isEvery);
  }

  // The failure as it is told to one more of the callers that it concerns.
  static StorageException another(Throwable why, boolean isInDoubt) {
    StorageException.Outcome outcome =
        isInDoubt ? StorageException.Outcome.UNKNOWN : StorageException.Outcome.NOT_COMMITTED;
    return new StorageException.Transient(String.valueOf(why.getMessage()), outcome, why);
  }

  static LifecycleState mirrorOf(LoadedFleet loaded) {
    LifecycleState state = loaded.state().orElseThrow();
    if (state.digest() != loaded.digest()) {
      throw new StorageException.Corrupt(
          "the rows have digest "
              + Long.toHexString(state.digest())
              + ", but the store recorded "
              + Long.toHexString(loaded.digest())
              + "; restore the store from a backup",
          null);
    }
    return state;
  }

  static AssignmentIds idsOf(LifecycleState state) {
    return new AssignmentIds(state.newestWorkerAssignment(), state.newestPortalAssignment());
  }

  // Any other exception of a store may come after the change.
  static boolean isUndone(Throwable failure) {
    return failure instanceof StorageException.Fenced
        || (failure instanceof StorageException.Transient e
            && e.outcome() == StorageException.Outcome.NOT_COMMITTED);
  }
}
