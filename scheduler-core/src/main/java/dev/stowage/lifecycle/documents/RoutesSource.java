package dev.stowage.lifecycle.documents;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The content of a portal's document, in ascending groups; routes may be created lazily. */
record RoutesSource(
    Lineage lineage,
    PortalAssignmentId id,
    Optional<PortalAssignmentId> from,
    List<Fields.Group<ChunkKey>> removed,
    List<Fields.Group<Route>> put) {
  static final RoutesSource NOTHING =
      new RoutesSource(
          Lineage.of(0), PortalAssignmentId.of(0), Optional.empty(), List.of(), List.of());

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
