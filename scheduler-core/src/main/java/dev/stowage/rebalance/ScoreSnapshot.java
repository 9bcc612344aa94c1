package dev.stowage.rebalance;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.tables.Micros;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Sampled scores by chunk and holder, stored in micro-points. Not thread-safe. */
public final class ScoreSnapshot {
  private final TreeMap<ChunkKey, TreeMap<WorkerId, Integer>> scores = new TreeMap<>();
  private int size;

  /** Creates an empty snapshot. */
  public ScoreSnapshot() {}

  /** Returns the score of a chunk on a worker; empty if not sampled. */
  public OptionalDouble get(ChunkKey chunk, WorkerId worker) {
    Map<WorkerId, Integer> holders = scores.get(chunk);
    Integer micros = holders == null ? null : holders.get(worker);
    return micros == null ? OptionalDouble.empty() : OptionalDouble.of(Micros.points(micros));
  }

  /** Sets a score; throws {@code IllegalArgumentException} if it is not in [0, 1]. */
  public void insert(ChunkKey chunk, WorkerId worker, double score) {
    int micros = checked(score);
    Objects.requireNonNull(worker, "worker");
    if (scores.computeIfAbsent(chunk, key -> new TreeMap<>()).put(worker, micros) == null) {
      size++;
    }
  }

  /** Replaces all scores of a chunk; an empty map removes the chunk. */
  public void replace(ChunkKey chunk, Map<WorkerId, Double> holders) {
    TreeMap<WorkerId, Integer> fresh = new TreeMap<>();
    holders.forEach((worker, score) -> fresh.put(worker, checked(score)));
    Map<WorkerId, Integer> former =
        fresh.isEmpty() ? scores.remove(chunk) : scores.put(chunk, fresh);
    size += fresh.size() - (former == null ? 0 : former.size());
  }

  /** Keeps the chunks that match, and removes all others. */
  public void retain(Predicate<ChunkKey> kept) {
    scores.keySet().removeIf(kept.negate());
    size = scores.values().stream().mapToInt(Map::size).sum();
  }

  /** Returns the number of scores. */
  public int size() {
    return size;
  }

  /** Reports whether there is no score. */
  public boolean isEmpty() {
    return size == 0;
  }

  private static int checked(double score) {
    if (!Micros.isScore(score)) {
      throw new IllegalArgumentException("score is " + score + "; 0 to 1 is accepted");
    }
    return Micros.of(score);
  }
}
