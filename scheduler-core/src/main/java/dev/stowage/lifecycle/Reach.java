package dev.stowage.lifecycle;

import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.lifecycle.steps.SignsOfLife;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * The subject of a kind of command, its chunks and worker, and whether a command is a sign of the
 * worker's life.
 */
record Reach<C>(
    CommandKind.Concern concern,
    Function<C, List<ChunkKey>> chunks,
    Function<C, Optional<WorkerId>> worker,
    BiPredicate<SignsOfLife, C> sign) {

  static <C> Reach<C> fleet() {
    return new Reach<>(
        CommandKind.Concern.FLEET, it -> List.of(), it -> Optional.empty(), (life, it) -> false);
  }

  static <C> Reach<C> chunk(Function<C, ChunkKey> chunk) {
    return of(CommandKind.Concern.DATASETS, it -> List.of(chunk.apply(it)));
  }

  static <C> Reach<C> chunks(Function<C, List<ProposedChunk>> chunks) {
    return of(CommandKind.Concern.DATASETS, it -> keys(chunks.apply(it)));
  }

  static Reach<Command.RegisterSwap> swap() {
    return of(CommandKind.Concern.FLEET, Reach::bothSides);
  }

  private static <C> Reach<C> of(CommandKind.Concern concern, Function<C, List<ChunkKey>> chunks) {
    return new Reach<>(concern, chunks, it -> Optional.empty(), (life, it) -> false);
  }

  static <C extends Command.Report> Reach<C> report(BiPredicate<SignsOfLife, C> sign) {
    return worker(it -> it.header().worker(), sign);
  }

  static <C> Reach<C> worker(Function<C, WorkerId> worker) {
    return worker(worker, (life, it) -> false);
  }

  static <C> Reach<C> worker(Function<C, WorkerId> worker, BiPredicate<SignsOfLife, C> sign) {
    return new Reach<>(
        CommandKind.Concern.WORKER, it -> List.of(), it -> Optional.of(worker.apply(it)), sign);
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
