package dev.stowage.lifecycle.documents;

import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.Objects;
import java.util.Optional;

/**
 * The header of a worker's slice.
 *
 * @param from the assignment that the changes start from; empty in a full document
 * @param incarnation the incarnation of its disk that the assignment was made for
 * @param deleteFromTick the tick before which nothing is deleted for it, at least 0: a lineage in
 *     its pause
 * @param inventoryReport the report of the last inventory in the assignment, 0 for none: after a
 *     later inventory a worker ignores slices until one names it
 * @param isInventoryWanted whether the worker must send its inventory before it deletes anything
 */
public record SliceHeader(
    Lineage lineage,
    WorkerAssignmentId id,
    Optional<WorkerAssignmentId> from,
    WorkerId worker,
    Incarnation incarnation,
    long deleteFromTick,
    long inventoryReport,
    boolean isInventoryWanted) {
  static final SliceHeader NOTHING =
      new SliceHeader(
          Lineage.of(0),
          WorkerAssignmentId.of(0),
          Optional.empty(),
          WorkerId.of("-"),
          Incarnation.of(0),
          0,
          0,
          false);

  /** Throws {@code IllegalArgumentException} for values below 0. */
  public SliceHeader {
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(incarnation, "incarnation");
    SliceEntry.atLeastZero(deleteFromTick, "deleteFromTick", "");
    SliceEntry.atLeastZero(inventoryReport, "inventoryReport", "");
  }

  /** Returns the header of a full document of an assignment for the worker of a row. */
  public static SliceHeader of(
      Lineage lineage, WorkerAssignmentId id, long deleteFromTick, WorkerRow holder) {
    return new SliceHeader(
        lineage,
        id,
        Optional.empty(),
        holder.id(),
        Incarnation.of(holder.publishedIncarnation()),
        deleteFromTick,
        holder.inventoryReport(),
        holder.owesInventory());
  }

  /** Returns the header of a document of the changes since {@code base}, or of a full one. */
  public SliceHeader since(Optional<WorkerAssignmentId> base) {
    return new SliceHeader(
        lineage, id, base, worker, incarnation, deleteFromTick, inventoryReport, isInventoryWanted);
  }

  /** Reports whether it is a full document, not the changes since {@link #from}. */
  public boolean isFull() {
    return from.isEmpty();
  }

  /**
   * Reports whether changes with this header continue a full document with the header {@code held}.
   */
  public boolean continues(SliceHeader held) {
    boolean isSame = lineage.equals(held.lineage) && worker.equals(held.worker);
    return isSame && held.isFull() && from.equals(Optional.of(held.id));
  }

  /**
   * Requires that changes with this header continue a full document with the header {@code held};
   * throws {@code IllegalArgumentException} if they do not.
   */
  public void expectBase(SliceHeader held) {
    if (!continues(held)) {
      throw new IllegalArgumentException(
          "a delta from " + from.get() + " to " + words() + " does not continue " + held.words());
    }
  }

  private String words() {
    return "assignment " + id + " of lineage " + lineage + " for " + worker;
  }

  SliceHeader fields(Fields to) {
    boolean isDelta = to.begin(Fields.Kind.SLICE, from.isPresent());
    return new SliceHeader(
        to.lineage("lineage", lineage),
        WorkerAssignmentId.of(to.number("id", id.value())),
        isDelta
            ? Optional.of(WorkerAssignmentId.of(to.number("from", from.orElse(id).value())))
            : Optional.empty(),
        to.text("worker", worker, WorkerId::value, WorkerId::of),
        Incarnation.of(to.number("incarnation", incarnation.value())),
        to.number("delete_from", deleteFromTick),
        to.number("inventory_report", inventoryReport),
        to.flag("inventory_wanted", isInventoryWanted));
  }
}
