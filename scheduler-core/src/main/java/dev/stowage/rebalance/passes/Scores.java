package dev.stowage.rebalance.passes;

import dev.stowage.columns.ArrayGrowth;
import dev.stowage.columns.Micros;
import dev.stowage.columns.Mix;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.MoveRules;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.rebalance.PlacementScorer.ScoredChunk;
import dev.stowage.rebalance.passes.Rebalancer.HolderScore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The sampled scores of a fleet, one for each slot of a replica, and what they make of each chunk.
 * Samples chunks that are new, changed or aged (rebalance design, section 3): a pass costs what
 * changed since the state that the last one read.
 */
final class Scores {
  /** A chunk that nobody decides about: not live, or never possessed. */
  static final byte FOREIGN = 0;

  static final byte UNSCORED = 1;
  static final byte GOOD = 2;
  static final byte LOW = 3;

  private static final long NEVER = Long.MIN_VALUE;

  final BitSet low = new BitSet();
  private final ScorerGuard guard;
  private final Terms terms;
  private final BitSet dirty = new BitSet();
  private final int[] countByKind = new int[LOW + 1];
  private final BitSet hasMark = new BitSet();
  private LifecycleView fleet;
  private MoveRules rules;
  private boolean isFed;
  private boolean wasServing;
  private int[] score = {};
  private byte[] kind = {};
  private long[] fingerprint = {};
  private long[] sampledAt = {};
  private long[] mark = {};
  private long oldestSample = Long.MAX_VALUE;
  private int resume = LifecycleView.NONE;

  Scores(LifecycleView fleet, ScorerGuard guard, Terms terms) {
    this.fleet = fleet;
    this.guard = guard;
    this.terms = terms;
    rules = fleet.moveRules();
  }

  LifecycleView fleet() {
    return fleet;
  }

  MoveRules rules() {
    return rules;
  }

  boolean isLed(int chunk) {
    return chunk >= 0 && chunk < kind.length && kind[chunk] != FOREIGN;
  }

  byte kind(int chunk) {
    return kind[chunk];
  }

  int count(byte ofKind) {
    return countByKind[ofKind];
  }

  int count() {
    return count(UNSCORED) + count(GOOD) + count(LOW);
  }

  /** Returns the score of a replica that may leave, or {@link Micros#NONE}. */
  int score(int slot) {
    return rules.mayLeave(slot) ? score[slot] : Micros.NONE;
  }

  /** Returns the slot of the holder with the lowest score, of equals the first, or -1. */
  int worst(int chunk) {
    int worst = LifecycleView.NONE;
    for (int slot = fleet.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = fleet.nextReplica(slot)) {
      boolean isLower = worst == LifecycleView.NONE || score(slot) < score[worst];
      worst = score(slot) >= 0 && isLower ? slot : worst;
    }
    return worst;
  }

  ChunkKey key(MoveRecord of) {
    return fleet.chunkKey(fleet.chunkPosition(of.chunk()));
  }

  /** Returns the scores of a chunk's holders by worker id, without those that have none. */
  List<HolderScore> of(int chunk) {
    List<HolderScore> scores = new ArrayList<>();
    for (int slot = fleet.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = fleet.nextReplica(slot)) {
      if (score(slot) >= 0) {
        scores.add(new HolderScore(fleet.workerId(fleet.replicaWorker(slot)), score[slot]));
      }
    }
    return scores;
  }

  /** Adds the workers with a holder that scores below the floor. */
  void addLow(Set<WorkerId> to) {
    BitSet workers = new BitSet();
    for (int chunk = low.nextSetBit(0); chunk >= 0; chunk = low.nextSetBit(chunk + 1)) {
      for (int slot = fleet.firstReplica(chunk);
          slot != LifecycleView.NONE;
          slot = fleet.nextReplica(slot)) {
        if (score(slot) >= 0 && score(slot) < terms.floorMicros()) {
          workers.set(fleet.replicaWorker(slot));
        }
      }
    }
    workers.stream().forEach(worker -> to.add(fleet.workerId(worker)));
  }

