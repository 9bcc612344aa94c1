package dev.stowage.sim.kit.scenario.oracles;

import dev.stowage.lifecycle.documents.DocumentException;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.WorkerId;
import dev.stowage.store.FleetView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An oracle of published documents: they lead every consumer to the newest assignment. One consumer
 * looks at every step, others more rarely; each reads every document from its bytes, binary and
 * JSON in turn, and applies deltas to the document it holds. Not thread-safe.
 */
public final class DocumentOracle {
  /** The steps between two looks, for each consumer. */
  private static final List<Integer> PACES = List.of(1, 3, 8);

  private static final String KIND = "published deltas";

  private final TreeMap<String, Taken> slices = new TreeMap<>();
  private final List<@Nullable RoutesDocument> routes = new ArrayList<>();
  private long looks;
  private long read;

  /**
   * The documents of a worker.
   *
   * @param told the slice that it received
   * @param document the document that it built from deltas
   */
  private record Taken(WorkerSlice told, SliceDocument document) {
    /** Reports whether the slice has nothing new, so that no document needs to be made. */
    boolean isOf(WorkerSlice newest) {
      return told.id().equals(newest.id())
          && told.lineage().equals(newest.lineage())
          && told.incarnation().equals(newest.incarnation())
          && told.deleteFromTick() == newest.deleteFromTick()
          && told.inventoryReport() == newest.inventoryReport()
          && told.isInventoryWanted() == newest.isInventoryWanted()
          && told.keep().equals(newest.keep())
          && told.entries().equals(newest.entries());
    }
  }

  /** Consumers that hold nothing yet. */
  public DocumentOracle() {
    PACES.forEach(pace -> routes.add(null));
  }

  /** Returns the number of documents read. */
  public long read() {
    return read;
  }

  /** Lets every consumer look whose turn it is; returns the problem with the first bad document. */
  public Optional<Finding> look(FleetView fleet, Collection<WorkerId> workers) {
    looks++;
    List<Finding> found = new ArrayList<>();
    for (int at = 0; at < PACES.size(); at++) {
      if (looks % PACES.get(at) == 0) {
        lookAtRoutes(at, fleet).ifPresent(found::add);
        for (WorkerId worker : workers) {
          lookAtSlice(worker, at, fleet).ifPresent(found::add);
        }
      }
    }
    return found.stream().findFirst();
  }

  private Optional<Finding> lookAtRoutes(int at, FleetView fleet) {
    RoutesDocument held = routes.get(at);
    boolean isNew =
        held == null
            || !held.id().equals(fleet.portalAssignment().id())
            || !held.lineage().equals(fleet.lineage());
    if (!isNew) {
      return Optional.empty();
    }
    RoutesDocument sent =
        held == null
            ? fleet.portalAssignment().full()
            : fleet.portalSince(held.lineage(), held.id());
    read++;
    try {
      RoutesDocument come = format().readRoutes(format().toBytes(sent));
      RoutesDocument after = held == null ? come : come.after(held);
      routes.set(at, after);
      RoutesDocument newest = fleet.portalAssignment().full();
      return judged("a portal", come.equals(sent), after.equals(newest));
    } catch (DocumentException | IllegalArgumentException unusable) {
      return Optional.of(new Finding(KIND, "a portal cannot use what it is sent: " + unusable));
    }
  }

  private Optional<Finding> lookAtSlice(WorkerId worker, int at, FleetView fleet) {
    String consumer = worker + " at pace " + PACES.get(at);
    Optional<WorkerSlice> slice = fleet.slice(worker);
    if (slice.isEmpty()) {
      slices.remove(consumer);
      return Optional.empty();
    }
    Taken taken = slices.get(consumer);
    if (taken != null && taken.isOf(slice.get())) {
      return Optional.empty();
    }
    SliceDocument newest = SliceDocument.of(slice.get());
    SliceDocument held = taken == null ? null : taken.document();
    if (newest.equals(held)) {
      return Optional.empty();
    }
    SliceDocument sent =
        held == null
            ? newest
            : fleet
                .sliceSince(worker, held.lineage(), held.id())
                .orElseThrow(() -> new IllegalStateException(worker + " has a slice"));
    read++;
    try {
      SliceDocument come = format().readSlice(format().toBytes(sent));
      SliceDocument after = held == null ? come : come.after(held);
      slices.put(consumer, new Taken(slice.get(), after));
      return judged(consumer, come.equals(sent), after.equals(newest));
    } catch (DocumentException | IllegalArgumentException unusable) {
      return Optional.of(new Finding(KIND, consumer + " cannot use what it is sent: " + unusable));
    }
  }

  private DocumentFormat format() {
    return read % 2 == 0 ? DocumentFormat.BINARY : DocumentFormat.JSON;
  }

  private static Optional<Finding> judged(String consumer, boolean isSame, boolean isNewest) {
    String what =
        isSame ? "then does not hold the newest assignment" : "finds other content than was sent";
    return isSame && isNewest
        ? Optional.empty()
        : Optional.of(new Finding(KIND, consumer + " reads a document and " + what));
  }
}
