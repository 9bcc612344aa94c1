package dev.stowage.sim.scenario;

import dev.stowage.lifecycle.PortalAssignment;
import dev.stowage.lifecycle.Route;
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
 * @param routes who it asks, by the number of the chunk
 */
record StoryPortal(
    PortalAssignment assignment,
    long takenAt,
    long publishes,
    long windowTicks,
    Map<ChunkNumber, List<WorkerId>> routes) {
  static StoryPortal taking(PortalAssignment newest, long tick, long publishes, long windowTicks) {
    Map<ChunkNumber, List<WorkerId>> routes = new HashMap<>();
    for (Route route : newest.routes()) {
      routes.put(route.number(), route.workers());
    }
    return new StoryPortal(newest, tick, publishes, windowTicks, routes);
  }

  /** Whether it may still ask a worker for a chunk: it keeps the contract of section 8. */
  boolean mayAsk(ChunkNumber number, WorkerId worker, long tick) {
    return tick - takenAt < windowTicks && routes.getOrDefault(number, List.of()).contains(worker);
  }
}