  void sample(LifecycleView now, long tick, AvoidList avoided) {
    boolean isAnother = guard.begin();
    follow(now);
    if (isAnother || wasServing != guard.isServing()) {
      forgetScores();
    }
    if (guard.isServing()) {
      readFingerprints(avoided);
      addAged(tick);
      sampleDirty(tick);
      if (!guard.isServing()) {
        forgetScores();
      }
    }
    wasServing = guard.isServing();
  }

  private void follow(LifecycleView now) {
    LifecycleView before = fleet;
    boolean isAll =
        !isFed
            || before.configVersion() != now.configVersion()
            || before.wishesVersion() != now.wishesVersion();
    fleet = now;
    rules = now.moveRules();
    isFed = true;
    reserve(now.chunkLimit(), now.replicaLimit());
    if (isAll) {
      for (int chunk = 0; chunk < kind.length; chunk++) {
        changed(chunk);
      }
    } else {
      now.forEachChangedChunk(before, this::changed);
    }
  }

  private void changed(int chunk) {
    boolean isLed =
        fleet.isChunk(chunk)
            && fleet.isLive(chunk)
            && fleet.isEstablished(chunk)
            && fleet.isOncePossessed(chunk)
            && fleet.chunkNumber(chunk) != null;
    if (!isLed) {
      kind(chunk, FOREIGN);
    } else if (kind[chunk] == FOREIGN) {
      kind(chunk, UNSCORED);
      sampledAt[chunk] = NEVER;
    }
    dirty.set(chunk, isLed);
  }

  /** Drops all scores, which mean nothing for another scorer. */
  private void forgetScores() {
    Arrays.fill(score, Micros.NONE);
    Arrays.fill(sampledAt, NEVER);
    oldestSample = Long.MAX_VALUE;
    for (int chunk = 0; chunk < kind.length; chunk++) {
      if (kind[chunk] != FOREIGN) {
        kind(chunk, UNSCORED);
        dirty.set(chunk);
      }
    }
  }

  private void readFingerprints(AvoidList avoided) {
    BitSet changed = new BitSet();
    long chunks = 0;
    mark = fleet.workerLimit() > mark.length ? Arrays.copyOf(mark, fleet.workerLimit()) : mark;
    for (int worker = 0; worker < fleet.workerLimit(); worker++) {
      if (!fleet.isWorker(worker)) {
        hasMark.clear(worker);
        continue;
      }
      WorkerId id = fleet.workerId(worker);
      OptionalLong said = guard.fingerprint(id);
      long folded = Mix.fold(KeyHash.of(id), said.orElse(0));
      folded = Mix.fold(folded, fleet.incarnation(worker).value());
      folded = Mix.fold(folded, avoided.rttBucket(id));
      if (said.isEmpty() || !hasMark.get(worker) || folded != mark[worker]) {
        changed.set(worker);
        chunks += fleet.replicasOn(worker);
      }
      mark[worker] = folded;
      hasMark.set(worker, said.isPresent());
    }
    if (chunks > count() / 4) {
      dirtyAll();
      return;
    }
    for (int worker = changed.nextSetBit(0); worker >= 0; worker = changed.nextSetBit(worker + 1)) {
      for (int slot = fleet.firstReplicaOn(worker);
          slot != LifecycleView.NONE;
          slot = fleet.nextReplicaOn(slot)) {
        int chunk = fleet.replicaChunk(slot);
        dirty.set(chunk, kind[chunk] != FOREIGN);
      }
    }
  }

  /** Marks every chunk: whether its workers changed is told by its fingerprint. */
  private void dirtyAll() {
    for (int chunk = 0; chunk < kind.length; chunk++) {
      dirty.set(chunk, kind[chunk] != FOREIGN);
    }
  }

