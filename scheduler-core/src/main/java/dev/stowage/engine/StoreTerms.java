package dev.stowage.engine;

import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.LoadedFleet;

/** The reading of a store's state and failures. */
final class StoreTerms {
  private StoreTerms() {}

  // The failure as it is told to one more of the callers that it concerns.
  static StorageException another(Throwable why, boolean isInDoubt) {
    StorageException.Outcome outcome =
        isInDoubt ? StorageException.Outcome.UNKNOWN : StorageException.Outcome.NOT_COMMITTED;
    return new StorageException.Transient(String.valueOf(why.getMessage()), outcome, why);
  }

  static StorageException reloadedMeanwhile() {
    return new StorageException.Transient(
        "the state was reloaded while a plan was made; schedule again",
        StorageException.Outcome.NOT_COMMITTED,
        null);
  }

  static LifecycleState mirrorOf(LoadedFleet loaded) {
    LifecycleState state = loaded.state().orElseThrow();
    loaded.requireDigest(state.digest());
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
