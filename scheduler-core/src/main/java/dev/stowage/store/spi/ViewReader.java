package dev.stowage.store.spi;

import dev.stowage.answer.Question;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.store.Aged;
import dev.stowage.store.AgedReader;
import dev.stowage.store.FleetView;
import java.util.Objects;
import java.util.Optional;

/** Reads the newest view of a store, which is never old. */
record ViewReader(FleetStore store) implements AgedReader {
  @Override
  public <R> Aged<R> ask(Question<R> question) {
    FleetView before = store.view();
    return Aged.of(before, store.ask(question));
  }

  @Override
  public Aged<Optional<SliceDocument>> slice(WorkerId worker) {
    FleetView view = store.view();
    return Aged.of(view, view.slice(worker).map(SliceDocument::of));
  }

  @Override
  public Aged<Optional<SliceDocument>> sliceSince(
      WorkerId worker, Lineage lineage, WorkerAssignmentId known) {
    FleetView view = store.view();
    return Aged.of(view, view.sliceSince(worker, lineage, known));
  }

  @Override
  public Aged<RoutesDocument> routes() {
    FleetView view = store.view();
    return Aged.of(view, view.portalAssignment().full());
  }

  @Override
  public Aged<RoutesDocument> routes(Lineage lineage, PortalAssignmentId atLeast) {
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(atLeast, "atLeast");
    return routes();
  }

  @Override
  public Aged<RoutesDocument> routesSince(Lineage lineage, PortalAssignmentId known) {
    FleetView view = store.view();
    return Aged.of(view, view.portalSince(lineage, known));
  }
}
