package dev.stowage.propagation;

import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.propagation.PropagationScheduler.NodeId;
import dev.stowage.propagation.Recipient.InterestLevel;
import dev.stowage.store.FleetView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The feed of a worker. */
final class SliceFeed extends Feed {
  private final WorkerId worker;

  SliceFeed(Recipient.OfWorker recipient, NodeId node) {
    super(recipient, node, InterestLevel.HIGH);
    worker = recipient.id();
  }

  @Override
  boolean isIn(FleetView view) {
    return view.slice(worker).isPresent();
  }

  @Override
  long idIn(FleetView view) {
    return view.ids().worker().value();
  }

  @Override
  boolean differs(FleetView view, FleetView older) {
    WorkerSlice slice = view.slice(worker).orElseThrow();
    Optional<WorkerSlice> before = older.slice(worker);
    if (before.isEmpty() || !Header.of(before.get()).equals(Header.of(slice))) {
      return true;
    }
    if (idIn(view) == idIn(older) && view.lineage().equals(older.lineage())) {
      return false;
    }
    SliceDocument delta = since(view, new Held(older.lineage(), idIn(older), idIn(older)));
    return delta.isFull() || !delta.removed().isEmpty() || !delta.put().isEmpty();
  }

  private SliceDocument since(FleetView view, Held base) {
    return view.sliceSince(worker, base.lineage(), WorkerAssignmentId.of(base.sameUntil()))
        .orElseThrow();
  }

  @Override
  Offer offer(FleetView view, Optional<Held> base, boolean narrow) {
    WorkerSlice slice = view.slice(worker).orElseThrow();
    long wholeBytes = slice.documentBytes();
    Message.Slice best = null;
    Optional<SliceDocument> change = base.map(held -> since(view, held)).filter(d -> !d.isFull());
    if (change.isPresent()) {
      // The base has the id by which the worker knows its slice.
      SliceDocument named = change.get().since(WorkerAssignmentId.of(base.get().id()));
      long bytes = named.documentBytes();
      best = bytes < wholeBytes ? new Message.Slice(worker, named, bytes) : null;
    }
    if (best == null) {
      best = new Message.Slice(worker, SliceDocument.of(slice), wholeBytes);
    }
    Message fair = new Message.NewId(recipient, view.lineage(), idIn(view));
    if (narrow && change.isPresent()) {
      fair =
          new Message.Changes(
              recipient, view.lineage(), idIn(view), names(change.get()), List.of());
    }
    return Offer.of(best, fair);
  }

  private static List<ChunkNumber> names(SliceDocument delta) {
    List<ChunkNumber> names = new ArrayList<>(delta.removed());
    delta.put().forEach(entry -> names.add(entry.number()));
    return names;
  }

  /** All of a slice except its entries and its id. */
  private record Header(
      Incarnation incarnation,
      long deleteFrom,
      long inventory,
      boolean wanted,
      List<ChunkNumber> keep) {
    static Header of(WorkerSlice slice) {
      return new Header(
          slice.incarnation(),
          slice.deleteFromTick(),
          slice.inventoryReport(),
          slice.isInventoryWanted(),
          slice.keep());
    }
  }
}
