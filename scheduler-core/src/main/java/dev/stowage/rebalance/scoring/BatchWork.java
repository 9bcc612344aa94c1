package dev.stowage.rebalance.scoring;

import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.ScoredChunk;
import dev.stowage.rebalance.tables.Micros;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Scores of the holders of some chunks; {@code end[i]} ends the workers of chunk i. */
public final class BatchWork extends ScorerWork {
  public final ScoredChunk[] chunk;
  public final int[] end;
  final @Nullable public WorkerId[] worker;
  public final int[] micros;

  public BatchWork(ScorerCalls calls, int chunks, int holders) {
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
