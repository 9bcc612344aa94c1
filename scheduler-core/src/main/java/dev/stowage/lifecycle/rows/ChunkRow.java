package dev.stowage.lifecycle.rows;

import dev.stowage.lifecycle.ChunkState;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Eligibility;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is stored about one chunk.
 *
 * @param position its dense position, at least 0, kept while the row lives
 * @param key its dataset and id
 * @param range the blocks it covers
 * @param sizeBytes at least 0
 * @param weight its explicit weight, 0 where the weight policy decides
 * @param eligibility which workers may hold it
 * @param state its state
 * @param marked whether a removal mark stands on it
 * @param number given at admission; null before, and for rejected chunks
 * @param oncePossessed whether some worker has possessed it at some time
 * @param staleRoutes whether the newest portal assignment names a replica that is gone or worthless
 * @param establishedAt the first worker assignment that named it, 0 while it is new
 * @param admittedTick the tick of admission; of the offer while it is not admitted
 * @param endTick {@code DROPPED}: when its window ends; {@code TOMBSTONE} and {@code REJECTED}:
 *     when it ended; else 0
 * @param rejectedBy the chunk that won its range; null unless rejected
 * @param lostTicks when each bonus replica was lost with a departure, ascending; those that regrew
 *     or are long past are not kept
 * @param goneNames workers that the newest portal assignment names for replicas that are gone or
 *     worthless, ascending; empty exactly if not {@code staleRoutes}
 */
public record ChunkRow(
    int position,
    ChunkKey key,
    BlockRange range,
    long sizeBytes,
    int weight,
    Eligibility eligibility,
    ChunkState state,
    boolean marked,
    @Nullable ChunkNumber number,
    boolean oncePossessed,
    boolean staleRoutes,
    long establishedAt,
    long admittedTick,
    long endTick,
    @Nullable ChunkKey rejectedBy,
    List<Long> lostTicks,
    List<WorkerId> goneNames) {
  /** Copies the lists; refuses gone names without stale routes, and these without names. */
  public ChunkRow {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(range, "range");
    Objects.requireNonNull(eligibility, "eligibility");
    Objects.requireNonNull(state, "state");
    lostTicks = List.copyOf(lostTicks);
    goneNames = List.copyOf(goneNames);
    if (staleRoutes == goneNames.isEmpty()) {
      throw new IllegalArgumentException(
          "chunk "
              + key
              + " has gone names "
              + goneNames
              + ", and "
              + (staleRoutes ? "" : "no ")
              + "stale routes");
    }
  }

  /** The chunk as its ingester described it. */
  public Chunk chunk() {
    return new Chunk(
        key,
        range,
        sizeBytes,
        weight == 0 ? OptionalInt.empty() : OptionalInt.of(weight),
        eligibility);
  }

  /** Whether it is live: admitted or visible, and not marked. */
  public boolean isLive() {
    return state.isLive() && !marked;
  }
}
