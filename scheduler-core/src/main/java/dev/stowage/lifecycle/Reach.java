package dev.stowage.lifecycle;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The writers that a kind of command excludes, and its datasets (distinct), chunks and worker. */
record Reach<C>(
    CommandKind.Concern concern,
    CommandKind.Locks locks,
    Function<C, List<DatasetId>> datasets,
    Function<C, List<ChunkKey>> chunks,
    Function<C, Optional<WorkerId>> worker) {

  static <C> Reach<C> chunks(Function<C, List<ChunkKey>> chunks) {
    return new Reach<>(
        CommandKind.Concern.DATASETS,
        CommandKind.Locks.NAMED_DATASETS,
        it -> chunks.apply(it).stream().map(ChunkKey::dataset).distinct().toList(),
        chunks,
        it -> Optional.empty());
  }

  /** Excludes all writers, because the fleet counts the ids of swaps. */
  static <C> Reach<C> swap(Function<C, DatasetId> dataset, Function<C, List<ChunkKey>> chunks) {
    return new Reach<>(
        CommandKind.Concern.FLEET,
        CommandKind.Locks.NAMED_DATASETS,
        it -> List.of(dataset.apply(it)),
        chunks,
        it -> Optional.empty());
  }

  static <C> Reach<C> worker(Function<C, WorkerId> worker) {
    return new Reach<>(
        CommandKind.Concern.WORKER,
        CommandKind.Locks.NO_DATASET,
        it -> List.of(),
        it -> List.of(),
        it -> Optional.of(worker.apply(it)));
  }

  static <C> Reach<C> fleet() {
    return new Reach<>(
        CommandKind.Concern.FLEET,
        CommandKind.Locks.NO_DATASET,
        it -> List.of(),
        it -> List.of(),
        it -> Optional.empty());
  }

  static <C> Reach<C> everything() {
    return new Reach<>(
        CommandKind.Concern.FLEET,
        CommandKind.Locks.EVERY_DATASET,
        it -> List.of(),
        it -> List.of(),
        it -> Optional.empty());
  }
}
