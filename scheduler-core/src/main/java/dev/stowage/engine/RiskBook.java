package dev.stowage.engine;

import dev.stowage.StowageListener;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps which chunks are at risk, and judges anew only those that a change may have put there. A
 * report of what a worker applied takes none there, so it costs nothing. Guarded by the desk's
 * lock.
 */
final class RiskBook {
  private final ChangeNotes notes = new ChangeNotes();
  private final BitSet atRisk = new BitSet();

  // The incarnations of counted workers and those away, by position: others prove no copy.
  private final Map<Integer, Incarnation> counted = new HashMap<>();
  private final Map<DatasetId, Long> seen = new HashMap<>();
  private long configVersion;

  /** The chunks at risk, how many more there are than at the last look, and some of these. */
  record RisksFound(int all, int more, List<ChunkKey> named, boolean isOver) {}

  void note(Command<?> command, ChangeSet changes) {
    notes.note(command, changes);
  }

  // Risks of a loaded state are no news.
  void begin(LifecycleView state) {
    notes.noteEverything();
    atRisk.clear();
    look(state);
  }

  RisksFound look(LifecycleView state) {
    boolean wereAny = !atRisk.isEmpty();
    BitSet judged = toJudge(state);
    List<ChunkKey> named = new ArrayList<>();
    int more = 0;
    for (int chunk = judged.nextSetBit(0); chunk >= 0; chunk = judged.nextSetBit(chunk + 1)) {
      boolean isNow =
          chunk < state.chunkLimit() && state.isChunk(chunk) && CopyUrgency.isAtRisk(state, chunk);
      if (isNow && !atRisk.get(chunk)) {
        more++;
        if (named.size() < StowageListener.MOST_NAMED) {
          named.add(state.chunkKey(chunk));
        }
      }
      atRisk.set(chunk, isNow);
    }
    return new RisksFound(
        atRisk.cardinality(), more, List.copyOf(named), wereAny && atRisk.isEmpty());
  }

  private BitSet toJudge(LifecycleView state) {
    BitSet judged = new BitSet();
    judged.or(atRisk);
    if (notes.isEverything()) {
      counted.clear();
      seen.clear();
      state.forEachWorker(worker -> keep(state, worker));
    }
    state.forEachSlid(seen, judged::set);
    if (notes.isEverything() || configVersion != state.configVersion()) {
      judged.set(0, state.chunkLimit());
    }
    judged.or(notes.chunks());
    BitSet workers = notes.workers();
    for (int worker = workers.nextSetBit(0); worker >= 0; worker = workers.nextSetBit(worker + 1)) {
      Incarnation before = counted.remove(worker);
      if (state.isWorker(worker)) {
        keep(state, worker);
        if (before != null && !before.equals(counted.get(worker))) {
          for (int slot = state.firstReplicaOn(worker);
              slot != LifecycleView.NONE;
              slot = state.nextReplicaOn(slot)) {
            judged.set(state.replicaChunk(slot));
          }
        }
      }
    }
    configVersion = state.configVersion();
    notes.clear();
    return judged;
  }

  private void keep(LifecycleView state, int worker) {
    if (CopyUrgency.isCountedOrAway(state, worker)) {
      counted.put(worker, state.incarnation(worker));
    }
  }
}
