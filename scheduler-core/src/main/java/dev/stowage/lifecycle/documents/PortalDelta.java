package dev.stowage.lifecycle.documents;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The changes from one portal assignment to another; {@code from} is empty in a full document.
 *
 * @param removed chunks that are no longer visible, or whose key now names another chunk
 * @param put chunks that became visible or changed routes, in canonical order
 */
public record PortalDelta(
    Lineage lineage,
    Optional<PortalAssignmentId> from,
    PortalAssignmentId to,
    List<ChunkKey> removed,
    List<Route> put) {
  /** Copies the lists; throws {@code NullPointerException} for nulls. */
  public PortalDelta {
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    removed = List.copyOf(removed);
    put = List.copyOf(put);
  }

  /** Returns the changes to these datasets; all changes if there are none. */
  public PortalDelta of(Set<DatasetId> datasets) {
    return datasets.isEmpty()
        ? this
        : new PortalDelta(
            lineage,
            from,
            to,
            removed.stream().filter(key -> datasets.contains(key.dataset())).toList(),
            put.stream().filter(route -> datasets.contains(route.key().dataset())).toList());
  }

  /** Returns the exact size in bytes as a {@link DocumentFormat#BINARY} document, unwritten. */
  public long documentBytes() {
    return DocumentTables.of(RoutesSource.of(lineage, to, from, removed, put)::fields).size();
  }
}
