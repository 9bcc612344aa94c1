package dev.stowage.sim.kit.scenario;

import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The portals of a story, by name, each with what it took last. Not thread-safe. */
final class StoryPortals {
  private final TreeMap<String, StoryPortal> portals = new TreeMap<>();
  private boolean isRestored;
  private long takes;

  /** Returns the names of all that ever took routes. */
  List<String> names() {
    return List.copyOf(portals.keySet());
  }

  /** The store has lost commits: what portals saw before need not be there any more. */
  void forgottenByTheStore() {
    isRestored = true;
  }

  /** A portal takes the newest routes; what is wrong with what it sees now, if anything is. */
  Optional<Finding> take(String name, StoryPortal newest, LifecycleView books) {
    StoryPortal before = portals.put(name, newest);
    takes++;
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
    takes++;
  }

  /** Nothing is promised to any of them from here on, until they take routes again. */
  void clear() {
    portals.clear();
  }

  /**
   * What portals got when each of them asked for everything, of everyone whom it may ask.
   *
   * @param asked how often somebody was asked
   * @param inVain how often the bytes were not there
   * @param broken a miss that no rule excuses
   */
  record Asked(long asked, long inVain, Optional<Finding> broken) {}

  /** Each portal asks for everything, of everyone whom it may ask, by the routes that it has. */
  Asked ask(Map<WorkerId, StoryWorker> workers, Losses losses, long tick) {
    long asked = 0;
    List<Finding> broken = new ArrayList<>();
    long inVain = 0;
    for (Map.Entry<String, StoryPortal> each : portals.entrySet()) {
      StoryPortal portal = each.getValue();
      List<Route> routes = portal.isInUse(tick) ? portal.entries() : List.of();
      for (Route route : routes) {
        for (WorkerId id : route.workers()) {
          StoryWorker worker = workers.get(id);
          boolean isServed = worker != null && worker.holds(route.number());
          asked++;
          inVain += isServed ? 0 : 1;
          boolean isExcused =
              isServed
                  || isRestored
                  || !portal.isProven()
                  || isExcused(worker, route.number(), losses, portal);
          if (!isExcused) {
            String what = route.key() + "@" + id + ": " + each.getKey() + " asks, and gets nothing";
            broken.add(new Finding("two-phase, in", what));
          }
        }
      }
    }
    return new Asked(asked, inVain, broken.stream().findFirst());
  }

  /**
   * Bytes that went with a disk or as a last resort, or whose loss was reported since, are promised
   * to nobody.
   */
  private static boolean isExcused(
      @Nullable StoryWorker worker, ChunkNumber number, Losses losses, StoryPortal portal) {
    return worker != null
        && (worker.mayMiss(number)
            || worker.gaveUpSince(number, portal.publishes())
            || worker.publishesBefore() >= portal.publishes()
            || losses.isPromiseVoid(worker.id(), number, portal.publishes()));
  }

  /** How often portals took routes. */
  long takes() {
    return takes;
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
