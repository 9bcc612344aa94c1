package dev.stowage.engine;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.store.AssignmentIds;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.StorageException;
import dev.stowage.store.TransactionScope;

/** What a leader asks of a store, and what it makes of the answer. */
final class StoreTerms {
  private StoreTerms() {}

  /** Those who write to what a command decides about must wait for it. */
  static TransactionScope scopeOf(Command<?> command) {
    CommandKind<?, ?> kind = command.kind();
    return switch (kind.locks()) {
      case NO_DATASET -> TransactionScope.noDataset();
      case NAMED_DATASETS -> TransactionScope.of(kind.datasets(command));
      case EVERY_DATASET -> TransactionScope.everyDataset();
    };
  }

  static LifecycleState mirrorOf(LoadedFleet loaded) {
    LifecycleState state = loaded.state().orElseThrow();
    if (state.digest() != loaded.digest()) {
      throw new StorageException.Corrupt(
          "the rows have digest "
              + Long.toHexString(state.digest())
              + ", beside them is kept "
              + Long.toHexString(loaded.digest())
              + "; restore the store from a backup",
          null);
    }
    return state;
  }

  static AssignmentIds idsOf(LifecycleState state) {
    return new AssignmentIds(state.newestWorkerAssignment(), state.newestPortalAssignment());
  }

  /**
   * Whether the store itself says that nothing was changed; whatever else it throws may be late.
   */
  static boolean isUndone(Throwable failure) {
    return failure instanceof StorageException.Fenced
        || (failure instanceof StorageException.Transient e
            && e.outcome() == StorageException.Outcome.NOT_COMMITTED);
  }
}
