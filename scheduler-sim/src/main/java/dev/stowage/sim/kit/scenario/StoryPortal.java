package dev.stowage.sim.kit.scenario;

import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a portal took last, and since when.
 *
 * @param assignment what it routes by
 * @param takenAt the tick at which it took it
 * @param publishes how many visibility cycles there had been
 * @param windowTicks M as it was then
 * @param isProven whether it was made under per-worker confirmation: then the bytes are there
 * @param entries what it routes by, in canonical order
 * @param routes who it asks, by the number of the chunk
 */
record StoryPortal(
    PortalAssignment assignment,
    long takenAt,
    long publishes,
    long windowTicks,
    boolean isProven,
    List<Route> entries,
    Map<ChunkNumber, List<WorkerId>> routes) {
  static StoryPortal taking(
      PortalAssignment newest, WorldJudge.Moment now, long windowTicks, boolean isProven) {
    Map<ChunkNumber, List<WorkerId>> routes = new HashMap<>();
    List<Route> entries = newest.routes();
    for (Route route : entries) {
      routes.put(route.number(), route.workers());
    }
    return new StoryPortal(
        newest, now.tick(), now.publishes(), windowTicks, isProven, entries, routes);
  }

  /** Whether it may still route by what it took. */
  boolean isInUse(long tick) {
    return tick - takenAt < windowTicks;
  }

  /** Whether it may still ask a worker for a chunk: it keeps the contract of section 8. */
  boolean mayAsk(ChunkNumber number, WorkerId worker, long tick) {
    return isInUse(tick) && routes.getOrDefault(number, List.of()).contains(worker);
  }
}
