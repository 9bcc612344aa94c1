package dev.stowage.engine;

import dev.stowage.StowageListener;
import dev.stowage.answer.LeaderStanding;
import dev.stowage.command.Command;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import dev.stowage.model.WorkerStatus;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps which chunks are at risk, under their floor or dark, and judges anew only those that a
 * change may have put there. A report of what a worker applied takes none there, so it costs
 * nothing. Guarded by the engine's lock.
 */
final class RiskBook {
  private final ChangeNotes notes = new ChangeNotes();
  private final ChunkJudge judge = new ChunkJudge();
  private final BitSet underFloor = new BitSet();
  private final BitSet atRisk = new BitSet();
  private final BitSet dark = new BitSet();

  // The chunks at risk that were told of, or were there before.
  private BitSet told = new BitSet();

  private final Map<Integer, Holder> holders = new HashMap<>();
  private final Map<DatasetId, Long> seen = new HashMap<>();
  private long configVersion;

  /** Holds what decides which of a worker's copies count. */
  private record Holder(
      Incarnation incarnation,
      WorkerStatus status,
      @Nullable WorkerStatus absence,
      boolean caughtUp,
      boolean owesInventory) {}

  /** The chunks at risk, how many more there are than at the last look, and some of these. */
  record RisksFound(int all, int more, List<ChunkKey> named, boolean isOver) {}

  void note(Command<?> command, ChangeSet changes) {
    notes.note(command, changes);
  }

  // Judged chunks may have been undone.
  void forget() {
    notes.noteEverything();
  }

  // Risks of a loaded state are no news.
  void begin(LifecycleView state) {
    forget();
    judge(state);
    told = (BitSet) atRisk.clone();
  }

  RisksFound look(LifecycleView state) {
    judge(state);
    boolean wereAny = !told.isEmpty();
    BitSet fresh = (BitSet) atRisk.clone();
    fresh.andNot(told);
    List<ChunkKey> named =
        fresh.stream().limit(StowageListener.MOST_NAMED).mapToObj(state::chunkKey).toList();
    told = (BitSet) atRisk.clone();
    return new RisksFound(
        atRisk.cardinality(), fresh.cardinality(), named, wereAny && atRisk.isEmpty());
  }

  /** Judges what has changed, and returns the value with the counts of this state. */
  LeaderStanding counted(LifecycleView state, LeaderStanding before) {
    judge(state);
    return before.withChunks(underFloor.cardinality(), atRisk.cardinality(), dark.cardinality());
  }

  private void judge(LifecycleView state) {
    BitSet judged = toJudge(state);
    for (int chunk = judged.nextSetBit(0); chunk >= 0; chunk = judged.nextSetBit(chunk + 1)) {
      boolean isThere = chunk < state.chunkLimit() && state.isChunk(chunk);
      if (isThere) {
        judge.look(state, chunk);
      }
      underFloor.set(chunk, isThere && judge.isUnderFloor());
      atRisk.set(chunk, isThere && judge.isAtRisk());
      dark.set(chunk, isThere && judge.isDark());
    }
  }

  private BitSet toJudge(LifecycleView state) {
    BitSet judged = (BitSet) underFloor.clone();
    judged.or(dark);
    if (notes.isEverything()) {
      holders.clear();
      seen.clear();
      state.forEachWorker(worker -> holders.put(worker, holder(state, worker)));
    }
    state.forEachSlid(seen, judged::set);
    if (notes.isEverything() || configVersion != state.configVersion()) {
      judged.set(0, state.chunkLimit());
    }
    judged.or(notes.chunks());
    BitSet workers = notes.workers();
    for (int worker = workers.nextSetBit(0); worker >= 0; worker = workers.nextSetBit(worker + 1)) {
      if (!state.isWorker(worker)) {
        holders.remove(worker);
        continue;
      }
      Holder now = holder(state, worker);
      if (!now.equals(holders.put(worker, now))) {
        for (int slot = state.firstReplicaOn(worker);
            slot != LifecycleView.NONE;
            slot = state.nextReplicaOn(slot)) {
          judged.set(state.replicaChunk(slot));
        }
      }
    }
    configVersion = state.configVersion();
    notes.clear();
    return judged;
  }

  private static Holder holder(LifecycleView state, int worker) {
    WorkerRow row = state.workerRow(worker);
    return new Holder(
        state.incarnation(worker),
        state.worker(worker).status(),
        row.absence(), // an announced one keeps the status when it begins
        row.caughtUp(), // from then on less may be confirmed
        state.owesInventory(worker));
  }
}
