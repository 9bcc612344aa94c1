package dev.stowage.lifecycle;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.store.FleetView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Workers and portals that stopped listening, one at every assignment that was ever given out: each
 * holds what it was given then, asks what has changed since, and must hold what is given out now.
 */
final class Consumers {
  private static final int MOST = 40;

  private record Known(Lineage lineage, long id) {}

  private final WorkerId worker;
  private final Map<Known, Map<ChunkNumber, SliceEntry>> slices = new LinkedHashMap<>();
  private final Map<Known, Map<ChunkKey, Route>> routes = new LinkedHashMap<>();
  private int deltas;

  Consumers(WorkerId worker) {
    this.worker = worker;
  }

  /** How many of the answers were deltas. */
  int deltas() {
    return deltas;
  }

  /** New consumers take what is given out now. */
  void listen(FleetView fleet) {
    fleet
        .slice(worker)
        .ifPresent(slice -> {
          keep(slices, new Known(slice.lineage(), slice.id().value()), byNumber(slice.entries()));
        });
    PortalAssignment portals = fleet.portalAssignment();
    keep(routes, new Known(portals.lineage(), portals.id().value()), byKey(portals.routes()));
  }

  /** Every consumer asks; what one would hold that it should not, or the other way round. */
  List<String> ask(FleetView fleet) {
    List<String> wrong = new ArrayList<>();
    slices.forEach((known, held) -> askSlice(fleet, known, held, wrong));
    routes.forEach((known, held) -> askRoutes(fleet, known, held, wrong));
    return wrong;
  }

  private void askSlice(
      FleetView fleet, Known known, Map<ChunkNumber, SliceEntry> held, List<String> wrong) {
    Optional<SliceDelta> answer =
        fleet.sliceSince(worker, known.lineage(), WorkerAssignmentId.of(known.id()));
    if (answer.isEmpty()) {
      return;
    }
    SliceDelta delta = answer.get();
    Map<ChunkNumber, SliceEntry> now =
        new LinkedHashMap<>(delta.from().isPresent() ? held : Map.of());
    deltas += delta.from().isPresent() ? 1 : 0;
    delta.removed().forEach(now::remove);
    delta.put().forEach(entry -> now.put(entry.number(), entry));
    Map<ChunkNumber, SliceEntry> full = byNumber(fleet.slice(worker).orElseThrow().entries());
    if (!now.equals(full)) {
      wrong.add("worker " + worker + " since " + known + " holds " + now + ", not " + full);
    }
  }

  private void askRoutes(
      FleetView fleet, Known known, Map<ChunkKey, Route> held, List<String> wrong) {
    PortalDelta delta = fleet.portalSince(known.lineage(), PortalAssignmentId.of(known.id()));
    Map<ChunkKey, Route> now = new LinkedHashMap<>(delta.from().isPresent() ? held : Map.of());
    deltas += delta.from().isPresent() ? 1 : 0;
    delta.removed().forEach(now::remove);
    delta.put().forEach(route -> now.put(route.key(), route));
    Map<ChunkKey, Route> full = byKey(fleet.portalAssignment().routes());
    if (!now.equals(full)) {
      wrong.add("portal since " + known + " holds " + now + ", not " + full);
    }
  }

  private static <D> void keep(Map<Known, D> all, Known known, D document) {
    all.putIfAbsent(known, document);
    if (all.size() > MOST) {
      all.remove(all.keySet().iterator().next());
    }
  }

  private static Map<ChunkNumber, SliceEntry> byNumber(List<SliceEntry> entries) {
    Map<ChunkNumber, SliceEntry> all = new LinkedHashMap<>();
    entries.forEach(entry -> all.put(entry.number(), entry));
    return all;
  }

  private static Map<ChunkKey, Route> byKey(List<Route> routes) {
    Map<ChunkKey, Route> all = new LinkedHashMap<>();
    routes.forEach(route -> all.put(route.key(), route));
    return all;
  }
}
