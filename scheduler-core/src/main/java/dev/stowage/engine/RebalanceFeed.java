package dev.stowage.engine;

import dev.stowage.command.PlacementWish;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import dev.stowage.rebalance.MoveRecord;
import dev.stowage.rebalance.ScorerRegistry;
import dev.stowage.rebalance.passes.Rebalancer;
import dev.stowage.rebalance.tables.LedChunk;
import dev.stowage.rebalance.tables.WorkerFacts;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Feeds a rebalancer from the mirror: all workers and the changed live, once possessed chunks. */
public final class RebalanceFeed {
  private static final int[] NOBODY = {};

  private final Rebalancer rebalancer;
  private final BitSet known = new BitSet();
  private final BitSet knownWorkers = new BitSet();
  private int[] wanted = new int[8];
  private int[] proved = new int[8];
  private int[] leaving = new int[8];
  private long configVersion = -1;
  private long wishesVersion = -1;

  public RebalanceFeed(Rebalancer rebalancer) {
    this.rebalancer = rebalancer;
  }

  /**
   * Returns the verdict on a chunk that the leader of a fleet would reach now, by the settings of
   * its rebalancer and what the fleet keeps; empty if it has no rebalancer. If the host installed a
   * scorer, which only the leader can ask, a chunk that does not rest has {@link Verdict#NO_SCORE}.
   */
  public static Optional<MoveExplanation> foresee(
      LifecycleView state, ChunkKey chunk, Duration tickLength) {
    return state.kept(KeptValue.REBALANCERS).stream()
        .findFirst()
        .map(config -> {
          List<MoveRecord> moves = state.kept(KeptValue.MOVES);
          ScorerRegistry scorers = new ScorerRegistry();
          if (config.byPressure()) {
            PressureScorer pressure = new PressureScorer();
            pressure.read(state, moves);
            scorers.install(pressure);
          }
          AvoidList avoided = new AvoidList(tickLength);
          avoided.restore(state.kept(KeptValue.AVOIDED));
          Rebalancer rebalancer = new Rebalancer(config, scorers, avoided, tickLength);
          rebalancer.restore(moves);
          new RebalanceFeed(rebalancer).tell(state, new ChangeNotes());
          rebalancer.pass(state.largestTick());
          return rebalancer
              .explain(state.chunkPosition(chunk))
              .orElseGet(() ->
                  MoveExplanation.of(
                      chunk, Verdict.NOT_LEADER, "the chunk is not live, or was never possessed"));
        });
  }

  public void begin() {
    rebalancer.clear();
    known.clear();
    knownWorkers.clear();
    configVersion = -1;
  }

  public void tell(LifecycleView state, ChangeNotes notes) {
    workers(state);
    boolean isAll =
        notes.isEverything()
            || configVersion != state.configVersion()
            || wishesVersion != state.wishesVersion();
    configVersion = state.configVersion();
    wishesVersion = state.wishesVersion();
    if (isAll) {
      for (int chunk = 0; chunk < state.chunkLimit(); chunk++) {
        chunk(state, chunk);
      }
    } else {
      notes.chunks().stream().forEach(chunk -> chunk(state, chunk));
      for (ChunkNumber number : rebalancer.underWay()) {
        chunk(state, state.chunkPosition(number));
      }
    }
    notes.clear();
  }

  private void workers(LifecycleView state) {
    for (int worker = 0; worker < Math.max(state.workerLimit(), knownWorkers.length()); worker++) {
      boolean exists = worker < state.workerLimit() && state.isWorker(worker);
      if (exists) {
        rebalancer.worker(
            worker,
            new WorkerFacts(
                state.worker(worker),
                state.isPlaceable(worker) && hasRoomForAnother(state, worker),
                state.footprintBytes(worker),
                state.incarnation(worker)));
      } else if (knownWorkers.get(worker)) {
        rebalancer.dropWorker(worker);
      }
      knownWorkers.set(worker, exists);
    }
  }

  private static boolean hasRoomForAnother(LifecycleView state, int worker) {
    return state.replicasOn(worker) < state.worker(worker).maxReplicas();
  }

  private void chunk(LifecycleView state, int chunk) {
    if (chunk < 0) {
      return;
    }
    boolean isLed =
        chunk < state.chunkLimit()
            && state.isChunk(chunk)
            && state.isLive(chunk)
            && state.isEstablished(chunk)
            && state.isOncePossessed(chunk);
    ChunkNumber number = isLed ? state.chunkNumber(chunk) : null;
    if (number != null) {
      rebalancer.chunk(chunk, facts(state, chunk, number));
    } else if (known.get(chunk)) {
      rebalancer.dropChunk(chunk);
    }
    known.set(chunk, number != null);
  }

  private LedChunk facts(LifecycleView state, int chunk, ChunkNumber number) {
    ChunkKey key = state.chunkKey(chunk);
    List<PlacementWish> wishes = state.wishes();
    int holders = 0;
    int possessing = 0;
    int others = 0;
    for (int slot = state.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = state.nextReplica(slot)) {
      int worker = state.replicaWorker(slot);
      boolean moves =
          state.replicaState(slot) == ReplicaState.ASSIGNED
              && (wishes.isEmpty()
                  || !isWished(wishes, PlacementWish.Kind.PIN, key, state, worker));
      if (moves) {
        wanted = put(wanted, holders++, worker);
        if (state.possessed(slot)) {
          proved = put(proved, possessing++, worker);
        }
      } else {
        leaving = put(leaving, others++, worker);
      }
    }
    return new LedChunk(
        key,
        number,
        state.chunkSizeBytes(chunk),
        state.floor(chunk),
        state.eligibility(chunk),
        Arrays.copyOf(wanted, holders),
        possessing == holders ? Arrays.copyOf(wanted, holders) : Arrays.copyOf(proved, possessing),
        others == 0 ? NOBODY : Arrays.copyOf(leaving, others),
        wishes.isEmpty() ? NOBODY : banned(wishes, key, state));
  }

  private static int[] banned(List<PlacementWish> wishes, ChunkKey key, LifecycleView state) {
    return wishes.stream()
        .filter(wish -> wish.kind() == PlacementWish.Kind.BAN && isAbout(wish, key))
        .mapToInt(wish -> state.workerPosition(wish.worker()))
        .filter(worker -> worker >= 0)
        .toArray();
  }

  private static boolean isWished(
      List<PlacementWish> wishes,
      PlacementWish.Kind kind,
      ChunkKey key,
      LifecycleView state,
      int worker) {
    WorkerId id = state.workerId(worker);
    return wishes.stream()
        .anyMatch(wish -> wish.kind() == kind && wish.worker().equals(id) && isAbout(wish, key));
  }

  private static boolean isAbout(PlacementWish wish, ChunkKey key) {
    return wish.dataset().equals(key.dataset())
        && (wish.chunkId().isEmpty() || wish.chunkId().get().equals(key.id()));
  }

  private static int[] put(int[] into, int at, int value) {
    int[] array = at < into.length ? into : Arrays.copyOf(into, at * 2);
    array[at] = value;
    return array;
  }
}
