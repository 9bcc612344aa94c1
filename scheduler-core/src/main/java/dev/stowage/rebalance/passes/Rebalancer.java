package dev.stowage.rebalance.passes;

import dev.stowage.columns.TokenBucket;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import dev.stowage.rebalance.PassLimit;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.rebalance.RebalanceConfig.MoveBudget;
import dev.stowage.rebalance.RebalancePass;
import dev.stowage.rebalance.RebalancePass.MoveIntent;
import dev.stowage.rebalance.RebalancePass.RebalanceStats;
import dev.stowage.rebalance.ScorerRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides which replicas are worth moving, at a cost by what changed since the state that it read
 * last. Equal histories give equal moves. Reads a state that nobody writes meanwhile. Not
 * thread-safe, unlike {@link ScorerRegistry} and {@link AvoidList}.
 */
public final class Rebalancer {
  private final Terms terms;
  private final AvoidList avoided;
  private final MoveLedger ledger;
  private final ScorerGuard guard;
  private final Map<Integer, MoveExplanation> lastExamined = new HashMap<>();
  private final long[] totals = new long[Verdict.values().length];
  private @Nullable Scores scores;
  private @Nullable TokenBucket bytes;
  private long largestTick;
  private int cursor;

  /** Takes any time for a pass; the tick length must be above zero. */
  public Rebalancer(
      RebalanceConfig config, ScorerRegistry scorers, AvoidList avoided, Duration tickLength) {
    this(config, scorers, avoided, tickLength, PassLimit.NONE);
  }

  public Rebalancer(
      RebalanceConfig config,
      ScorerRegistry scorers,
      AvoidList avoided,
      Duration tickLength,
      PassLimit limit) {
    this.avoided = avoided;
    terms = Terms.of(config, tickLength);
    ledger = new MoveLedger(terms);
    guard = new ScorerGuard(scorers, limit);
  }

  /** Replaces the moves, and forgets the state read last: the next may be of another leader. */
  public void restore(List<MoveRecord> moves) {
    ledger.restore(moves);
    scores = null;
    lastExamined.clear();
    largestTick = Math.max(largestTick, ledger.newestTick());
  }

  /** Sets the time, forward or back; moves are to be restored, and throughput begins anew. */
  public void resetTime(Tick now) {
    restore(List.of());
    bytes = null;
    largestTick = now.value();
  }

  /** Makes one pass. A tick below the largest seen counts as the largest. */
  public RebalancePass pass(LifecycleView fleet, Tick now) {
    Scores read = read(fleet, now);
    long tick = largestTick;
    ledger.expire(tick);
    lastExamined.clear();
    Selection selection = new Selection(read, guard, ledger, avoided, bucket(tick), terms, tick);
    List<RebalancePass.Wish> wishes = standing(read);
    List<MoveIntent> moves = new ArrayList<>();
    for (Candidate candidate : ranked(examined(read, selection))) {
      Candidate fitted = selection.fit(candidate);
      lastExamined.put(candidate.chunk(), fitted.judged());
      if (fitted.judged().verdict() == Verdict.MOVE && !terms.config().observe()) {
        MoveIntent move = selection.take(fitted);
        moves.add(move);
        wishes.add(new RebalancePass.Wish(move.chunk(), move.from(), move.to()));
      }
    }
    return report(read, tick, moves, wishes);
  }

  /** Samples scores, and makes no move. */
  public void sample(LifecycleView fleet, Tick now) {
    read(fleet, now);
  }

  /** Returns the rest of a chunk after a move, in ticks. */
  public long cooldownTicks() {
    return terms.cooldownTicks();
  }

  public boolean isScoring() {
    return guard.isServing();
  }

  private Scores read(LifecycleView fleet, Tick now) {
    largestTick = Math.max(largestTick, now.value());
    avoided.retain(worker -> fleet.workerPosition(worker) != LifecycleView.NONE);
    Scores read = scores == null ? new Scores(fleet, guard, terms) : scores;
    scores = read;
    read.sample(fleet, largestTick, avoided);
    ledger.follow(read);
    return read;
  }

  private TokenBucket bucket(long tick) {
    TokenBucket known = bytes;
    if (known == null) {
      MoveBudget budget = terms.config().budget();
      known = new TokenBucket(budget.bytesPerSecond(), budget.burstBytes(), terms.nanosAt(tick));
      bytes = known;
    }
    return known;
  }

  private List<RebalancePass.Wish> standing(Scores read) {
    List<RebalancePass.Wish> wishes = new ArrayList<>();
    for (MoveRecord record : ledger.all()) {
      if (record.phase() == MoveRecord.Phase.ASKED) {
        wishes.add(new RebalancePass.Wish(read.key(record), record.from(), record.to()));
      }
    }
    return wishes;
  }

  private List<Candidate> examined(Scores read, Selection selection) {
    List<Candidate> examined = new ArrayList<>();
    int[] chunks = selection.examined(cursor);
    for (int chunk : chunks) {
      if (!guard.goesOn()) {
        break;
      }
      Candidate candidate = selection.examine(chunk);
      lastExamined.put(chunk, candidate.judged());
      examined.add(candidate);
    }
    if (guard.isServing()) {
      cursor = examined.size() < read.low.cardinality() ? cursor + examined.size() : 0;
    }
    return examined;
  }

  private static List<Candidate> ranked(List<Candidate> examined) {
    return examined.stream()
        .filter(candidate -> candidate.judged().verdict() == Verdict.MOVE)
        .sorted(Candidate.BEST_FIRST)
        .toList();
  }

