package dev.stowage.lifecycle.documents;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * What a worker is sent: its slice, or what changed in it. {@link DocumentFormat} turns it into
 * bytes and back. Immutable; equal slices are equal documents.
 *
 * @param header what it says beside the lists
 * @param keep unknown bytes that it must not delete yet; ascending by lineage (unsigned) and
 *     counter
 * @param removed chunks that the slice no longer names, in the same order; empty in a full document
 * @param put chunks that it names, or names now or with another {@code since}; in the same order,
 *     each number and each key once
 */
public record SliceDocument(
    SliceHeader header, List<ChunkNumber> keep, List<ChunkNumber> removed, List<SliceEntry> put) {
  static final Comparator<SliceEntry> ENTRIES =
      Comparator.comparing(SliceEntry::number, BinaryLayout.NUMBERS);

  private static final int MILLION = 1_000_000;

  /**
   * What a disk loses to a slice.
   *
   * @param heldBytes what it holds, at least 0
   * @param deletedBytes the part of it that goes, at least 0
   */
  public record Deletion(long heldBytes, long deletedBytes) {
    /**
     * Whether so much goes that a worker first fetches a full document, whatever led it here, and
     * deletes only what that does not name either.
     *
     * @param millionths the share of its bytes above which that is so, 0 to 1,000,000; of the
     *     latter nothing is above, nor of {@link LifecycleConfig#UNGUARDED}
     */
    public boolean isMass(int millionths) {
      if (millionths == LifecycleConfig.UNGUARDED) {
        return false;
      }
      long whole = heldBytes / MILLION * millionths;
      return deletedBytes > whole + heldBytes % MILLION * millionths / MILLION;
    }
  }

  /** Copies the lists; refuses what is out of order, named twice, or below 0. */
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

  /** The full document of a slice. */
  public static SliceDocument of(WorkerSlice slice) {
    return sorted(slice.header(), slice.keep(), List.of(), slice.entries());
  }

  /** The document of a delta, which may be a full one. */
  public static SliceDocument of(SliceDelta delta) {
    return sorted(
        delta.slice().header().since(delta.from()),
        delta.slice().keep(),
        delta.removed(),
        delta.put());
  }

  /**
   * Returns a document of lists in any order.
   *
   * @param orphans unknown bytes that the worker must not delete yet; a worker may report a number
   *     of them twice
   */
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

  /**
   * What a worker that obeys this document deletes of what it holds.
   *
   * @param disk what it holds, each chunk once
   * @throws IllegalStateException if this is a delta: it does not say what is to stay
   */
  public Deletion deletionFrom(Collection<SliceEntry> disk) {
    if (!isFull()) {
      throw new IllegalStateException(
          "the document is a delta from assignment " + header.from().get());
    }
    Set<ChunkNumber> named = new HashSet<>(keep);
    put.forEach(entry -> named.add(entry.number()));
    long held = 0;
    long deleted = 0;
    for (SliceEntry entry : disk) {
      held = SaturatedSum.of(held, entry.sizeBytes());
      if (!named.contains(entry.number())) {
        deleted = SaturatedSum.of(deleted, entry.sizeBytes());
      }
    }
    return new Deletion(held, deleted);
  }

  /** The assignment. */
  public WorkerAssignmentId id() {
    return header.id();
  }

  /** The lineage of the assignment. */
  public Lineage lineage() {
    return header.lineage();
  }

  /** Whether it says everything; else it says what changed since {@link SliceHeader#from}. */
  public boolean isFull() {
    return header.isFull();
  }

  /**
   * The full document that a worker holds after this one: itself if it is full, else what it held
   * with the changes applied.
   *
   * @param held the full document that the worker held
   * @throws IllegalArgumentException if this is a delta from another assignment, of another lineage
   *     or for another worker: then the worker must ask for a full document
   */
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

  /** As {@link Fields.Document}; of {@code entries}, none is put if they are summed up apart. */
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

  /** A worker may report a number of unknown bytes twice. */
  static TreeSet<ChunkNumber> distinct(List<ChunkNumber> numbers) {
    TreeSet<ChunkNumber> distinct = new TreeSet<>(BinaryLayout.NUMBERS);
    distinct.addAll(numbers);
    return distinct;
  }

  /** Very many are taken as they are kept, where that is the order of documents too. */
  private static List<ChunkNumber> inDocumentOrder(List<ChunkNumber> orphans) {
    return orphans instanceof ChunkNumbers many
            && !many.isEmpty()
            && BinaryLayout.NUMBERS.compare(many.get(0), many.get(many.size() - 1)) <= 0
        ? many
        : List.copyOf(distinct(orphans));
  }
}
