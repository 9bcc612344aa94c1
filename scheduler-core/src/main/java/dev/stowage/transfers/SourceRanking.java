package dev.stowage.transfers;

import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.List;

/** Ranks the workers that possess a chunk as sources for another worker. */
public final class SourceRanking {
  private final PeerBook book;
  private final TransfersUnderWay underWay;

  SourceRanking(PeerBook book, TransfersUnderWay underWay) {
    this.book = book;
    this.underWay = underWay;
  }

  public List<WorkerId> of(LifecycleView state, TransferTask task, long nowNanos) {
    int chunk = task.entry() == null ? -1 : state.chunkPosition(task.entry().number());
    if (task.entry() == null || chunk < 0) {
      return List.of();
    }
    int target = state.workerPosition(task.worker());
    String zone = target < 0 ? "" : zone(state, target, task.worker());
    List<PeerBook.Candidate> holders = new ArrayList<>(4);
    for (int slot = state.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = state.nextReplica(slot)) {
      if (state.possessed(slot)) {
        holders.add(candidate(state, state.replicaWorker(slot), zone));
      }
    }
    double expectedRate = task.entry().sizeBytes() / task.seconds();
    return book.ranked(task.worker(), holders, expectedRate, nowNanos);
  }

  public static int count(LifecycleView state, ChunkNumber number) {
    int chunk = state.chunkPosition(number);
    int count = 0;
    int first = chunk < 0 ? LifecycleView.NONE : state.firstReplica(chunk);
    for (int slot = first; slot != LifecycleView.NONE; slot = state.nextReplica(slot)) {
      count += state.possessed(slot) ? 1 : 0;
    }
    return count;
  }

  private PeerBook.Candidate candidate(LifecycleView state, int holder, String zone) {
    WorkerId id = state.workerId(holder);
    return new PeerBook.Candidate(
        id, nearness(zone, zone(state, holder, id)), underWay.sentBy(id), state.isCounted(holder));
  }

  private static String zone(LifecycleView state, int worker, WorkerId id) {
    String zone = state.zone(worker);
    return zone.equals(id.value()) ? "" : zone;
  }

  // A fraction, 0 to 1, of the longer path.
  static double nearness(String one, String other) {
    if (one.isEmpty() || other.isEmpty()) {
      return 0;
    }
    if (one.equals(other)) {
      return 1;
    }
    int shared = Worker.sharedLevels(one, other);
    return (double) shared / Math.max(levels(one), levels(other));
  }

  private static int levels(String zone) {
    int levels = 1;
    for (int at = zone.indexOf('/'); at >= 0; at = zone.indexOf('/', at + 1)) {
      levels++;
    }
    return levels;
  }
}
