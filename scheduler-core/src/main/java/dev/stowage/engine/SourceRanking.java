package dev.stowage.engine;

import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.transfer.PeerBook;
import dev.stowage.transfer.PeerScore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Ranks who possesses a chunk as a source of it for a worker, best first: sources with headroom by
 * {@link PeerScore#rankMicros}; those that send {@value PeerScore#MAX_IN_FLIGHT} or more, the least
 * busy first; those whose path is avoided; and those that do not count as alive. Equals are ordered
 * by id.
 */
public final class SourceRanking {
  private static final int FREE = 0;
  private static final int BUSY = 1;
  private static final int AVOIDED = 2;
  private static final int NOT_COUNTED = 3;

  private final PeerBook book;
  private final TransfersUnderWay underWay;

  private record Ranked(WorkerId id, int group, PeerScore score, int micros) {
    static final Comparator<Ranked> BEST_FIRST =
        Comparator.comparingInt(Ranked::group)
            .thenComparingInt(it -> it.group == BUSY ? it.score.inFlight() : 0)
            .thenComparing(Comparator.comparingInt(Ranked::micros).reversed())
            .thenComparing(Ranked::id);
  }

  public SourceRanking(PeerBook book, TransfersUnderWay underWay) {
    this.book = book;
    this.underWay = underWay;
  }

  /** Returns the sources of a copy; empty while nobody possesses the chunk. */
  public List<WorkerId> of(LifecycleView state, TransferTask task, long nowNanos) {
    return task.entry() == null
        ? List.of()
        : ranked(state, task.entry().number(), task, task.entry().sizeBytes(), nowNanos);
  }

  private List<WorkerId> ranked(
      LifecycleView state, ChunkNumber number, TransferTask task, long bytes, long nowNanos) {
    int chunk = state.chunkPosition(number);
    int[] holders = new int[4];
    int count = 0;
    int first = chunk < 0 ? LifecycleView.NONE : state.firstReplica(chunk);
    for (int slot = first; slot != LifecycleView.NONE; slot = state.nextReplica(slot)) {
      if (state.possessed(slot)) {
        holders = count < holders.length ? holders : Arrays.copyOf(holders, 2 * count);
        holders[count++] = state.replicaWorker(slot);
      }
    }
    if (count <= 1) {
      return count == 0 ? List.of() : List.of(state.workerId(holders[0]));
    }
    int target = state.workerPosition(task.worker());
    PeerScore[] scores = new PeerScore[count];
    double fastest = 0;
    for (int at = 0; at < count; at++) {
      scores[at] = score(state, holders[at], target, task, bytes);
      fastest = Math.max(fastest, scores[at].bytesPerSecond());
    }
    List<Ranked> ranked = new ArrayList<>(count);
    for (int at = 0; at < count; at++) {
      WorkerId id = state.workerId(holders[at]);
      int group =
          group(state, holders[at], scores[at], book.isAvoided(id, task.worker(), nowNanos));
      ranked.add(new Ranked(id, group, scores[at], scores[at].rankMicros(fastest)));
    }
    ranked.sort(Ranked.BEST_FIRST);
    return ranked.stream().map(Ranked::id).toList();
  }

  private PeerScore score(
      LifecycleView state, int holder, int target, TransferTask task, long bytes) {
    WorkerId id = state.workerId(holder);
    double near = target < 0 ? 0 : nearness(state.worker(holder), state.worker(target));
    return book.score(id, task.worker(), bytes / task.seconds(), near, underWay.sentBy(id));
  }

  private static int group(LifecycleView state, int holder, PeerScore score, boolean isAvoided) {
    if (!state.isCounted(holder)) {
      return NOT_COUNTED;
    }
    if (isAvoided) {
      return AVOIDED;
    }
    return score.inFlight() < PeerScore.MAX_IN_FLIGHT ? FREE : BUSY;
  }

  /** Returns the share of the levels of the longer zone path that two workers have in common. */
  static double nearness(Worker one, Worker other) {
    int levels = Math.max(one.levels(), other.levels());
    if (one.levels() == 0 || other.levels() == 0) {
      return 0;
    }
    String a = one.zone();
    String b = other.zone();
    int shared = 0;
    int at = 0;
    while (at < a.length() && at < b.length() && a.charAt(at) == b.charAt(at)) {
      shared += a.charAt(at) == '/' ? 1 : 0;
      at++;
    }
    boolean isWhole =
        (at == a.length() || a.charAt(at) == '/') && (at == b.length() || b.charAt(at) == '/');
    return (double) (shared + (isWhole ? 1 : 0)) / levels;
  }
}
