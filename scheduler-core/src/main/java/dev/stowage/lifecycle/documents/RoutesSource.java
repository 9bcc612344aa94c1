package dev.stowage.lifecycle.documents;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The content of a portal's document, in ascending groups; routes may be created lazily. */
record RoutesSource(
    Lineage lineage,
    PortalAssignmentId id,
    Optional<PortalAssignmentId> from,
    List<Zoned> zones,
    List<Fields.Group<ChunkKey>> removed,
    List<Fields.Group<Route>> put) {
  static final RoutesSource NOTHING =
      new RoutesSource(
          Lineage.of(0),
          PortalAssignmentId.of(0),
          Optional.empty(),
          List.of(),
          List.of(),
          List.of());

  /** The zone of a worker that a route names. */
  record Zoned(WorkerId worker, String zone) {
    static final Fields.Row<Zoned> ROW =
        Fields.Row.of(
            new Zoned(WorkerId.of("-"), "-"),
            true,
            (to, it) -> {
              WorkerId worker = to.worker("worker", it.worker);
              String zone = to.text("zone", it.zone);
              return to.made(it, () -> new Zoned(worker, zone));
            });

    Zoned {
      if (Route.requirePath(zone).isEmpty()) {
        throw new IllegalArgumentException("the zone of " + worker + " is empty: leave it out");
      }
    }

    static List<Zoned> sorted(Map<WorkerId, String> zones) {
      return new TreeMap<>(zones)
          .entrySet().stream()
              .filter(it -> !it.getValue().isEmpty())
              .map(it -> new Zoned(it.getKey(), it.getValue()))
              .toList();
    }

    static List<Zoned> of(List<Route> routes) {
      Map<WorkerId, String> zones = new HashMap<>();
      for (Route route : routes) {
        for (int i = 0; i < route.zones().size(); i++) {
          zones.put(route.workers().get(i), route.zones().get(i));
        }
      }
      return sorted(zones);
    }
  }

  static RoutesSource of(
      Lineage lineage,
      PortalAssignmentId id,
      Optional<PortalAssignmentId> from,
      List<ChunkKey> removed,
      List<Route> put) {
    return new RoutesSource(
        lineage,
        id,
        from,
        Zoned.of(put),
        groups(removed, ChunkKey::dataset),
        groups(put, route -> route.key().dataset()));
  }

  Supplier<RoutesDocument> fields(Fields to) {
    boolean isDelta = to.begin(Fields.Kind.ROUTES, from.isPresent());
    Lineage made = to.lineage("lineage", lineage);
    PortalAssignmentId newest = PortalAssignmentId.of(to.number("id", id.value()));
    Optional<PortalAssignmentId> base =
        isDelta
            ? Optional.of(PortalAssignmentId.of(to.number("from", from.orElse(id).value())))
            : Optional.empty();
    to.tables();
    Consumer<WorkerId> order = Ascending.naturally("zones");
    to.zones(
        to.list(
            "zones", zones.size(), zones, Zoned.ROW, () -> zoned -> order.accept(zoned.worker())));
    List<ChunkKey> gone =
        isDelta
            ? to.groups("removed", removed, Fields.Row.KEY, () -> Ascending.naturally("removed"))
            : List.of();
    List<Route> routes = to.groups("put", put, Route.ROW, RoutesDocument::putInOrder);
    to.end();
    return () -> new RoutesDocument(made, newest, base, gone, routes);
  }

  private static <T> List<Fields.Group<T>> groups(List<T> sorted, Function<T, DatasetId> dataset) {
    List<Fields.Group<T>> groups = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= sorted.size(); i++) {
      DatasetId named = dataset.apply(sorted.get(i - 1));
      if (i == sorted.size() || !named.equals(dataset.apply(sorted.get(i)))) {
        groups.add(new Fields.Group<>(named, i - first, sorted.subList(first, i)));
        first = i;
      }
    }
    return groups;
  }
}