  private RebalancePass report(
      Scores read, long tick, List<MoveIntent> moves, List<RebalancePass.Wish> wishes) {
    List<ChunkKey> cooling =
        ledger.all().stream().filter(record -> ledger.rests(record, tick)).map(read::key).toList();
    Map<Verdict, Integer> counts = counts(read, tick);
    counts.forEach((verdict, count) -> totals[verdict.ordinal()] += count);
    return new RebalancePass(
        Tick.of(tick),
        moves,
        wishes,
        cooling,
        avoided.entries(Tick.of(tick)).stream().map(AvoidList.Entry::worker).toList(),
        relieved(read, tick),
        lastExamined.values().stream()
            .sorted(Comparator.comparing(MoveExplanation::chunk))
            .toList(),
        counts);
  }

  private List<WorkerId> relieved(Scores read, long tick) {
    if (terms.config().observe()) {
      return List.of();
    }
    TreeSet<WorkerId> relieved = new TreeSet<>();
    for (MoveRecord record : ledger.all()) {
      if (record.isInFlight() || ledger.isCooling(record, tick)) {
        relieved.add(record.from());
      }
    }
    read.addLow(relieved);
    return List.copyOf(relieved);
  }

  /** Counts by kind and corrects for remembered and examined chunks, to avoid a full scan. */
  private Map<Verdict, Integer> counts(Scores read, long tick) {
    EnumMap<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
    counts.merge(Verdict.NO_SCORE, read.count(Scores.UNSCORED), Integer::sum);
    counts.merge(Verdict.ABOVE_FLOOR, read.count(Scores.GOOD), Integer::sum);
    counts.merge(byDefault(), read.count(Scores.LOW), Integer::sum);
    HashSet<Integer> special = new HashSet<>(lastExamined.keySet());
    ledger.all().forEach(record -> special.add(read.fleet().chunkPosition(record.chunk())));
    for (int chunk : special) {
      counts.merge(ofKind(read, chunk), -1, Integer::sum);
      counts.merge(verdict(read, chunk, tick), 1, Integer::sum);
    }
    counts.values().removeIf(count -> count == 0);
    return counts;
  }

  private Verdict byDefault() {
    return guard.isServing() ? Verdict.BUDGET : Verdict.NO_SCORE;
  }

  private Verdict ofKind(Scores read, int chunk) {
    return switch (read.kind(chunk)) {
      case Scores.UNSCORED -> Verdict.NO_SCORE;
      case Scores.GOOD -> Verdict.ABOVE_FLOOR;
      default -> byDefault();
    };
  }

  private Verdict verdict(Scores read, int chunk, long tick) {
    MoveExplanation asked = lastExamined.get(chunk);
    MoveRecord record = ledger.get(read.fleet().chunkNumber(chunk));
    if (asked != null) {
      return asked.verdict();
    }
    if (record == null || !ledger.rests(record, tick)) {
      return ofKind(read, chunk);
    }
    if (record.isInFlight()) {
      return Verdict.IN_FLIGHT;
    }
    return ledger.isPinned(record, tick) ? Verdict.PINNED : Verdict.COOLDOWN;
  }

  /** Explains a chunk as of the state read last; empty if it is not live, or never possessed. */
  public Optional<MoveExplanation> explain(ChunkKey chunk) {
    Scores read = scores;
    int position = read == null ? LifecycleView.NONE : read.fleet().chunkPosition(chunk);
    if (read == null || !read.isLed(position)) {
      return Optional.empty();
    }
    MoveExplanation asked = lastExamined.get(position);
    return Optional.of(asked == null ? ofUnasked(read, position) : asked);
  }

  private MoveExplanation ofUnasked(Scores read, int chunk) {
    ChunkNumber number = read.fleet().chunkNumber(chunk);
    Verdict verdict = verdict(read, chunk, largestTick);
    int slot = read.worst(chunk);
    String worst =
        slot == LifecycleView.NONE
            ? "no holder has a score"
            : "the worst holder scores " + Reasons.points(read.score(slot));
    String why =
        switch (verdict) {
          case IN_FLIGHT, PINNED, COOLDOWN -> Reasons.ofRest(verdict, known(number), terms);
          case BUDGET -> worst + "; others come first in this pass";
          default -> worst + ", the floor is " + Reasons.points(terms.floorMicros());
        };
    return MoveExplanation.of(read.fleet().chunkKey(chunk), verdict, why);
  }

  private MoveRecord known(@Nullable ChunkNumber chunk) {
    return Objects.requireNonNull(ledger.get(chunk));
  }

  /** The score of a holder in millionths of a point, 0 to 1,000,000. */
  public record HolderScore(WorkerId worker, int micros) {}

  /** Returns the scores of a chunk's holders by worker id, without those that have none. */
  public List<HolderScore> scores(ChunkKey chunk) {
    Scores read = scores;
    int position = read == null ? LifecycleView.NONE : read.fleet().chunkPosition(chunk);
    return read == null || !read.isLed(position) ? List.of() : read.of(position);
  }

  public RebalanceStats stats() {
    EnumMap<Verdict, Long> byVerdict = new EnumMap<>(Verdict.class);
    for (Verdict verdict : Verdict.values()) {
      byVerdict.put(verdict, totals[verdict.ordinal()]);
    }
    return new RebalanceStats(byVerdict, guard.stats());
  }

  public List<MoveRecord> moves() {
    return ledger.copy();
  }

  public long movesVersion() {
    return ledger.version();
  }
}
