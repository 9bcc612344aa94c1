package dev.stowage.rebalance.passes;

import dev.stowage.columns.LongList;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.TokenBucket;
import dev.stowage.rebalance.MigrationCostModel;
import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import dev.stowage.rebalance.MoveIntent;
import dev.stowage.rebalance.MoveRecord;
import dev.stowage.rebalance.PlacementScorer.ExcludedWorkers;
import dev.stowage.rebalance.RebalanceConfig.MoveBudget;
import dev.stowage.rebalance.ScoredChunk;
import dev.stowage.rebalance.scoring.ProbeWork;
import dev.stowage.rebalance.scoring.ScorerGuard;
import dev.stowage.rebalance.tables.LedTable;
import dev.stowage.rebalance.tables.Micros;
import dev.stowage.rebalance.tables.Terms;
import dev.stowage.rebalance.tables.WorkerRoster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chooses the moves of one pass among chunks with a worst holder below the floor. */
final class Selection {
  private final LedTable led;
  private final WorkerRoster workers;
  private final ScorerGuard guard;
  private final MoveTracker tracker;
  private final Terms terms;
  private final Map<WorkerId, Integer> into = new HashMap<>();
  private final Map<WorkerId, Integer> off = new HashMap<>();
  private int inFlight;

  Selection(
      LedTable led, WorkerRoster workers, ScorerGuard guard, MoveTracker tracker, Terms terms) {
    this.led = led;
    this.workers = workers;
    this.guard = guard;
    this.tracker = tracker;
    this.terms = terms;
  }

  void begin() {
    workers.nothingComes();
    for (MoveRecord record : tracker.ledger().all()) {
      if (record.isInFlight()) {
        goes(record.from(), record.to());
        int to = workers.position(record.to());
        if (record.phase() == MoveRecord.Phase.ASKED && to >= 0) {
          workers.comes(to, record.sizeBytes());
        }
      }
    }
  }

