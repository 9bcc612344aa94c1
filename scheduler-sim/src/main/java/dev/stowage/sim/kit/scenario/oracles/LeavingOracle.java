package dev.stowage.sim.kit.scenario.oracles;

import dev.stowage.answer.Leaving;
import dev.stowage.answer.Leaving.Verdict;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * An oracle of workers that leave or go away: the reported parts cover all that a worker holds, it
 * may be switched off exactly when nobody would miss it, and all that may, may together: the
 * floors, or the copies that an absence asks for, stand and no portal asks in vain if all go at
 * once. It judges by the books, by the newest routes and by what portals may still ask, chunk by
 * chunk, and only detects.
 */
public final class LeavingOracle {
  private static final String KIND = "what leaves";

  private final LifecycleView books;
  private final Map<WorkerId, ChunkKey> named = new TreeMap<>();

  /**
   * Creates an oracle.
   *
   * @param books the books at the time of the answers
   * @param routes the newest routes
   */
  public LeavingOracle(LifecycleView books, PortalAssignment routes) {
    this.books = books;
    routes
        .routes()
        .forEach(route -> route.workers().forEach(id -> named.putIfAbsent(id, route.key())));
  }

  /** Returns the error in a report about a worker. */
  public Optional<Finding> wrong(Leaving said) {
    int worker = books.workerPosition(said.worker());
    if (worker < 0) {
      return found(said.worker(), "is reported as leaving, but no such worker exists");
    }
    int[] replicas = {0};
    long[] bytes = {0};
    books.forEachChunk(chunk -> {
      if (books.findReplica(chunk, worker) != LifecycleView.NONE) {
        replicas[0]++;
        bytes[0] += books.chunkSizeBytes(chunk);
      }
    });
    Leaving.Part all = said.all();
    if (all.replicas() != replicas[0] || all.bytes() != bytes[0]) {
      return found(
          said.worker(),
          "is reported to hold "
              + all.replicas()
              + " replicas, "
              + all.bytes()
              + " bytes, but holds "
              + replicas[0]
              + ", "
              + bytes[0]
              + " bytes");
    }
    return wrong(said.verdict());
  }

  /** Returns the error in an answer about one worker. */
  public Optional<Finding> wrong(Verdict said) {
    int worker = books.workerPosition(said.worker());
    boolean isKnown = said.code() != Verdict.Code.UNKNOWN_WORKER;
    if (worker < 0 || !isKnown) {
      return worker < 0 && !isKnown
          ? Optional.empty()
          : found(said.worker(), "is answered " + said.code() + ", known or not");
    }
    Optional<String> missed = missed(worker);
    if (said.isSafe() != missed.isPresent()) {
      return Optional.empty();
    }
    return found(
        said.worker(),
        missed
            .map(what -> "is reported as safe to stop, but " + what + " would be missed")
            .orElse("is reported as not safe to stop, but nothing on it would be missed"));
  }

  private Optional<String> missed(int worker) {
    WorkerId id = books.workerId(worker);
    if (books.isPresent(worker) && books.owesInventory(worker)) {
      return Optional.of("what its disk holds");
    }
    List<String> missed = new ArrayList<>();
    if (named.containsKey(id)) {
      missed.add("its answers about " + named.get(id));
    }
    books.forEachChunk(chunk -> {
      int slot = books.findReplica(chunk, worker);
      if (slot == LifecycleView.NONE) {
        return;
      }
      boolean isPossessed = books.reportedPossessed(slot);
      if (isPossessed && !isToLeave(worker) && !isAway(worker)) {
        missed.add("a worker in service with " + books.chunkKey(chunk));
      }
      if (isPossessed && copies(chunk, other -> !isToLeave(other)) < owed(chunk, worker)) {
        missed.add("its copy of " + books.chunkKey(chunk));
      }
      long now = books.largestTick().value();
      if (books.readableUntil(slot) > now || (isPossessed && books.isPaused(now))) {
        missed.add("its answers to late portals about " + books.chunkKey(chunk));
      }
    });
    return missed.stream().findFirst();
  }

  private boolean isToLeave(int worker) {
    return books.workerRow(worker).description().status() == WorkerStatus.LEAVING;
  }

  private boolean isAway(int worker) {
    return books.workerRow(worker).leastCopies() > 0;
  }

  /** Returns the copies that must be left: the floor if it leaves, what was asked if it is away. */
  private int owed(int chunk, int worker) {
    int asked = books.workerRow(worker).leastCopies();
    return isAway(worker) && !isToLeave(worker) ? asked : Math.max(asked, books.floor(chunk));
  }

  private int copies(int chunk, Predicate<Integer> counts) {
    int[] copies = {0};
    books.forEachWorker(other -> {
      int slot = books.findReplica(chunk, other);
      boolean has =
          slot != LifecycleView.NONE && books.isCounted(other) && books.reportedPossessed(slot);
      copies[0] += has && counts.test(other) ? 1 : 0;
    });
    return copies[0];
  }

  /**
   * Returns the damage if all workers go that may.
   *
   * @param said answers of one moment
   * @param mayAsk tests whether some portal may still ask a worker for a chunk that it has
   */
  public Optional<Finding> wrongTogether(
      List<Verdict> said, BiPredicate<WorkerId, Integer> mayAsk) {
    List<WorkerId> gone = said.stream().filter(Verdict::isSafe).map(Verdict::worker).toList();
    List<Finding> findings = new ArrayList<>();
    for (WorkerId id : gone) {
      if (named.containsKey(id)) {
        found(id, "goes, but routes name it for " + named.get(id)).ifPresent(findings::add);
      }
      int worker = books.workerPosition(id);
      books.forEachChunk(chunk -> {
        int slot = books.findReplica(chunk, worker);
        if (slot == LifecycleView.NONE || !books.reportedPossessed(slot)) {
          return;
        }
        ChunkKey key = books.chunkKey(chunk);
        int copies = copies(chunk, other -> !gone.contains(books.workerId(other)));
        if (copies < owed(chunk, worker)) {
          found(id, "goes with others, and " + copies + " copies of " + key + " are left")
              .ifPresent(findings::add);
        }
        if (mayAsk.test(id, chunk)) {
          found(id, "goes, but a portal may ask it for " + key).ifPresent(findings::add);
        }
      });
    }
    return findings.stream().findFirst();
  }

  private static Optional<Finding> found(WorkerId id, String text) {
    return Optional.of(new Finding(KIND, id + " " + text));
  }
}
