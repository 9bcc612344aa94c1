package dev.stowage.sim.tool.imports;

import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/** A chunk as a source describes it, with its replicas by worker. Not thread-safe. */
final class ImportedChunk {
  static final long UNKNOWN = -1;

  /** The most replicas of a chunk; a source that names more is mistaken. */
  private static final int MOST_REPLICAS = 65_535;

  final Place at;
  final ChunkKey key;
  final long first;
  final long last;
  private final Map<String, Replica> replicas = new LinkedHashMap<>();
  private long size = UNKNOWN;
  private int floor;
  private String label = "";

  /** A replica, and where the source says so. */
  record Replica(Place at, Holding holding) {}

  ImportedChunk(Place at, ChunkKey key, long first, long last) {
    this.at = at;
    this.key = key;
    this.first = first;
    this.last = last;
  }

  /** Sets the bytes; where copies differ the greatest count. */
  ImportedChunk size(long bytes) {
    size = Math.max(size, bytes);
    return this;
  }

  long size() {
    return size;
  }

  /** Sets the replicas that the source asks for; none is not known. */
  ImportedChunk floor(long count) throws Refused {
    if (count > Integer.MAX_VALUE) {
      throw at.refused("a number of replicas", Long.toString(count));
    }
    floor = (int) count;
    return this;
  }

  int floor() {
    return floor;
  }

  /** Reports whether more workers are to hold the chunk than its floor asks. */
  boolean isAboveFloor() {
    return replicas.values().stream().filter(each -> each.holding.isWanted()).count() > floor;
  }

  /** Sets the label of the workers that may hold the chunk. */
  ImportedChunk label(String required) {
    label = required;
    return this;
  }

  ImportedChunk replica(Place where, String worker, Holding holding) throws Refused {
    if (replicas.size() == MOST_REPLICAS) {
      throw where.refused("at most " + MOST_REPLICAS + " replicas of " + key.path(), "more");
    }
    if (replicas.putIfAbsent(worker, new Replica(where, holding)) != null) {
      throw where.refused("each worker once", "'" + worker + "' twice for " + key.path());
    }
    return this;
  }

  /** Returns the chunk, once its size is known. */
  Chunk chunk() {
    Eligibility eligibility =
        label.isEmpty() ? Eligibility.ANY : new Eligibility(WorkerVersion.ZERO, Labels.of(label));
    return new Chunk(key, BlockRange.of(first, last), size, OptionalInt.empty(), eligibility);
  }

  Map<String, Replica> replicas() {
    return replicas;
  }
}
