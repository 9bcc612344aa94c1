package dev.stowage.lifecycle.documents;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The document for a portal: all routes or their changes. Immutable; equal assignments are equal
 * documents. A portal takes the newest assignment of a new lineage even if its id is lower.
 *
 * @param from the assignment that the changes start from; empty in a full document
 * @param removed chunks no longer visible under this key, ascending; empty in a full document
 * @param put visible, or newly visible or rerouted chunks, by dataset and first block, without
 *     overlaps; keys and numbers distinct, workers ascending, each worker in one zone
 */
public record RoutesDocument(
    Lineage lineage,
    PortalAssignmentId id,
    Optional<PortalAssignmentId> from,
    List<ChunkKey> removed,
    List<Route> put) {
  private static final Comparator<Route> ROUTES =
      Comparator.comparing((Route route) -> route.key().dataset())
          .thenComparingLong(route -> route.range().first());

  /** Copies the lists; throws {@code IllegalArgumentException} if they violate their order. */
  public RoutesDocument {
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(from, "from");
    removed = List.copyOf(removed);
    put = List.copyOf(put);
    if (from.isEmpty() && !removed.isEmpty()) {
      throw new IllegalArgumentException("a full document removes " + removed.size() + " chunks");
    }
    removed.forEach(Ascending.naturally("removed"));
    put.forEach(putInOrder());
    requireOneZoneEach(put);
  }

  private static void requireOneZoneEach(List<Route> put) {
    if (put.stream().allMatch(route -> route.zones().isEmpty())) {
      return;
    }
    Map<WorkerId, String> zones = new HashMap<>();
    for (Route route : put) {
      for (int i = 0; i < route.workers().size(); i++) {
        WorkerId worker = route.workers().get(i);
        String zone = route.zones().isEmpty() ? "" : route.zones().get(i);
        String known = zones.putIfAbsent(worker, zone);
        if (known != null && !known.equals(zone)) {
          throw new IllegalArgumentException(
              worker + " is in zone " + known + " and, for " + route.key() + ", in " + zone);
        }
      }
    }
  }

  /** Returns the part of these datasets; all of it if there are none. */
  public RoutesDocument of(Collection<DatasetId> datasets) {
    Set<DatasetId> named = new HashSet<>(datasets);
    return named.isEmpty()
        ? this
        : new RoutesDocument(
            lineage,
            id,
            from,
            removed.stream().filter(key -> named.contains(key.dataset())).toList(),
            put.stream().filter(route -> named.contains(route.key().dataset())).toList());
  }

  /** Returns the exact size in bytes as a {@link DocumentFormat#BINARY} document, unwritten. */
  public long documentBytes() {
    return DocumentTables.of(source()::fields).size();
  }

  /** Reports whether it is a full document, not the changes since {@link #from}. */
  public boolean isFull() {
    return from.isEmpty();
  }

  /** Applies this to {@code held}; throws {@code IllegalArgumentException} for another base. */
  public RoutesDocument after(RoutesDocument held) {
    if (isFull()) {
      return this;
    }
    if (!held.isFull() || !from.get().equals(held.id) || !lineage.equals(held.lineage)) {
      throw new IllegalArgumentException(
          "a delta from assignment "
              + from.get()
              + " of lineage "
              + lineage
              + " does not continue assignment "
              + held.id
              + " of lineage "
              + held.lineage);
    }
    Map<ChunkKey, Route> routes = new HashMap<>();
    held.put.forEach(route -> routes.put(route.key(), route));
    removed.forEach(routes::remove);
    put.forEach(route -> routes.put(route.key(), route));
    List<Route> sorted = new ArrayList<>(routes.values());
    sorted.sort(ROUTES);
    return new RoutesDocument(lineage, id, Optional.empty(), List.of(), sorted);
  }

  RoutesSource source() {
    return RoutesSource.of(lineage, id, from, removed, put);
  }

  static Consumer<Route> putInOrder() {
    return new Consumer<>() {
      private final Set<String> ids = new HashSet<>();
      private final Set<ChunkNumber> numbers = new HashSet<>();
      private @Nullable Route before;

      @Override
      public void accept(Route route) {
        Route last = before;
        ChunkKey key = route.key();
        int order = last == null ? -1 : last.key().dataset().compareTo(key.dataset());
        if (last != null
            && (order > 0 || (order == 0 && last.range().last() >= route.range().first()))) {
          throw new IllegalArgumentException(
              key + " overlaps " + last.key() + ", or is out of order");
        }
        if (order < 0) {
          ids.clear();
        }
        checkAlone(route);
        if (!ids.add(key.id()) || !numbers.add(route.number())) {
          throw new IllegalArgumentException(key + " is named twice");
        }
        before = route;
      }
    };
  }

  private static void checkAlone(Route route) {
    SliceEntry.atLeastZero(route.sizeBytes(), "the size of ", route.key());
    for (int i = 1; i < route.workers().size(); i++) {
      if (route.workers().get(i - 1).compareTo(route.workers().get(i)) >= 0) {
        throw new IllegalArgumentException(
            "the workers of " + route.key() + " are out of order: " + route.workers());
      }
    }
  }
}
