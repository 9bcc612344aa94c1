package dev.stowage.lifecycle.documents;

import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerAssignmentId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * How a worker's slice became what it is: what went, then what is new or has another {@code since}.
 *
 * @param from the assignment that the delta starts from; empty: from nothing, a full document
 * @param slice the slice that it leads to, for its header
 * @param removed chunks that the slice no longer names
 * @param put chunks that it names now, or with another {@code since}
 */
public record SliceDelta(
    Optional<WorkerAssignmentId> from,
    WorkerSlice slice,
    List<ChunkNumber> removed,
    List<SliceEntry> put) {
  /** Copies the lists. */
  public SliceDelta {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(slice, "slice");
    removed = List.copyOf(removed);
    put = List.copyOf(put);
  }

  /**
   * The exact size of the delta as a binary document ({@link DocumentFormat#BINARY}), without
   * writing it; costs in proportion to what it names.
   */
  public long documentBytes() {
    return DocumentTables.of(to ->
            SliceDocument.fields(
                to,
                slice.header().since(from),
                SliceDocument.distinct(slice.keep()),
                removed,
                put.size(),
                put))
        .size();
  }

  static SliceDelta full(WorkerSlice slice) {
    return new SliceDelta(Optional.empty(), slice, List.of(), slice.entries());
  }

  static SliceDelta between(WorkerSlice old, WorkerSlice now) {
    List<ChunkNumber> removed = new ArrayList<>();
    List<SliceEntry> put = new ArrayList<>();
    Set<ChunkNumber> again = new HashSet<>();
    compare(
        old,
        now,
        gone -> removed.add(old.entry(gone).number()),
        come -> {
          SliceEntry entry = now.entry(come);
          put.add(entry);
          again.add(entry.number());
        });
    removed.removeIf(again::contains);
    return new SliceDelta(Optional.of(old.id()), now, removed, put);
  }

  /**
   * Visits what differs: an entry with another {@code since} goes and comes. Both slices are sorted
   * by position; a position with another number is another chunk.
   *
   * @param gone takes an index of the old slice
   * @param come takes an index of the new one
   */
  static void compare(WorkerSlice old, WorkerSlice now, IntConsumer gone, IntConsumer come) {
    SliceColumns before = old.columns();
    SliceColumns after = now.columns();
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      int shared = after.sharedFrom(j, before, i);
      if (shared > 0) {
        i += shared;
        j += shared;
        continue;
      }
      int order = compare(before, i, after, j);
      if (order < 0) {
        gone.accept(i++);
      } else if (order > 0) {
        come.accept(j++);
      } else {
        if (!now.hasSameChunkAt(j, old, i) || before.since(i) != after.since(j)) {
          gone.accept(i);
          come.accept(j);
        }
        i++;
        j++;
      }
    }
  }

  /** By position; one that is exhausted comes last. */
  private static int compare(SliceColumns before, int i, SliceColumns after, int j) {
    if (j == after.size()) {
      return -1;
    }
    return i == before.size() ? 1 : Integer.compare(before.chunk(i), after.chunk(j));
  }
}
