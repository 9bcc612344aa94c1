package dev.stowage.lifecycle;

import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
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
 * holds the document that it was given then, asks what has changed since, and must hold what is
 * given out now. Every answer goes through its bytes, in one format or the other, and its size is
 * compared with the one that was foretold.
 */
final class Consumers {
  private static final int MOST = 30;

  private record Known(Lineage lineage, long id) {}

  private final WorkerId worker;
  private final Map<Known, SliceDocument> slices = new LinkedHashMap<>();
  private final Map<Known, RoutesDocument> routes = new LinkedHashMap<>();
  private int deltas;

  Consumers(WorkerId worker) {
    this.worker = worker;
  }

  /** Returns the number of answers that were deltas. */
  int deltas() {
    return deltas;
  }

  /** New consumers take what is given out now. */
  void listen(FleetView fleet) {
    fleet
        .slice(worker)
        .ifPresent(slice -> {
          Known known = new Known(slice.lineage(), slice.id().value());
          // Its header may change under the same id: it is a later consumer's then.
          slices.remove(known);
          keep(slices, known, SliceDocument.of(slice));
        });
    PortalAssignment portals = fleet.portalAssignment();
    keep(routes, new Known(portals.lineage(), portals.id().value()), portals.full());
  }

  /** Every consumer asks; what one would hold that it should not, or the other way round. */
  List<String> ask(FleetView fleet) {
    List<String> wrong = new ArrayList<>();
    fleet
        .slice(worker)
        .ifPresent(slice -> {
          SliceDocument full = SliceDocument.of(slice);
          expectSize(slice.documentBytes(), DocumentFormat.BINARY.toBytes(full), wrong);
          slices.forEach((known, held) -> askSlice(fleet, known, held, full, wrong));
        });
    RoutesDocument full = fleet.portalAssignment().full();
    byte[] bytes = DocumentFormat.BINARY.toBytes(full);
    expectSize(fleet.portalAssignment().documentBytes(), bytes, wrong);
    routes.forEach((known, held) -> askRoutes(fleet, known, held, full, wrong));
    return wrong;
  }

  private void askSlice(
      FleetView fleet, Known known, SliceDocument held, SliceDocument full, List<String> wrong) {
    Optional<SliceDocument> answer =
        fleet.sliceSince(worker, known.lineage(), WorkerAssignmentId.of(known.id()));
    if (answer.isEmpty()) {
      wrong.add("worker " + worker + " since " + known + " is answered nothing");
      return;
    }
    SliceDocument sent = answer.get();
    byte[] bytes = DocumentFormat.BINARY.toBytes(sent);
    expectSize(sent.documentBytes(), bytes, wrong);
    deltas += sent.isFull() ? 0 : 1;
    SliceDocument read =
        known.id() % 2 == 0
            ? DocumentFormat.BINARY.readSlice(bytes)
            : DocumentFormat.JSON.readSlice(DocumentFormat.JSON.toBytes(sent));
    SliceDocument now = read.after(held);
    if (!now.equals(full)) {
      wrong.add("worker " + worker + " since " + known + " holds " + now + ", not " + full);
    }
  }

  private void askRoutes(
      FleetView fleet, Known known, RoutesDocument held, RoutesDocument full, List<String> wrong) {
    RoutesDocument answer = fleet.portalSince(known.lineage(), PortalAssignmentId.of(known.id()));
    RoutesDocument sent = answer;
    byte[] bytes = DocumentFormat.BINARY.toBytes(sent);
    expectSize(answer.documentBytes(), bytes, wrong);
    deltas += sent.isFull() ? 0 : 1;
    RoutesDocument read =
        known.id() % 2 == 0
            ? DocumentFormat.BINARY.readRoutes(bytes)
            : DocumentFormat.JSON.readRoutes(DocumentFormat.JSON.toBytes(sent));
    try {
      RoutesDocument now = read.after(held);
      if (!now.equals(full)) {
        wrong.add("portal since " + known + " holds " + now + ", not " + full);
      }
    } catch (IllegalArgumentException overlapping) {
      wrong.add("portal since " + known + " holds an impossible document: " + overlapping);
    }
  }

  /** Returns the routes that are not found by their key and by each end of their range. */
  static List<Route> lost(PortalAssignment portals) {
    return portals.routes().stream()
        .filter(route ->
            !portals.route(route.key()).equals(Optional.of(route))
                || !portals
                    .route(route.key().dataset(), route.range().first())
                    .equals(Optional.of(route))
                || !portals
                    .route(route.key().dataset(), route.range().last())
                    .equals(Optional.of(route)))
        .toList();
  }

  private static void expectSize(long foretold, byte[] bytes, List<String> wrong) {
    if (foretold != bytes.length) {
      wrong.add(foretold + " bytes were foretold, " + bytes.length + " were written");
    }
  }

  private static <D> void keep(Map<Known, D> all, Known known, D document) {
    all.putIfAbsent(known, document);
    if (all.size() > MOST) {
      all.remove(all.keySet().iterator().next());
    }
  }
}
