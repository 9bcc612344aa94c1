package dev.stowage.client;

import dev.stowage.columns.WideSum;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceDocument.SliceHeader;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The slice that a worker is told of and the content of its disk, with their differences: the
 * chunks that the disk lacks, and those that the slice does not name. An update costs in proportion
 * to the changes, times the logarithm of the lacking chunks. Not thread-safe.
 */
public final class SliceBook {
  private static final Comparator<SliceEntry> OLDEST_FIRST =
      Comparator.comparingLong(SliceEntry::since)
          .thenComparing(entry -> entry.key().dataset())
          .thenComparing(SliceEntry::number, ChunkNumbers.ORDER);

  private @Nullable SliceHeader header;
  private List<ChunkNumber> keep = List.of();
  private final Map<ChunkNumber, SliceEntry> named = new HashMap<>();
  private final Map<ChunkNumber, Long> held = new HashMap<>();
  private final WideSum heldBytes = new WideSum();
  private final TreeSet<SliceEntry> missing = new TreeSet<>(OLDEST_FIRST);
  private final Set<ChunkNumber> unnamed = new HashSet<>();

  /** Creates the book of an empty disk, without a slice. */
  public SliceBook() {}

  /**
   * Applies the parts of a document. Throws {@code IllegalArgumentException} for a delta that does
   * not continue the slice; the book is unchanged then.
   *
   * @param keep unknown chunks that must not be deleted yet
   * @param removed chunks that the slice no longer names; none in a full document
   * @param put the entries of a full document, or the new or changed ones of a delta
   */
  public void tell(
      SliceHeader header,
      List<ChunkNumber> keep,
      Collection<ChunkNumber> removed,
      Collection<SliceEntry> put) {
    requireBase(header);
    if (header.isFull()) {
      forget();
    }
    removed.forEach(number -> rename(number, null));
    put.forEach(entry -> rename(entry.number(), entry));
    this.header = header.since(Optional.empty());
    this.keep = List.copyOf(keep);
  }

  /** Throws {@code IllegalArgumentException} for a delta that does not continue the slice. */
  public void requireBase(SliceHeader next) {
    SliceHeader known = header;
    if (next.isFull()) {
      return;
    }
    if (known == null) {
      throw new IllegalArgumentException("the slice is a delta; no slice is known");
    }
    next.expectBase(known);
  }

  private void rename(ChunkNumber number, @Nullable SliceEntry next) {
    SliceEntry before = next == null ? named.remove(number) : named.put(number, next);
    boolean isHeld = held.containsKey(number);
    if (before != null && !isHeld) {
      missing.remove(before);
    }
    if (next != null && !isHeld) {
      missing.add(next);
    }
    if (isHeld && next == null) {
      unnamed.add(number);
    } else if (isHeld && before == null) {
      unnamed.remove(number);
    }
  }

  /** Forgets the slice; the content of the disk stays. */
  public void forget() {
    header = null;
    keep = List.of();
    named.clear();
    missing.clear();
    unnamed.addAll(held.keySet());
  }

  /** Returns the header of the slice as a full document has it; null without a slice. */
  public @Nullable SliceHeader header() {
    return header;
  }

  /** Returns the unknown chunks that must not be deleted yet. */
  public List<ChunkNumber> keep() {
    return keep;
  }

  /** Returns the entry of a chunk in the slice; null if it does not name the chunk. */
  public @Nullable SliceEntry named(ChunkNumber number) {
    return named.get(number);
  }

  /** Returns the chunks that the slice names, or says to keep, as a new set. */
  public Set<ChunkNumber> spared() {
    Set<ChunkNumber> all = new HashSet<>(keep);
    all.addAll(named.keySet());
    return all;
  }

  /** Adds a chunk to the disk's content, or changes its size in bytes. */
  public void hold(ChunkNumber number, long bytes) {
    Long before = held.put(number, bytes);
    heldBytes.add(bytes);
    if (before != null) {
      heldBytes.subtract(before);
      return;
    }
    SliceEntry entry = named.get(number);
    if (entry == null) {
      unnamed.add(number);
    } else {
      missing.remove(entry);
    }
  }

  /** Removes a chunk from the disk's content; returns whether it was there. */
  public boolean drop(ChunkNumber number) {
    Long bytes = held.remove(number);
    if (bytes == null) {
      return false;
    }
    heldBytes.subtract(bytes);
    SliceEntry entry = named.get(number);
    if (entry == null) {
      unnamed.remove(number);
    } else {
      missing.add(entry);
    }
    return true;
  }

  /** Empties the disk's content. */
  public void dropAll() {
    List.copyOf(held.keySet()).forEach(this::drop);
  }

  /** Returns whether the disk holds a chunk. */
  public boolean holds(ChunkNumber number) {
    return held.containsKey(number);
  }

  /** Returns an unmodifiable view of the chunks on the disk, in no order. */
  public Set<ChunkNumber> held() {
    return Collections.unmodifiableSet(held.keySet());
  }

  /** Returns the bytes on the disk, saturated. */
  public long heldBytes() {
    return heldBytes.saturated();
  }

  /** Returns an unmodifiable view of the entries that the disk lacks, oldest orders first. */
  public SortedSet<SliceEntry> missing() {
    return Collections.unmodifiableSortedSet(missing);
  }

  /** Returns the chunks on the disk that the slice neither names nor says to keep, ascending. */
  public List<ChunkNumber> unnamed() {
    List<ChunkNumber> all = new ArrayList<>(unnamed);
    if (!all.isEmpty()) {
      all.removeAll(keep.size() > 1 ? new HashSet<>(keep) : keep);
      all.sort(ChunkNumbers.ORDER);
    }
    return all;
  }

  /** Returns the share of the disk that the deletion of {@code some} held chunks takes away. */
  public SliceDocument.Deletion deletion(Collection<ChunkNumber> some) {
    WideSum bytes = new WideSum();
    some.forEach(number -> bytes.add(Objects.requireNonNull(held.get(number), "a held chunk")));
    return new SliceDocument.Deletion(
        held.size(), some.size(), heldBytes.saturated(), bytes.saturated());
  }
}
