package dev.stowage.lifecycle.documents;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a portal assignment became what it is: what went, then what is new or routed otherwise.
 *
 * @param lineage the lineage of both assignments
 * @param from the assignment that the delta starts from; empty: from nothing, a full document
 * @param to the assignment that it leads to
 * @param removed chunks that are no longer visible, or whose key is another chunk's now
 * @param put chunks that are visible now, or routed otherwise, in canonical order
 */
public record PortalDelta(
    Lineage lineage,
    Optional<PortalAssignmentId> from,
    PortalAssignmentId to,
    List<ChunkKey> removed,
    List<Route> put) {
  /** Copies the lists. */
  public PortalDelta {
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    removed = List.copyOf(removed);
    put = List.copyOf(put);
  }

  /**
   * The exact size of the delta as a binary document ({@link DocumentFormat#BINARY}), without
   * writing it; costs in proportion to what it names.
   */
  public long documentBytes() {
    return DocumentTables.of(RoutesSource.of(lineage, to, from, removed, put)::fields).size();
  }
}
