package dev.stowage.sim.kit.scenario;

import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.world.BytesOracle;
import dev.stowage.sim.kit.world.RouteTable;
import dev.stowage.sim.kit.world.SightOracle;
import dev.stowage.sim.kit.world.SimulatedPortal;
import dev.stowage.sim.kit.world.SimulatedWorker;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The portals of a story by name, each with its latest routes. Not thread-safe. */
final class StoryPortals {
  private final TreeMap<String, SimulatedPortal> portals = new TreeMap<>();
  private boolean isRestored;
  private long takes;

  List<String> names() {
    return List.copyOf(portals.keySet());
  }

  /** Records that the store lost commits, so that earlier sights of portals need not last. */
  void forgottenByTheStore() {
    isRestored = true;
  }

  void take(String name, Consumer<SimulatedPortal> taking, LifecycleView books, SightOracle sight) {
    SimulatedPortal portal = portals.computeIfAbsent(name, it -> new SimulatedPortal(it, 0));
    RouteTable before = isRestored ? null : portal.table();
    taking.accept(portal);
    takes++;
    RouteTable now = Objects.requireNonNull(portal.table());
    sight.moved(name, before, now, gone -> !isVisible(books, gone.number()));
  }

  private static boolean isVisible(LifecycleView books, ChunkNumber number) {
    int chunk = books.chunkPosition(number);
    return chunk >= 0 && books.chunkState(chunk) == ChunkState.VISIBLE;
  }

  void takeAll(Consumer<SimulatedPortal> taking) {
    portals.values().forEach(taking);
    takes++;
  }

  void clear() {
    portals.clear();
  }

  /**
   * Requests every chunk from every worker that each portal may ask by its routes; {@code bytes}
   * judges the replies.
   *
   * @return the number of requests
   */
  long ask(Map<WorkerId, SimulatedWorker> workers, Losses losses, long tick, BytesOracle bytes) {
    long asked = 0;
    for (SimulatedPortal portal : portals.values()) {
      RouteTable table = portal.table();
      if (table != null && portal.isInUse(tick)) {
        asked += table.named();
        bytes.whole(
            table,
            (id, number) -> holds(workers.get(id), number),
            (id, number) ->
                isRestored
                    || !portal.isProven()
                    || isExcused(workers.get(id), number, losses, portal.publishes()));
      }
    }
    return asked;
  }

  static boolean holds(@Nullable SimulatedWorker worker, ChunkNumber number) {
    return worker != null && worker.holds(number);
  }

  /**
   * Reports whether missing bytes are excused: they went with a disk or as a last resort, or their
   * loss was reported since.
   */
  private static boolean isExcused(
      @Nullable SimulatedWorker worker, ChunkNumber number, Losses losses, long publishes) {
    return worker != null
        && (worker.excuses().mayMiss(number)
            || worker.excuses().gaveUpSince(number, publishes)
            || !isPromised(worker, number, losses, publishes));
  }

  private static boolean isPromised(
      SimulatedWorker worker, ChunkNumber number, Losses losses, long publishes) {
    return worker.excuses().arePromising(publishes)
        && !losses.isPromiseVoid(worker.id(), number, publishes);
  }

  long takes() {
    return takes;
  }

  Optional<SimulatedPortal> named(String name) {
    return Optional.ofNullable(portals.get(name));
  }

  /**
   * Returns the portals that may ask a worker for a chunk by routes newer than its last return and
   * its last loss of the bytes.
   */
  List<SimulatedPortal> askers(SliceEntry entry, SimulatedWorker worker, Losses losses, long tick) {
    return portals.values().stream()
        .filter(each -> isPromised(worker, entry.number(), losses, each.publishes()))
        .filter(each -> each.mayAsk(entry.number(), worker.id(), tick))
        .toList();
  }

  /** Reports whether a portal may ask a worker for bytes that were promised to it. */
  boolean mayAsk(ChunkNumber number, @Nullable SimulatedWorker worker, Losses losses, long tick) {
    return worker != null
        && !isRestored
        && portals.values().stream()
            .filter(each -> isPromised(worker, number, losses, each.publishes()))
            .anyMatch(each -> each.mayAsk(number, worker.id(), tick));
  }
}
