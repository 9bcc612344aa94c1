package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The disk of a simulated worker: which chunks' bytes it really holds. Not thread-safe. */
public final class SimulatedDisk {
  private final String id;
  private final Map<ChunkNumber, SliceEntry> held = new LinkedHashMap<>();

  /** The same, for looking up. */
  private final NumberTable<SliceEntry> index = new NumberTable<>();

  /** Bytes of replicas that are not whole. */
  private final Map<ChunkNumber, Long> parts = new HashMap<>();

  private long usedBytes;

  /** An empty disk; {@code id} is kept on it, so an emptied disk is another disk. */
  SimulatedDisk(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  long usedBytes() {
    return usedBytes;
  }

  boolean holds(ChunkNumber number) {
    return index.get(number) != null;
  }

  /** Returns the number of replicas that it holds. */
  int count() {
    return index.size();
  }

  /** Returns how many bytes of a replica that it does not hold have not come yet. */
  long lacking(SliceEntry entry) {
    return entry.sizeBytes() - (parts.isEmpty() ? 0 : parts.getOrDefault(entry.number(), 0L));
  }

  /** Bytes of a replica come; reports whether it is whole, and held from now on. */
  boolean come(SliceEntry entry, long bytes) {
    long lacking = lacking(entry) - bytes;
    if (lacking > 0) {
      parts.put(entry.number(), entry.sizeBytes() - lacking);
      return false;
    }
    put(entry);
    return true;
  }

  /** Keeps so many bytes of a replica that is not whole, and forgets the others. */
  void keep(SliceEntry entry, long bytes) {
    parts.put(entry.number(), bytes);
  }

  void put(SliceEntry entry) {
    parts.remove(entry.number());
    SliceEntry before = held.put(entry.number(), entry);
    index.put(entry.number(), entry);
    usedBytes += entry.sizeBytes() - (before == null ? 0 : before.sizeBytes());
  }

  /** Deletes what is there; null if it is not there. */
  @Nullable SliceEntry delete(ChunkNumber number) {
    SliceEntry gone = held.remove(number);
    if (gone != null) {
      index.remove(number);
      usedBytes -= gone.sizeBytes();
    }
    return gone;
  }

  /** Returns a copy of the replicas held, in the order in which they came. */
  public List<SliceEntry> entries() {
    return List.copyOf(held.values());
  }

  /** Returns the replicas held whose numbers have no value in a table. */
  List<SliceEntry> without(NumberTable<?> table) {
    return index.without(table);
  }

  /** Returns a view of the replicas held, in the order in which they came. */
  Collection<SliceEntry> held() {
    return Collections.unmodifiableCollection(held.values());
  }

  /** Returns a view of their numbers. */
  Set<ChunkNumber> numbers() {
    return Collections.unmodifiableSet(held.keySet());
  }
}
