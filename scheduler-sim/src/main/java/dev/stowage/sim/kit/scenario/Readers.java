package dev.stowage.sim.kit.scenario;

import dev.stowage.answer.ChunkStatus;
import dev.stowage.answer.Question;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import dev.stowage.store.FleetView;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.spi.FleetStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Compares what processes without a lease read from two stores of equal history: views, status,
 * heads, workers, permissions to stop, and news that was set aside. Stateless.
 */
final class Readers {
  private static final ChunkKey UNKNOWN = ChunkKey.of("nobody", "knows");

  private Readers() {}

  /** Returns the first difference between two readers; empty if there is none. */
  static Optional<String> unlike(FleetStore one, FleetStore other, LifecycleView books) {
    return views(one.view(), other.view(), workers(books))
        .or(() -> status(one, other, keys(books)))
        .or(() -> asked("the verdicts on workers", one, other, Questions.leaving(workers(books))))
        .or(() -> asked("the workers", one, other, Questions.workers()))
        .or(() -> asked("the fleet", one, other, Questions.fleet()))
        .or(() -> asked("the configuration", one, other, Questions.config()))
        .or(() -> standings(one, other))
        .or(() -> same("news set aside", one, other, Readers::quarantine))
        .or(() -> oneByOne(one, other, books));
  }

  /** The stores have clocks of their own, so the readings of these are left out. */
  private static Optional<String> standings(FleetStore one, FleetStore other) {
    return same("the leader's standing", one, other, it -> it.ask(Questions.leader()).value())
        .or(() -> same("its tick", one, other, it -> it.ask(Questions.leader()).tick()));
  }

  private static Optional<String> oneByOne(FleetStore one, FleetStore other, LifecycleView books) {
    for (DatasetId dataset : new TreeSet<>(keys(books).stream().map(ChunkKey::dataset).toList())) {
      Optional<String> found = asked("the head of " + dataset, one, other, Questions.head(dataset));
      if (found.isPresent()) {
        return found;
      }
    }
    for (WorkerId worker : workers(books)) {
      Optional<String> found =
          asked("what " + worker + " still holds", one, other, Questions.leaving(worker));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> views(FleetView one, FleetView other, List<WorkerId> workers) {
    return same("lineage", one, other, FleetView::lineage)
        .or(() -> same("the tick", one, other, FleetView::tick))
        .or(() -> same("assignments", one, other, FleetView::ids))
        .or(() -> same("the configuration", one, other, FleetView::config))
        .or(() -> same("routes", one, other, it -> it.portalAssignment().routes()))
        .or(() -> same("slices", one, other, it -> slices(it, workers)));
  }

  private static List<Object> slices(FleetView view, List<WorkerId> workers) {
    return workers.stream().<Object>map(id -> view.slice(id).map(SliceDocument::of)).toList();
  }

  /** Asks in descending order, with a chunk that no store knows. */
  private static Optional<String> status(FleetStore one, FleetStore other, List<ChunkKey> keys) {
    List<ChunkKey> asked = new ArrayList<>(keys);
    asked.add(UNKNOWN);
    asked.sort(Comparator.reverseOrder());
    List<ChunkStatus> answer = one.ask(Questions.status(asked));
    return answer.stream().map(ChunkStatus::key).toList().equals(asked)
        ? asked("status", one, other, Questions.status(asked))
        : Optional.of("status " + asked + " is answered as " + answer);
  }

  private static List<Object> quarantine(FleetStore store) {
    return store.quarantine(-1, Integer.MAX_VALUE).stream()
        .map(QuarantinedNews::worker)
        .<Object>map(worker -> worker)
        .toList();
  }

  private static Optional<String> asked(
      String what, FleetStore one, FleetStore other, Question<?> question) {
    return same(what, one, other, store -> store.ask(question));
  }

  private static <S> Optional<String> same(String what, S one, S other, Function<S, ?> question) {
    Object answer = question.apply(one);
    Object expected = question.apply(other);
    return Objects.equals(answer, expected)
        ? Optional.empty()
        : Optional.of(
            "a reader of one finds " + what + " " + answer + ", of the other " + expected);
  }

  private static List<ChunkKey> keys(LifecycleView books) {
    List<ChunkKey> keys = new ArrayList<>();
    books.forEachChunk(chunk -> keys.add(books.chunkKey(chunk)));
    return keys;
  }

  private static List<WorkerId> workers(LifecycleView books) {
    List<WorkerId> workers = new ArrayList<>();
    books.forEachWorker(worker -> workers.add(books.workerId(worker)));
    return workers;
  }
}