  int[] examined(long tick, int cursor) {
    LongList order = new LongList();
    for (int chunk = led.low.nextSetBit(0); chunk >= 0; chunk = led.low.nextSetBit(chunk + 1)) {
      MoveRecord record = tracker.of(led.number(chunk));
      boolean rests =
          record != null
              && (record.isInFlight()
                  || tracker.isPinned(record, tick)
                  || tracker.isCooling(record, tick));
      if (rests) {
        continue;
      }
      order.add((long) led.worst(chunk) << Integer.SIZE | chunk);
    }
    int count = order.size();
    int most = Math.min(count, terms.config().examinedPerPass());
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

  Candidate examine(int chunk, Targets targets, long tick) {
    int from = led.worstWorker(chunk);
    if (!workers.exists(from)) {
      return candidate(chunk, -1, -1, draft(chunk, Optional.empty()), Verdict.NO_SCORE);
    }
    WorkerId victim = workers.id(from);
    ExcludedWorkers excluded = targets.excluded(chunk, from);
    ScoredChunk scored = new ScoredChunk(led.key(chunk), led.size(chunk));
    ProbeWork probe =
        guard
            .run(calls -> new ProbeWork(calls, scored, victim, excluded, terms.floorMicros()))
            .orElse(null);
    Draft draft = draft(chunk, Optional.of(victim));
    if (probe == null) {
      return candidate(chunk, from, -1, draft, Verdict.NO_SCORE);
    }
    draft.live = Math.max(probe.liveMicros, Micros.NONE);
    if (draft.live < 0 || draft.live >= terms.floorMicros()) {
      return candidate(chunk, from, -1, draft, Verdict.LIVE_RECOVERED);
    }
    WorkerId target = probe.target;
    int to = target == null ? -1 : workers.position(target);
    draft.target = Optional.ofNullable(target);
    if (target == null || !targets.takes(chunk, from, to) || probe.targetMicros < 0) {
      return candidate(chunk, from, -1, draft, Verdict.NO_ALTERNATIVE);
    }
    draft.targetMicros = probe.targetMicros;
    draft.reason = probe.reason;
    MoveRecord record = tracker.of(led.number(chunk));
    draft.gap = terms.gapMicros() * (tracker.isWayBack(record, target, tick) ? 2L : 1L);
    MigrationCostModel model = terms.config().costModel();
    draft.cost =
        probe.cost == null ? model.microsOfBytes(led.size(chunk)) : model.micros(probe.cost);
    long gain = draft.targetMicros - draft.live;
    if (gain <= draft.gap) {
      return candidate(chunk, from, to, draft, Verdict.GAP);
    }
    Verdict verdict = gain - draft.cost > 0 ? Verdict.MOVE : Verdict.COST;
    return candidate(chunk, from, to, draft, verdict);
  }

  Candidate fit(Candidate candidate, Targets targets, TokenBucket bytes, long tick) {
    MoveBudget budget = terms.config().budget();
    WorkerId from = workers.id(candidate.from());
    WorkerId to = workers.id(candidate.to());
    String why = null;
    if (inFlight >= budget.inFlight()) {
      why = inFlight + " moves are under way, at most " + budget.inFlight() + " may be";
    } else if (into.getOrDefault(to, 0) >= budget.intoWorker()) {
      why = "moves into " + to + " are under way, at most " + budget.intoWorker() + " may be";
    } else if (off.getOrDefault(from, 0) >= budget.offWorker()) {
      why = "moves off " + from + " are under way, at most " + budget.offWorker() + " may be";
    } else if (!targets.takes(candidate.chunk(), candidate.from(), candidate.to())) {
      why = "moves under way take the room on " + to;
    } else if (!bytes.allows(candidate.sizeBytes(), terms.nanosAt(tick))) {
      why = "the bytes per second of moves are used up";
    } else if (!tracker.hasRoom(tick)) {
      why = "all " + terms.config().rememberedMoves() + " remembered_moves are in use";
    }
    return why == null ? candidate : candidate.with(Verdict.BUDGET, why);
  }

  MoveIntent take(Candidate candidate, TokenBucket bytes, long tick) {
    MoveExplanation judged = candidate.judged();
    MoveIntent intent =
        new MoveIntent(
            judged.chunk(),
            workers.id(candidate.from()),
            workers.id(candidate.to()),
            candidate.sizeBytes(),
            judged.targetMicros() - judged.liveMicros(),
            judged.costMicros(),
            candidate.reason());
    bytes.take(candidate.sizeBytes(), terms.nanosAt(tick));
    goes(intent.from(), intent.to());
    workers.comes(candidate.to(), candidate.sizeBytes());
    tracker.ask(candidate.chunk(), led.number(candidate.chunk()), intent, tick);
    return intent;
  }

  private static final class Draft {
    private final Optional<WorkerId> victim;
    private long sampled = MoveExplanation.UNKNOWN;
    private long live = MoveExplanation.UNKNOWN;
    private Optional<WorkerId> target = Optional.empty();
    private long targetMicros = MoveExplanation.UNKNOWN;
    private long gap = MoveExplanation.UNKNOWN;
    private long cost = MoveExplanation.UNKNOWN;
    private String reason = "";

    private Draft(Optional<WorkerId> victim) {
      this.victim = victim;
    }
  }

  private Draft draft(int chunk, Optional<WorkerId> victim) {
    Draft draft = new Draft(victim);
    draft.sampled = led.worst(chunk);
    return draft;
  }

  private Candidate candidate(int chunk, int from, int to, Draft draft, Verdict verdict) {
    MoveExplanation judged =
        new MoveExplanation(
            led.key(chunk),
            verdict,
            draft.victim,
            draft.sampled,
            draft.live,
            draft.target,
            draft.targetMicros,
            draft.gap,
            draft.cost,
            "");
    String said = draft.reason.isEmpty() ? "" : " (" + draft.reason + ")";
    String why = Reasons.of(judged, terms) + said;
    return new Candidate(chunk, from, to, led.size(chunk), judged.with(verdict, why), draft.reason);
  }

  private void goes(WorkerId from, WorkerId to) {
    inFlight++;
    into.merge(to, 1, Integer::sum);
    off.merge(from, 1, Integer::sum);
  }

  static List<Candidate> ranked(List<Candidate> examined) {
    List<Candidate> moving = new ArrayList<>(examined);
    moving.removeIf(candidate -> candidate.judged().verdict() != Verdict.MOVE);
    moving.sort(Candidate.BEST_FIRST);
    return moving;
  }
}
