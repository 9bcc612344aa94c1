package dev.stowage.sim.kit.walk;

import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.scenario.Story;
import dev.stowage.sim.kit.scenario.draw.Sight;
import java.util.Locale;
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
    ofDomains = limits;
  }

  private void zone(String[] words, LifecycleSnapshot books) {
    witnessed.met("another zone");
    boolean isHolder = new Sight(books).held(WorkerId.of(words[1])) > 0;
    witnessed.met("another zone of a holder", isHolder ? 1 : 0);
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
}
