package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
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

  /** The received bytes of incomplete replicas. */
  private final Map<ChunkNumber, Long> parts = new HashMap<>();

  private long usedBytes;

  /** Creates an empty disk; {@code id} is stored on it, so an emptied disk is another disk. */
  SimulatedDisk(String id) {
    this.id = id;
  }

  /** Returns its id. */
  public String id() {
    return id;
  }

  long usedBytes() {
    return usedBytes;
  }

  /** Returns the received bytes of incomplete replicas. */
  long partBytes() {
    return parts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Reports whether it holds a chunk. */
  public boolean holds(ChunkNumber number) {
    return held.containsKey(number);
  }

  int count() {
    return held.size();
  }

  /** Returns the bytes of an absent replica that have not arrived. */
  long lacking(SliceEntry entry) {
    return entry.sizeBytes() - (parts.isEmpty() ? 0 : parts.getOrDefault(entry.number(), 0L));
  }

  /** Adds bytes of a replica; reports whether it is complete and held from now on. */
  boolean come(SliceEntry entry, long bytes) {
    long lacking = lacking(entry) - bytes;
    if (lacking > 0) {
      parts.put(entry.number(), entry.sizeBytes() - lacking);
      return false;
    }
    put(entry);
    return true;
  }

  void put(SliceEntry entry) {
    parts.remove(entry.number());
    SliceEntry before = held.put(entry.number(), entry);
    usedBytes += entry.sizeBytes() - (before == null ? 0 : before.sizeBytes());
  }

  /** Deletes a replica; returns null if it is absent. */
  public @Nullable SliceEntry delete(ChunkNumber number) {
    SliceEntry gone = held.remove(number);
    if (gone != null) {
      usedBytes -= gone.sizeBytes();
    }
    return gone;
  }

  /** Returns a held replica; null if it is absent. */
  public @Nullable SliceEntry entry(ChunkNumber number) {
    return held.get(number);
  }

  /** Returns a copy of the replicas held, in the order in which they came. */
  public List<SliceEntry> entries() {
    return List.copyOf(held.values());
  }

  /** Returns a view of the held chunks, in the order in which they came. */
  public Set<ChunkNumber> numbers() {
    return Collections.unmodifiableSet(held.keySet());
  }
}
