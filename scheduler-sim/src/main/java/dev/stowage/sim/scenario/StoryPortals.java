package dev.stowage.sim.scenario;

import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.SliceEntry;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The portals of a story, by name, each with what it took last. Not thread-safe. */
final class StoryPortals {
  private final TreeMap<String, StoryPortal> portals = new TreeMap<>();
  private boolean isRestored;

  /** The store has lost commits: what portals saw before need not be there any more. */
  void forgottenByTheStore() {
    isRestored = true;
  }

  /** A portal takes the newest routes; what is wrong with what it sees now, if anything is. */
  Optional<Finding> take(String name, StoryPortal newest, LifecycleView books) {
    StoryPortal before = portals.put(name, newest);
    Optional<Finding> both =
        WorldOracles.bothSides(newest.assignment().routes())
            .map(found -> new Finding("swap atomicity", name + " sees " + found));
    if (both.isPresent() || before == null || isRestored) {
      return both;
    }
    return WorldOracles.neitherSide(before.routes().keySet(), newest.routes().keySet(), books)
        .map(found -> new Finding("visibility is monotone", name + " sees " + found));
  }

  /** All that are known take the newest routes. */
  void takeAll(StoryPortal newest) {
    portals.replaceAll((name, portal) -> newest);
  }

  /** Nothing is promised to any of them from here on, until they take routes again. */
  void clear() {
    portals.clear();
  }

  Optional<StoryPortal> named(String name) {
    return Optional.ofNullable(portals.get(name));
  }

  /**
   * Who may ask a worker for a chunk, by routes that were made since it last came back, and since
   * it last lost the bytes.
   */
  List<String> askers(SliceEntry entry, StoryWorker worker, Losses losses, long tick) {
    return portals.entrySet().stream()
        .filter(each -> worker.publishesBefore() < each.getValue().publishes())
        .filter(
            each -> !losses.isPromiseVoid(worker.id(), entry.number(), each.getValue().publishes()))
        .filter(each -> each.getValue().mayAsk(entry.number(), worker.id(), tick))
        .map(each -> each.getKey())
        .toList();
  }
}
