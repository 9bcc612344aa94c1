package dev.stowage.lifecycle;

import dev.stowage.lifecycle.steps.SignsOfLife;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * The writers that a kind of command excludes, its datasets (distinct), chunks, chunks to be
 * admitted at once and worker, and whether a command is a sign of the worker's life.
 */
record Reach<C>(
    CommandKind.Concern concern,
    CommandKind.Locks locks,
    boolean mayCreateDatasets,
    Function<C, List<DatasetId>> datasets,
    Function<C, List<ChunkKey>> chunks,
    Function<C, List<ProposedChunk>> admitted,
    Function<C, Optional<WorkerId>> worker,
    BiPredicate<SignsOfLife, C> sign) {

  static <C> Reach<C> fleet() {
    return of(CommandKind.Concern.FLEET, CommandKind.Locks.NO_DATASET);
  }

  static <C> Reach<C> everything() {
    return of(CommandKind.Concern.FLEET, CommandKind.Locks.EVERY_DATASET);
  }

  private static <C> Reach<C> of(CommandKind.Concern concern, CommandKind.Locks locks) {
    return new Reach<>(
        concern,
        locks,
        false,
        it -> List.of(),
        it -> List.of(),
        it -> List.of(),
        it -> Optional.empty(),
        (life, it) -> false);
  }

  static <C> Reach<C> chunk(Function<C, ChunkKey> chunk) {
    return chunks(false, it -> List.of(chunk.apply(it)), it -> List.of());
  }

  static <C> Reach<C> offered(Function<C, List<ProposedChunk>> chunks) {
    return chunks(true, it -> keys(chunks.apply(it)), it -> List.of());
  }

  static <C> Reach<C> admitted(Function<C, List<ProposedChunk>> chunks) {
    return chunks(true, it -> keys(chunks.apply(it)), chunks);
  }

  private static <C> Reach<C> chunks(
      boolean mayCreateDatasets,
      Function<C, List<ChunkKey>> chunks,
      Function<C, List<ProposedChunk>> admitted) {
    return new Reach<>(
        CommandKind.Concern.DATASETS,
        CommandKind.Locks.NAMED_DATASETS,
        mayCreateDatasets,
        it -> chunks.apply(it).stream().map(ChunkKey::dataset).distinct().toList(),
        chunks,
        admitted,
        it -> Optional.empty(),
        (life, it) -> false);
  }

  /** Excludes all writers, because the fleet counts the ids of swaps. */
  static Reach<Command.RegisterSwap> swap() {
    return new Reach<>(
        CommandKind.Concern.FLEET,
        CommandKind.Locks.NAMED_DATASETS,
        false,
        it -> List.of(it.dataset()),
        Reach::bothSides,
        Command.RegisterSwap::newChunks,
        it -> Optional.empty(),
        (life, it) -> false);
  }

  static <C extends Command.Report> Reach<C> report(BiPredicate<SignsOfLife, C> sign) {
    return worker(it -> it.header().worker(), sign);
  }

  static <C> Reach<C> worker(Function<C, WorkerId> worker) {
    return worker(worker, (life, it) -> false);
  }

  static <C> Reach<C> worker(Function<C, WorkerId> worker, BiPredicate<SignsOfLife, C> sign) {
    return new Reach<>(
        CommandKind.Concern.WORKER,
        CommandKind.Locks.NO_DATASET,
        false,
        it -> List.of(),
        it -> List.of(),
        it -> List.of(),
        it -> Optional.of(worker.apply(it)),
        sign);
  }

  private static List<ChunkKey> bothSides(Command.RegisterSwap swap) {
    List<ChunkKey> both = new ArrayList<>(swap.oldChunks());
    both.addAll(keys(swap.newChunks()));
    return both;
  }

  private static List<ChunkKey> keys(List<ProposedChunk> chunks) {
    return chunks.stream().map(ProposedChunk::key).toList();
  }
}
