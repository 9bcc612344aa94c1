package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.SliceEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a worker has still to fetch, oldest orders first, over a link of limited bandwidth. Bytes of
 * the chunk at the head that have come already stay with it. Not thread-safe.
 */
final class Downloads {
  private static final Comparator<SliceEntry> OLDEST_FIRST =
      Comparator.comparingLong(SliceEntry::since)
          .thenComparing(row -> row.key().dataset())
          .thenComparingLong(row -> row.number().counter());

  private final ArrayDeque<SliceEntry> queue = new ArrayDeque<>();
  private long comeOfHead;

  /** Wants exactly these from now on. */
  void want(List<SliceEntry> rows) {
    SliceEntry head = queue.peek();
    List<SliceEntry> sorted = new ArrayList<>(rows);
    sorted.sort(OLDEST_FIRST);
    queue.clear();
    queue.addAll(sorted);
    SliceEntry first = queue.peek();
    if (head == null || first == null || !head.number().equals(first.number())) {
      comeOfHead = 0;
    }
  }

  /**
   * Lets {@code bytes} come in; whole chunks go to {@code disk} and are named to {@code come}.
   *
   * @return how many bytes came in: fewer where nothing more is wanted or the disk is full
   */
  long run(long bytes, SimulatedDisk disk, Consumer<SliceEntry> come) {
    long left = bytes;
    while (!queue.isEmpty()) {
      SliceEntry head = queue.element();
      if (!disk.hasRoomFor(head.sizeBytes())) {
        break;
      }
      long part = Math.min(left, head.sizeBytes() - comeOfHead);
      comeOfHead += part;
      left -= part;
      if (comeOfHead < head.sizeBytes()) {
        break;
      }
      disk.put(head);
      come.accept(head);
      queue.remove();
      comeOfHead = 0;
    }
    return bytes - left;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** The oldest order that is not carried out; only if there is one. */
  long oldestSince() {
    return queue.element().since();
  }

  void forget() {
    queue.clear();
    comeOfHead = 0;
  }
}
