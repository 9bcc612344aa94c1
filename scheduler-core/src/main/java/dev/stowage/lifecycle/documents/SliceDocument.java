package dev.stowage.lifecycle.documents;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
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

/**
 * What a worker is sent: its slice, or what changed in it. {@link DocumentFormat} turns it into
 * bytes and back. Immutable; equal slices are equal documents.
 *
 * @param lineage the lineage of the assignment, to be named in reports
 * @param id the assignment
 * @param from the assignment that the changes start from; empty: a full document
 * @param worker whose slice this is
 * @param incarnation the life of its disk that the assignment was made for
 * @param obeyFromTick not to be obeyed before this tick, at least 0
 * @param inventoryReport the report with the inventory that it was made with, 0 for none
 * @param inventoryWanted whether the worker must send its inventory before it deletes anything
 * @param keep unknown bytes that it must not delete yet; ascending by lineage (unsigned) and
 *     counter
 * @param removed chunks that the slice no longer names, in the same order; empty in a full document
 * @param put chunks that it names, or names now or with another {@code since}; in the same order,
 *     each number and each key once
 */
public record SliceDocument(
    Lineage lineage,
    WorkerAssignmentId id,
    Optional<WorkerAssignmentId> from,
    WorkerId worker,
    Incarnation incarnation,
    long obeyFromTick,
    long inventoryReport,
    boolean inventoryWanted,
    List<ChunkNumber> keep,
    List<ChunkNumber> removed,
    List<SliceEntry> put) {
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
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(incarnation, "incarnation");
    keep = List.copyOf(keep);
    removed = List.copyOf(removed);
    put = List.copyOf(put);
    atLeastZero(obeyFromTick, "obeyFromTick");
    atLeastZero(inventoryReport, "inventoryReport");
    if (from.isEmpty() && !removed.isEmpty()) {
      throw new IllegalArgumentException("a full document removes " + removed.size() + " chunks");
    }
    ascending(keep, "keep");
    ascending(removed, "removed");
    ascending(put.stream().map(SliceEntry::number).toList(), "put");
    Set<ChunkNumber> gone = new HashSet<>(removed);
    Set<ChunkKey> keys = new HashSet<>();
    for (SliceEntry entry : put) {
      atLeastZero(entry.sizeBytes(), "the size of " + entry.key());
      atLeastZero(entry.since(), "the since of " + entry.key());
      if (!keys.add(entry.key()) || gone.contains(entry.number())) {
        throw new IllegalArgumentException(entry.key() + " is named twice");
      }
    }
  }

  /** The full document of a slice. */
  public static SliceDocument of(WorkerSlice slice) {
    return slice.document(Optional.empty(), List.of(), slice.entries());
  }

  /** The document of a delta, which may be a full one. */
  public static SliceDocument of(SliceDelta delta) {
    return delta.slice().document(delta.from(), delta.removed(), delta.put());
  }

  /**
   * What a worker that obeys this document deletes of what it holds.
   *
   * @param disk what it holds, each chunk once
   * @throws IllegalStateException if this is a delta: it does not say what is to stay
   */
  public Deletion deletionFrom(Collection<SliceEntry> disk) {
    if (!isFull()) {
      throw new IllegalStateException("the document is a delta from assignment " + from.get());
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

  /** Whether it says everything; else it says what changed since {@link #from}. */
  public boolean isFull() {
    return from.isEmpty();
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
    boolean continues =
        held.isFull()
            && from.get().equals(held.id)
            && lineage.equals(held.lineage)
            && worker.equals(held.worker);
    if (!continues) {
      throw new IllegalArgumentException(
          "a delta for "
              + worker
              + " from assignment "
              + from.get()
              + " of lineage "
              + lineage
              + " does not continue assignment "
              + held.id
              + " of lineage "
              + held.lineage
              + " for "
              + held.worker);
    }
    TreeMap<ChunkNumber, SliceEntry> entries = new TreeMap<>(BinaryLayout.NUMBERS);
    held.put.forEach(entry -> entries.put(entry.number(), entry));
    removed.forEach(entries::remove);
    put.forEach(entry -> entries.put(entry.number(), entry));
    return new SliceDocument(
        lineage,
        id,
        Optional.empty(),
        worker,
        incarnation,
        obeyFromTick,
        inventoryReport,
        inventoryWanted,
        keep,
        List.of(),
        new ArrayList<>(entries.values()));
  }

  /** A worker may report a number of unknown bytes twice. */
  static TreeSet<ChunkNumber> distinct(List<ChunkNumber> numbers) {
    TreeSet<ChunkNumber> distinct = new TreeSet<>(BinaryLayout.NUMBERS);
    distinct.addAll(numbers);
    return distinct;
  }

  private static void ascending(List<ChunkNumber> numbers, String what) {
    for (int i = 1; i < numbers.size(); i++) {
      if (BinaryLayout.NUMBERS.compare(numbers.get(i - 1), numbers.get(i)) >= 0) {
        throw new IllegalArgumentException(
            what + " names " + numbers.get(i) + " twice, or after " + numbers.get(i - 1));
      }
    }
  }

  private static void atLeastZero(long value, String what) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " is " + value + "; at least 0 is accepted");
    }
  }
}
