package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The disk of a simulated worker: which chunks' bytes it really holds. Not thread-safe. */
final class SimulatedDisk {
  private final String id;
  private final long capacityBytes;
  private final Map<ChunkNumber, SliceEntry> held = new LinkedHashMap<>();

  /** The same, for looking up. */
  private final NumberTable<SliceEntry> index = new NumberTable<>();

  private long usedBytes;

  /** An empty disk; {@code id} is kept on it, so an emptied disk is another disk. */
  SimulatedDisk(String id, long capacityBytes) {
    this.id = id;
    this.capacityBytes = capacityBytes;
  }

  String id() {
    return id;
  }

  long capacityBytes() {
    return capacityBytes;
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

  boolean hasRoomFor(long bytes) {
    return bytes <= capacityBytes - usedBytes;
  }

  void put(SliceEntry entry) {
    SliceEntry before = held.put(entry.number(), entry);
    index.put(entry.number(), entry);
    usedBytes += entry.sizeBytes() - (before == null ? 0 : before.sizeBytes());
  }

  /** Deletes what is there; only if it is there. */
  void delete(SliceEntry entry) {
    if (held.remove(entry.number()) != null) {
      index.remove(entry.number());
      usedBytes -= entry.sizeBytes();
    }
  }

  /** The replicas held, in the order in which they came. */
  List<SliceEntry> entries() {
    return new ArrayList<>(held.values());
  }

  /** Visits the replicas held, in the order in which they came; none may come or go meanwhile. */
  void forEach(Consumer<SliceEntry> visitor) {
    held.values().forEach(visitor);
  }
}
