package dev.stowage.rebalance.passes;

import dev.stowage.columns.LongList;
import dev.stowage.columns.Micros;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.columns.TokenBucket;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import dev.stowage.rebalance.PlacementScorer.Alternative;
import dev.stowage.rebalance.PlacementScorer.MigrationCost;
import dev.stowage.rebalance.PlacementScorer.ScoredChunk;
import dev.stowage.rebalance.RebalanceConfig.MigrationCostModel;
import dev.stowage.rebalance.RebalanceConfig.MoveBudget;
import dev.stowage.rebalance.RebalancePass.MoveIntent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Chooses the moves of one pass among chunks with a worst holder below the floor. */
final class Selection {
  /** The most chunks for which one pass asks for alternatives. */
  private static final int MOST_EXAMINED = 4_096;

  private final Scores scores;
  private final LifecycleView fleet;
  private final ScorerGuard guard;
  private final MoveLedger ledger;
  private final TokenBucket bytes;
  private final Terms terms;
  private final long tick;
  private final Set<WorkerId> avoided = new HashSet<>();
  private final Map<WorkerId, Integer> into = new HashMap<>();
  private final Map<WorkerId, Integer> off = new HashMap<>();

  /** The bytes of moves asked for that are in no footprint yet. */
  private final Map<WorkerId, Long> coming = new HashMap<>();

  private int inFlight;

  Selection(
      Scores scores,
      ScorerGuard guard,
      MoveLedger ledger,
      AvoidList avoided,
      TokenBucket bytes,
      Terms terms,
      long tick) {
    this.scores = scores;
    fleet = scores.fleet();
    this.guard = guard;
    this.ledger = ledger;
    this.bytes = bytes;
    this.terms = terms;
    this.tick = tick;
    avoided.entries(Tick.of(tick)).forEach(entry -> this.avoided.add(entry.worker()));
    for (MoveRecord record : ledger.all()) {
      if (record.isInFlight()) {
        goes(record.from(), record.to());
        if (record.phase() == MoveRecord.Phase.ASKED) {
          coming.merge(record.to(), record.sizeBytes(), SaturatedSum::of);
        }
      }
    }
  }

  /** Returns the chunks to examine, at most so many as a pass may; others in later passes. */
  int[] examined(int cursor) {
    LongList order = new LongList();
    for (int chunk = scores.low.nextSetBit(0);
        chunk >= 0;
        chunk = scores.low.nextSetBit(chunk + 1)) {
      if (!ledger.rests(ledger.get(fleet.chunkNumber(chunk)), tick)) {
        order.add((long) scores.score(scores.worst(chunk)) << Integer.SIZE | chunk);
      }
    }
    int count = order.size();
    int most = Math.min(count, MOST_EXAMINED);
    if (most < count) {
      order.sort();
    }
    int[] chunks = new int[most];
    int start = most < count ? Math.floorMod(cursor, count) : 0;
    for (int i = 0; i < most; i++) {
      chunks[i] = (int) order.get((start + i) % count);
    }
    return chunks;
  }

  /** Asks the scorer about one chunk until an answer rules the move out. */
  Candidate examine(int chunk) {
    int slot = scores.worst(chunk);
    int from = fleet.replicaWorker(slot);
    ScoredChunk scored = new ScoredChunk(fleet.chunkKey(chunk), fleet.chunkSizeBytes(chunk));
    Draft draft = new Draft(scored, fleet.workerId(from), scores.score(slot));
    draft.live = Math.max(guard.liveScore(scored, draft.victim), Micros.NONE);
    if (draft.live < 0 || draft.live >= terms.floorMicros()) {
      return draft.candidate(chunk, Verdict.LIVE_RECOVERED);
    }
    Alternative best =
        guard.alternative(scored, id -> !takes(chunk, from, fleet.workerPosition(id)));
    if (best != null) {
      draft.target = Optional.of(best.worker());
      // A live score can be missing; else the lower counts, because a ranking may know the
      // chunk's load.
      int ranked = guard.judged(best.score());
      int live = guard.liveScore(scored, best.worker());
      draft.targetMicros = live == Micros.NONE ? ranked : Math.min(ranked, live);
    }
    if (best == null
        || draft.targetMicros < 0
        || !takes(chunk, from, fleet.workerPosition(best.worker()))) {
      draft.targetMicros = MoveExplanation.UNKNOWN;
      return draft.candidate(chunk, Verdict.NO_ALTERNATIVE);
    }
    MoveRecord record = ledger.get(fleet.chunkNumber(chunk));
    draft.gap = terms.gapMicros() * (ledger.isWayBack(record, best.worker(), tick) ? 2L : 1L);
    MigrationCostModel model = terms.config().costModel();
    MigrationCost cost = guard.cost(scored, best.worker());
    draft.cost = cost == null ? model.microsOfBytes(scored.sizeBytes()) : model.micros(cost);
    draft.reason = guard.reason(draft.victim);
    long gain = draft.targetMicros - draft.live;
    if (gain <= draft.gap) {
      return draft.candidate(chunk, Verdict.GAP);
    }
    return draft.candidate(chunk, gain > draft.cost ? Verdict.MOVE : Verdict.COST);
  }

