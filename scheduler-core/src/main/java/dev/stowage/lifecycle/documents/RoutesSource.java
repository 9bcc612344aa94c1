package dev.stowage.lifecycle.documents;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What is written as a portal's document: routes that may be made one by one while they are
 * written, so that an assignment of millions of them is never held twice.
 *
 * @param lineage the lineage
 * @param id the assignment
 * @param from where a delta starts
 * @param removed what a delta removes, ascending
 * @param lineages the lineages of the numbers of all routes
 * @param workers the workers of all routes, ascending
 * @param groups the routes by dataset, ascending; none is empty
 */
record RoutesSource(
    Lineage lineage,
    PortalAssignmentId id,
    Optional<PortalAssignmentId> from,
    List<ChunkKey> removed,
    SortedSet<Lineage> lineages,
    Collection<WorkerId> workers,
    List<Group> groups) {
  /**
   * The routes of one dataset.
   *
   * @param dataset the dataset
   * @param count how many
   * @param routes they, by first block
   */
  record Group(DatasetId dataset, int count, Iterable<Route> routes) {}

  static RoutesSource of(RoutesDocument document) {
    return of(
        new PortalDelta(
            document.lineage(),
            document.from(),
            document.id(),
            document.removed(),
            document.put()));
  }

  static RoutesSource of(PortalDelta document) {
    SortedSet<Lineage> lineages = new TreeSet<>(BinaryLayout.LINEAGES);
    SortedSet<WorkerId> workers = new TreeSet<>();
    for (Route route : document.put()) {
      lineages.add(route.number().lineage());
      workers.addAll(route.workers());
    }
    List<Group> groups = new ArrayList<>();
    List<Integer> starts = starts(document.put(), route -> route.key().dataset());
    for (int group = 0; group + 1 < starts.size(); group++) {
      List<Route> routes = document.put().subList(starts.get(group), starts.get(group + 1));
      groups.add(new Group(routes.get(0).key().dataset(), routes.size(), routes));
    }
    return new RoutesSource(
        document.lineage(),
        document.to(),
        document.from(),
        document.removed(),
        lineages,
        workers,
        groups);
  }

  /** Where in a list that is sorted by dataset each dataset begins, and where the last one ends. */
  static <T> List<Integer> starts(List<T> sorted, Function<T, DatasetId> dataset) {
    List<Integer> starts = new ArrayList<>();
    for (int i = 0; i < sorted.size(); i++) {
      if (i == 0 || !dataset.apply(sorted.get(i)).equals(dataset.apply(sorted.get(i - 1)))) {
        starts.add(i);
      }
    }
    starts.add(sorted.size());
    return starts;
  }
}
