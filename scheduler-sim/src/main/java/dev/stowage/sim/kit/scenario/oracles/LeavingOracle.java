package dev.stowage.sim.kit.scenario.oracles;

import dev.stowage.lifecycle.Leaving;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Optional;

/**
 * An oracle of leaving workers: the reported parts cover all that the worker holds, and it may be
 * switched off exactly when nobody would miss it. It judges by the books and by the routes of
 * portals, chunk by chunk, and only detects.
 */
public final class LeavingOracle {
  private static final String KIND = "what leaves";

  private final LifecycleView books;
  private final PortalAssignment routes;
  private final int worker;
  private final WorkerId id;
  private int replicas;
  private long bytes;
  private Optional<String> missed;

  private LeavingOracle(LifecycleView books, PortalAssignment routes, int worker) {
    this.books = books;
    this.routes = routes;
    this.worker = worker;
    id = books.workerId(worker);
    missed =
        books.isPresent(worker) && books.owesInventory(worker)
            ? Optional.of("what its disk holds")
            : Optional.empty();
  }

  /**
   * Returns the error in a report about a worker.
   *
   * @param books the books at the time of the report
   * @param routes the newest routes
   */
  public static Optional<Finding> wrong(
      Leaving said, LifecycleView books, PortalAssignment routes) {
    int worker = books.workerPosition(said.worker());
    if (worker < 0) {
      return Optional.of(
          new Finding(KIND, said.worker() + " is reported as leaving, but no such worker exists"));
    }
    LeavingOracle truth = new LeavingOracle(books, routes, worker);
    books.forEachChunk(truth::look);
    return truth.compare(said);
  }

  private void look(int chunk) {
    int slot = books.findReplica(chunk, worker);
    if (slot == LifecycleView.NONE) {
      return;
    }
    replicas++;
    bytes += books.chunkSizeBytes(chunk);
    ChunkKey key = books.chunkKey(chunk);
    if (books.reportedPossessed(slot) && copiesElsewhere(chunk) < books.floor(chunk)) {
      missed = Optional.of("its copy of " + key);
    }
    List<WorkerId> named = routes.route(key).map(Route::workers).orElse(List.of());
    if (named.contains(id) && named.stream().noneMatch(other -> serves(chunk, other))) {
      missed = Optional.of("its answers about " + key);
    }
  }

  private int copiesElsewhere(int chunk) {
    int[] copies = {0};
    books.forEachWorker(other -> {
      int slot = books.findReplica(chunk, other);
      boolean counts = other != worker && slot != LifecycleView.NONE && books.isCounted(other);
      copies[0] += counts && books.reportedPossessed(slot) ? 1 : 0;
    });
    return copies[0];
  }

  private boolean serves(int chunk, WorkerId other) {
    int position = books.workerPosition(other);
    if (position < 0 || position == worker || !books.isPresent(position)) {
      return false;
    }
    int slot = books.findReplica(chunk, position);
    return slot != LifecycleView.NONE && books.reportedPossessed(slot);
  }

  private Optional<Finding> compare(Leaving said) {
    if (said.all().replicas() != replicas || said.all().bytes() != bytes) {
      return found(
          "is reported to hold "
              + said.all().replicas()
              + " replicas, "
              + said.all().bytes()
              + " bytes, but holds "
              + replicas
              + ", "
              + bytes
              + " bytes");
    }
    if (said.safeToStop() == missed.isPresent()) {
      return found(
          missed
              .map(what -> "is reported as safe to stop, but " + what + " would be missed")
              .orElse("is reported as not safe to stop, but nothing on it would be missed"));
    }
    return Optional.empty();
  }

  private Optional<Finding> found(String text) {
    return Optional.of(new Finding(KIND, id + " " + text));
  }
}
