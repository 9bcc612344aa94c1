package dev.stowage.store;

import dev.stowage.answer.Question;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Answers of a store with their age, for processes that do not lead; a store may let a server give
 * them that lags behind the newest commit. Every method may throw {@link StorageException}.
 * Thread-safe.
 *
 * <p>Where an assignment is named, the answer is of that one or a later one: a server that lacks it
 * gives none. An assignment that no server knows is answered as by {@link FleetView}.
 */
public interface AgedReader {
  /**
   * Returns the age of what a lagging server had as it was asked last, in nanoseconds; empty
   * without such a server, and while it does not answer. Asks nobody.
   */
  default OptionalLong standbyAgeNanos() {
    return OptionalLong.empty();
  }

  /** Returns the answer to a question. */
  <R> Aged<R> ask(Question<R> question);

  /**
   * Returns a worker's full slice; empty if the worker is unknown or has departed. No lagging
   * server answers, because a worker deletes what its slice does not name.
   */
  Aged<Optional<SliceDocument>> slice(WorkerId worker);

  /** Returns a worker's changes since an assignment, or the full slice; empty as {@link #slice}. */
  Aged<Optional<SliceDocument>> sliceSince(
      WorkerId worker, Lineage lineage, WorkerAssignmentId known);

  /** Returns all routes. */
  Aged<RoutesDocument> routes();

  /** Returns all routes as of an assignment or a later one. */
  Aged<RoutesDocument> routes(Lineage lineage, PortalAssignmentId atLeast);

  /** Returns the changes of routes since an assignment, or all routes. */
  Aged<RoutesDocument> routesSince(Lineage lineage, PortalAssignmentId known);
}
