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
 * The changes from one slice of a worker to another; {@code from} is empty in a full document.
 *
 * @param removed chunks that the slice no longer names
 * @param put chunks that it newly names, or with another {@code since}
 */
public record SliceDelta(
    Optional<WorkerAssignmentId> from,
    WorkerSlice slice,
    List<ChunkNumber> removed,
    List<SliceEntry> put) {
  /** Copies the lists; throws {@code NullPointerException} for nulls. */
  public SliceDelta {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(slice, "slice");
    removed = List.copyOf(removed);
    put = List.copyOf(put);
  }

  /** Returns the exact size in bytes as a {@link DocumentFormat#BINARY} document, unwritten. */
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

  private static int compare(SliceColumns before, int i, SliceColumns after, int j) {
    if (j == after.size()) {
      return -1;
    }
    return i == before.size() ? 1 : Integer.compare(before.chunk(i), after.chunk(j));
  }
}
