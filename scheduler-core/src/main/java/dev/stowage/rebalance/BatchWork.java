package dev.stowage.rebalance;

import dev.stowage.model.WorkerId;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Scores of the holders of some chunks. */
final class BatchWork extends ScorerWork {
  final ScoredChunk[] chunk;
  final int[] end;
  final @Nullable WorkerId[] worker;
  final int[] micros;

  BatchWork(ScorerCalls calls, int chunks, int holders) {
    super(calls);
    chunk = new ScoredChunk[chunks];
    end = new int[chunks];
    worker = new WorkerId[holders];
    micros = new int[holders];
  }

  @Override
  void work() {
    Arrays.fill(micros, Micros.NONE);
    int at = 0;
    for (int i = 0; i < chunk.length && goesOn(); i++) {
      for (; at < end[i] && !calls.isOver(); at++) {
        WorkerId of = worker[at];
        micros[at] = of == null ? Micros.NONE : calls.score(chunk[i], of);
      }
    }
  }
}
