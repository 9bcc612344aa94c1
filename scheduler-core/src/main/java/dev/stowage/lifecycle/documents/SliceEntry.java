package dev.stowage.lifecycle.documents;

import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.lifecycle.state.RowHash;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.placement.PlacementInput.KeyHash;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/** A chunk that a worker must hold, with the worker assignment in which the pair first appeared. */
public record SliceEntry(ChunkKey key, ChunkNumber number, long sizeBytes, long since) {
  static final Fields.Row<SliceEntry> ROW =
      Fields.Row.of(
          new SliceEntry(ChunkKey.of("-", "-"), new ChunkNumber(Lineage.of(0), 1), 0, 0),
          true,
          (to, it) -> {
            ChunkNumber number = to.chunk("number", it.number);
            ChunkKey key = to.key(it.key);
            long sizeBytes = to.number("bytes", it.sizeBytes);
            long since = to.number("since", it.since);
            return to.made(it, () -> new SliceEntry(key, number, sizeBytes, since));
          });

  static SliceEntry of(ChunkFacts facts, int chunk, long since) {
    return new SliceEntry(
        facts.key(chunk),
        Objects.requireNonNull(facts.number(chunk)),
        facts.sizeBytes(chunk),
        since);
  }

  /**
   * Returns its summand in the checksum of a slice, modulo 2^64, by the index of its lineage in the
   * fleet, from 0. Stores keep sums: the function never changes.
   */
  public long checksum(int lineage) {
    return RowHash.ofEntry(KeyHash.of(key), lineage, number.counter(), sizeBytes, since);
  }

  static Consumer<SliceEntry> inOrder(Collection<ChunkNumber> removed) {
    Consumer<ChunkNumber> numbers = new Ascending<>("put", BinaryLayout.NUMBERS);
    Set<ChunkNumber> gone = new HashSet<>(removed);
    Set<ChunkKey> keys = new HashSet<>();
    return entry -> {
      numbers.accept(entry.number);
      atLeastZero(entry.sizeBytes, "the size of ", entry.key);
      atLeastZero(entry.since, "the since of ", entry.key);
      if (!keys.add(entry.key) || gone.contains(entry.number)) {
        throw new IllegalArgumentException(entry.key + " is named twice");
      }
    };
  }

  static void atLeastZero(long value, String what, Object of) {
    if (value < 0) {
      throw new IllegalArgumentException(what + of + " is " + value + "; at least 0 is accepted");
    }
  }
}
