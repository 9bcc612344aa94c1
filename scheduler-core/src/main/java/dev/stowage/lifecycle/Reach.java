package dev.stowage.lifecycle;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How far a kind of command reaches: whom it keeps out, and what its commands are about.
 *
 * @param <C> the record of a command
 * @param concern what its decision rests on
 * @param locks what the leader locks for it
 * @param datasets the datasets whose ranges a command decides about, none twice
 * @param chunks the chunks that a command is about
 * @param worker the worker that a command is about
 */
record Reach<C>(
    CommandKind.Concern concern,
    CommandKind.Locks locks,
    Function<C, List<DatasetId>> datasets,
    Function<C, List<ChunkKey>> chunks,
    Function<C, Optional<WorkerId>> worker) {

  /** Chunks, and the ranges of their datasets. */
  static <C> Reach<C> chunks(Function<C, List<ChunkKey>> chunks) {
    return new Reach<>(
        CommandKind.Concern.DATASETS,
        CommandKind.Locks.NAMED_DATASETS,
        it -> chunks.apply(it).stream().map(ChunkKey::dataset).distinct().toList(),
        chunks,
        it -> Optional.empty());
  }

  /** Ranges of a dataset, and the ids of swaps, which the fleet counts. */
  static <C> Reach<C> swap(Function<C, DatasetId> dataset, Function<C, List<ChunkKey>> chunks) {
    return new Reach<>(
        CommandKind.Concern.FLEET,
        CommandKind.Locks.NAMED_DATASETS,
        it -> List.of(dataset.apply(it)),
        chunks,
        it -> Optional.empty());
  }

  /** One worker. */
  static <C> Reach<C> worker(Function<C, WorkerId> worker) {
    return new Reach<>(
        CommandKind.Concern.WORKER,
        CommandKind.Locks.NO_DATASET,
        it -> List.of(),
        it -> List.of(),
        it -> Optional.of(worker.apply(it)));
  }

  /** What the fleet has once: its configuration, its wishes, what it keeps. */
  static <C> Reach<C> fleet() {
    return new Reach<>(
        CommandKind.Concern.FLEET,
        CommandKind.Locks.NO_DATASET,
        it -> List.of(),
        it -> List.of(),
        it -> Optional.empty());
  }

  /** Any range of any dataset. */
  static <C> Reach<C> everything() {
    return new Reach<>(
        CommandKind.Concern.FLEET,
        CommandKind.Locks.EVERY_DATASET,
        it -> List.of(),
        it -> List.of(),
        it -> Optional.empty());
  }
}
