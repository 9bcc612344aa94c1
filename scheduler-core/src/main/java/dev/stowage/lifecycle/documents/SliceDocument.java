package dev.stowage.lifecycle.documents;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The document for a worker: its slice or the changes. Immutable; equal slices are equal documents.
 * Lists ascend by lineage (unsigned) and counter.
 *
 * @param keep unknown bytes that must not be deleted yet
 * @param removed chunks that the slice no longer names; empty in a full document
 * @param put chunks that it names, or newly names or with another {@code since}; keys distinct
 */
public record SliceDocument(
    SliceHeader header, List<ChunkNumber> keep, List<ChunkNumber> removed, List<SliceEntry> put) {
  static final Comparator<SliceEntry> ENTRIES =
      Comparator.comparing(SliceEntry::number, BinaryLayout.NUMBERS);

  private static final int MILLION = 1_000_000;

  /**
   * The chunks and bytes that a disk holds, and the part that a slice deletes, at least 0. Bytes
   * are saturated, which never makes the deleted share smaller.
   */
  public record Deletion(int heldChunks, int deletedChunks, long heldBytes, long deletedBytes) {
    /**
     * Reports whether more than {@code millionths} of the chunks or of the bytes, 0 to 1,000,000,
     * are deleted, so that the worker first fetches a full document; {@link
     * LifecycleConfig#UNGUARDED}: never.
     */
    public boolean isMass(int millionths) {
      return millionths != LifecycleConfig.UNGUARDED
          && (isMore(deletedChunks, heldChunks, millionths)
              || isMore(deletedBytes, heldBytes, millionths));
    }

    private static boolean isMore(long deleted, long held, int millionths) {
      long whole = held / MILLION * millionths;
      return deleted > whole + held % MILLION * millionths / MILLION;
    }
  }

  /** Copies the lists; throws {@code IllegalArgumentException} if they violate their order. */
  public SliceDocument {
    Objects.requireNonNull(header, "header");
    keep = List.copyOf(keep);
    removed = List.copyOf(removed);
    put = List.copyOf(put);
    if (header.isFull() && !removed.isEmpty()) {
      throw new IllegalArgumentException("a full document removes " + removed.size() + " chunks");
    }
    keep.forEach(new Ascending<>("keep", BinaryLayout.NUMBERS));
    removed.forEach(new Ascending<>("removed", BinaryLayout.NUMBERS));
    put.forEach(SliceEntry.inOrder(removed));
  }

  /** Returns the full document of a slice. */
  public static SliceDocument of(WorkerSlice slice) {
    return sorted(slice.header(), slice.keep(), List.of(), slice.entries());
  }

  /** Returns a document of lists in any order; {@code orphans}, to be kept, may have duplicates. */
  public static SliceDocument sorted(
      SliceHeader header,
      List<ChunkNumber> orphans,
      Collection<ChunkNumber> removed,
      Collection<SliceEntry> put) {
    return new SliceDocument(
        header,
        inDocumentOrder(orphans),
        removed.stream().sorted(BinaryLayout.NUMBERS).toList(),
        put.stream().sorted(ENTRIES).toList());
  }

  /** Returns the assignment. */
  public WorkerAssignmentId id() {
    return header.id();
  }

  /** Returns the lineage of the assignment. */
  public Lineage lineage() {
    return header.lineage();
  }

  /** Reports whether it is a full document, not the changes since {@link SliceHeader#from}. */
  public boolean isFull() {
    return header.isFull();
  }

  /** Returns these changes as those since another base that has the same slice. */
  public SliceDocument since(WorkerAssignmentId base) {
    return new SliceDocument(header.since(Optional.of(base)), keep, removed, put);
  }

  /** Returns the exact size in bytes as a {@link DocumentFormat#BINARY} document, unwritten. */
  public long documentBytes() {
    return DocumentTables.of(this::fields).size();
  }

  /** Applies this to {@code held}; throws {@code IllegalArgumentException} for another base. */
  public SliceDocument after(SliceDocument held) {
    if (isFull()) {
      return this;
    }
    header.expectBase(held.header);
    TreeMap<ChunkNumber, SliceEntry> entries = new TreeMap<>(BinaryLayout.NUMBERS);
    held.put.forEach(entry -> entries.put(entry.number(), entry));
    removed.forEach(entries::remove);
    put.forEach(entry -> entries.put(entry.number(), entry));
    return new SliceDocument(
        header.since(Optional.empty()), keep, List.of(), new ArrayList<>(entries.values()));
  }

  Supplier<SliceDocument> fields(Fields to) {
    return fields(to, header, keep, removed, put.size(), put);
  }

  static SliceDocument read(Fields from) {
    return fields(from, SliceHeader.NOTHING, List.of(), List.of(), 0, List.of()).get();
  }

  static Supplier<SliceDocument> fields(
      Fields to,
      SliceHeader header,
      Collection<ChunkNumber> keep,
      Collection<ChunkNumber> removed,
      int entries,
      Iterable<SliceEntry> put) {
    SliceHeader read = header.fields(to);
    to.tables();
    List<ChunkNumber> kept = numbers(to, "keep", keep);
    List<ChunkNumber> gone = read.isFull() ? List.of() : numbers(to, "removed", removed);
    List<SliceEntry> come =
        to.list("put", entries, put, SliceEntry.ROW, () -> SliceEntry.inOrder(gone));
    to.end();
    return () -> new SliceDocument(read, kept, gone, come);
  }

  private static List<ChunkNumber> numbers(Fields to, String name, Collection<ChunkNumber> all) {
    return to.list(
        name,
        all.size(),
        all,
        Fields.Row.NUMBER,
        () -> new Ascending<>(name, BinaryLayout.NUMBERS));
  }

  /** Removes duplicates: a worker may report a number of unknown bytes twice. */
  static TreeSet<ChunkNumber> distinct(List<ChunkNumber> numbers) {
    TreeSet<ChunkNumber> distinct = new TreeSet<>(BinaryLayout.NUMBERS);
    distinct.addAll(numbers);
    return distinct;
  }

  /** Shares large lists that are already in the order of documents. */
  private static List<ChunkNumber> inDocumentOrder(List<ChunkNumber> orphans) {
    return orphans instanceof ChunkNumbers many
            && !many.isEmpty()
            && BinaryLayout.NUMBERS.compare(many.get(0), many.get(many.size() - 1)) <= 0
        ? many
        : List.copyOf(distinct(orphans));
  }

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

    /** Returns the header of a document of the changes since {@code base}, or of a full one. */
    public SliceHeader since(Optional<WorkerAssignmentId> base) {
      return new SliceHeader(
          lineage,
          id,
          base,
          worker,
          incarnation,
          deleteFromTick,
          inventoryReport,
          isInventoryWanted);
    }

    /** Reports whether it is a full document, not the changes since {@link #from}. */
    public boolean isFull() {
      return from.isEmpty();
    }

    /**
     * Reports whether changes with this header continue a full document with the header {@code
     * held}.
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
}
