package dev.stowage.sim.kit.walk;

import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.scenario.Story;
import dev.stowage.sim.kit.scenario.draw.Sight;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/** Counts which bounds of a fleet a walk meets, and how they change. Not thread-safe. */
final class LimitTally {
  private final Witnessed witnessed;
  private int cap;
  private SortedMap<Integer, Integer> ofDomains;

  /** For a story that has just begun. */
  LimitTally(Story story, Witnessed witnessed) {
    this.witnessed = witnessed;
    cap = story.books().config().maxReplication();
    ofDomains = story.books().config().placement().maxPerDomain();
  }

  /** A line was carried out. */
  void observe(String line, Story story) {
    LifecycleSnapshot books = story.books();
    String[] words = line.split(" ");
    switch (words[0]) {
      case "set" -> settings(line, books);
      case "worker" -> witnessed.met("zone path", line.matches(".* zone=[^ ]+/.*") ? 1 : 0);
      case "zone" -> zone(words, books);
      case "max_replicas" -> count(books, WorkerId.of(words[1]));
      case "schedule" -> story.scheduled().ifPresent(this::stuck);
      default -> {}
    }
  }

  private void settings(String line, LifecycleSnapshot books) {
    int newCap = books.config().maxReplication();
    witnessed.met("cap lowered", newCap < cap ? 1 : 0);
    witnessed.met("cap raised", newCap > cap ? 1 : 0);
    witnessed.met("cap of a segment", line.contains(" max: ") ? 1 : 0);
    cap = newCap;
    SortedMap<Integer, Integer> limits = books.config().placement().maxPerDomain();
    boolean isOther = !limits.equals(ofDomains);
    witnessed.met("limit of domains set", isOther && !limits.isEmpty() ? 1 : 0);
    witnessed.met("limit of domains lifted", isOther && limits.isEmpty() ? 1 : 0);
    witnessed.met("above a limit of domains", isOther && isAbove(books, limits) ? 1 : 0);
    ofDomains = limits;
  }

  private void zone(String[] words, LifecycleSnapshot books) {
    witnessed.met("another zone");
    boolean isHolder = new Sight(books).held(WorkerId.of(words[1])) > 0;
    witnessed.met("another zone of a holder", isHolder ? 1 : 0);
    witnessed.met("above a limit of domains", isAbove(books, ofDomains) ? 1 : 0);
  }

  private void count(LifecycleSnapshot books, WorkerId id) {
    int worker = books.workerPosition(id);
    boolean isBelow = new Sight(books).held(id) > books.worker(worker).maxReplicas();
    witnessed.met("count below what is held", isBelow ? 1 : 0);
  }

  private void stuck(Result.Scheduled cycle) {
    cycle
        .stuck()
        .forEach(each -> witnessed.met("stuck: " + each.reason().name().toLowerCase(Locale.ROOT)));
  }

  /** Whether some domain has more wanted replicas of a chunk than it may have. */
  private static boolean isAbove(LifecycleSnapshot books, Map<Integer, Integer> limits) {
    boolean[] found = {false};
    books.forEachChunk(chunk -> {
      for (int slot = books.firstReplica(chunk);
          slot != LifecycleView.NONE;
          slot = books.nextReplica(slot)) {
        found[0] |= isWanted(books, slot) && isAbove(books, slot, limits);
      }
    });
    return found[0];
  }

  private static boolean isAbove(LifecycleSnapshot books, int slot, Map<Integer, Integer> limits) {
    boolean isAbove = false;
    for (Map.Entry<Integer, Integer> limit : limits.entrySet()) {
      int in = 0;
      for (int other = books.firstReplica(books.replicaChunk(slot));
          other != LifecycleView.NONE;
          other = books.nextReplica(other)) {
        String domain = books.worker(books.replicaWorker(other)).domain(limit.getKey());
        boolean isTogether =
            domain.equals(books.worker(books.replicaWorker(slot)).domain(limit.getKey()));
        in += isWanted(books, other) && isTogether ? 1 : 0;
      }
      isAbove |= in > limit.getValue();
    }
    return isAbove;
  }

  private static boolean isWanted(LifecycleSnapshot books, int slot) {
    return books.supersededAt(slot) == 0 && books.isPresent(books.replicaWorker(slot));
  }
}