  private void addAged(long tick) {
    if (oldestSample == Long.MAX_VALUE || tick - oldestSample < terms.intervalTicks()) {
      return;
    }
    oldestSample = Long.MAX_VALUE;
    for (int chunk = 0; chunk < kind.length; chunk++) {
      if (kind[chunk] != FOREIGN && sampledAt[chunk] != NEVER) {
        if (tick - sampledAt[chunk] >= terms.intervalTicks()) {
          dirty.set(chunk);
        } else {
          oldestSample = Math.min(oldestSample, sampledAt[chunk]);
        }
      }
    }
  }

  /** Samples from where the last pass ran out of time, so that each chunk has its turn. */
  private void sampleDirty(long tick) {
    int begin = Math.max(0, resume);
    resume = LifecycleView.NONE;
    for (int chunk = dirty.nextSetBit(begin); chunk >= 0; chunk = dirty.nextSetBit(chunk + 1)) {
      visit(chunk, tick);
    }
    for (int chunk = dirty.nextSetBit(0);
        chunk >= 0 && chunk < begin;
        chunk = dirty.nextSetBit(chunk + 1)) {
      visit(chunk, tick);
    }
  }

  private void visit(int chunk, long tick) {
    long folded = Objects.hashCode(fleet.chunkNumber(chunk));
    boolean isKnown = true;
    for (int slot = fleet.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = fleet.nextReplica(slot)) {
      if (rules.mayLeave(slot)) {
        int worker = fleet.replicaWorker(slot);
        isKnown &= hasMark.get(worker);
        folded = Mix.fold(Mix.fold(folded, slot), mark[worker]);
      }
    }
    boolean isSame = sampledAt[chunk] != NEVER && folded == fingerprint[chunk];
    if (isSame && isKnown && tick - sampledAt[chunk] < terms.intervalTicks()) {
      dirty.clear(chunk);
    } else if (guard.goesOn()) {
      fingerprint[chunk] = folded;
      rescore(chunk);
      sampledAt[chunk] = tick;
      oldestSample = Math.min(oldestSample, tick);
      dirty.clear(chunk);
    } else {
      resume = resume == LifecycleView.NONE ? chunk : resume;
      if (!isSame) {
        unscore(chunk);
      }
    }
  }

  private void rescore(int chunk) {
    ScoredChunk scored = new ScoredChunk(fleet.chunkKey(chunk), fleet.chunkSizeBytes(chunk));
    for (int slot = fleet.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = fleet.nextReplica(slot)) {
      score[slot] =
          rules.mayLeave(slot)
              ? Math.max(
                  Micros.NONE, guard.score(scored, fleet.workerId(fleet.replicaWorker(slot))))
              : Micros.NONE;
    }
    int worst = worst(chunk);
    if (worst == LifecycleView.NONE) {
      kind(chunk, UNSCORED);
    } else {
      kind(chunk, score[worst] < terms.floorMicros() ? LOW : GOOD);
    }
  }

  private void unscore(int chunk) {
    sampledAt[chunk] = NEVER;
    for (int slot = fleet.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = fleet.nextReplica(slot)) {
      score[slot] = Micros.NONE;
    }
    kind(chunk, UNSCORED);
  }

  private void reserve(int chunks, int slots) {
    if (chunks > kind.length) {
      int capacity = ArrayGrowth.capacity(kind.length + (kind.length >> 1) + 64L, chunks);
      kind = Arrays.copyOf(kind, capacity);
      fingerprint = Arrays.copyOf(fingerprint, capacity);
      sampledAt = Arrays.copyOf(sampledAt, capacity);
    }
    if (slots > score.length) {
      int before = score.length;
      score = Arrays.copyOf(score, ArrayGrowth.capacity(before + (before >> 1) + 256L, slots));
      Arrays.fill(score, before, score.length, Micros.NONE);
    }
  }

  private void kind(int chunk, byte now) {
    countByKind[kind[chunk]]--;
    countByKind[now]++;
    kind[chunk] = now;
    low.set(chunk, now == LOW);
  }
}