  private boolean takes(int chunk, int from, int to) {
    if (to < 0 || !scores.rules().takes(chunk, from, to)) {
      return false;
    }
    WorkerId id = fleet.workerId(to);
    long room = fleet.worker(to).capacityBytes() - fleet.footprintBytes(to);
    return !avoided.contains(id)
        && room - fleet.chunkSizeBytes(chunk) >= coming.getOrDefault(id, 0L);
  }

  /** Returns a candidate as it is, or with the bound that it does not fit. */
  Candidate fit(Candidate candidate) {
    MoveBudget budget = terms.config().budget();
    WorkerId from = candidate.from();
    WorkerId to = candidate.to();
    String why = null;
    if (inFlight >= budget.inFlight()) {
      why = inFlight + " moves are under way, at most " + budget.inFlight() + " may be";
    } else if (into.getOrDefault(to, 0) >= budget.intoWorker()) {
      why = "moves into " + to + " are under way, at most " + budget.intoWorker() + " may be";
    } else if (off.getOrDefault(from, 0) >= budget.offWorker()) {
      why = "moves off " + from + " are under way, at most " + budget.offWorker() + " may be";
    } else if (!takes(candidate.chunk(), fleet.workerPosition(from), fleet.workerPosition(to))) {
      why = "moves under way take the room on " + to;
    } else if (!bytes.allows(candidate.sizeBytes(), terms.nanosAt(tick))) {
      why = "the bytes per second of moves are used up";
    } else if (!ledger.makeRoom(tick)) {
      why = "all " + MoveLedger.MOST_REMEMBERED + " remembered moves are in use";
    }
    return why == null ? candidate : candidate.with(Verdict.BUDGET, why);
  }

  MoveIntent take(Candidate candidate) {
    MoveExplanation judged = candidate.judged();
    MoveIntent intent =
        new MoveIntent(
            judged.chunk(),
            candidate.from(),
            candidate.to(),
            candidate.sizeBytes(),
            judged.targetMicros() - judged.liveMicros(),
            judged.costMicros(),
            candidate.reason());
    bytes.take(candidate.sizeBytes(), terms.nanosAt(tick));
    goes(intent.from(), intent.to());
    coming.merge(intent.to(), intent.sizeBytes(), SaturatedSum::of);
    ChunkNumber number = Objects.requireNonNull(fleet.chunkNumber(candidate.chunk()));
    ledger.ask(number, intent, tick);
    return intent;
  }

  private void goes(WorkerId from, WorkerId to) {
    inFlight++;
    into.merge(to, 1, Integer::sum);
    off.merge(from, 1, Integer::sum);
  }

  /** A verdict on a chunk in the making. */
  private static final class Draft {
    private final ScoredChunk scored;
    private final WorkerId victim;
    private final long sampled;
    private long live = MoveExplanation.UNKNOWN;
    private Optional<WorkerId> target = Optional.empty();
    private long targetMicros = MoveExplanation.UNKNOWN;
    private long gap = MoveExplanation.UNKNOWN;
    private long cost = MoveExplanation.UNKNOWN;
    private String reason = "";

    private Draft(ScoredChunk scored, WorkerId victim, long sampled) {
      this.scored = scored;
      this.victim = victim;
      this.sampled = sampled;
    }

    private Candidate candidate(int chunk, Verdict verdict) {
      MoveExplanation judged =
          new MoveExplanation(
              scored.key(),
              verdict,
              Optional.of(victim),
              sampled,
              live,
              target,
              targetMicros,
              gap,
              cost,
              "");
      String said = reason.isEmpty() ? "" : " (" + reason + ")";
      String why = Reasons.of(judged) + said;
      return new Candidate(chunk, scored.sizeBytes(), judged.with(verdict, why), reason);
    }
  }
}
