package dev.stowage.rebalance.passes;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.TokenBucket;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import dev.stowage.rebalance.MoveIntent;
import dev.stowage.rebalance.MoveRecord;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.rebalance.RebalanceConfig.MoveBudget;
import dev.stowage.rebalance.RebalancePass;
import dev.stowage.rebalance.RebalanceStats;
import dev.stowage.rebalance.ScorerRegistry;
import dev.stowage.rebalance.ScoringExecutor;
import dev.stowage.rebalance.scoring.ScorerGuard;
import dev.stowage.rebalance.tables.LedChunk;
import dev.stowage.rebalance.tables.LedTable;
import dev.stowage.rebalance.tables.Micros;
import dev.stowage.rebalance.tables.Terms;
import dev.stowage.rebalance.tables.WorkerFacts;
import dev.stowage.rebalance.tables.WorkerRoster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides which replicas are worth moving, at a cost by what changed. Equal histories give equal
 * moves. Not thread-safe, unlike {@link ScorerRegistry} and {@link AvoidList}; no lock is held
 * while a scorer is called.
 */
public final class Rebalancer {
  private final Terms terms;
  private final AvoidList avoided;
  private final WorkerRoster workers = new WorkerRoster();
  private final LedTable led = new LedTable();
  private final MoveTracker tracker;
  private final ScorerGuard guard;
  private final Sampler sampler;
  private final Map<Integer, MoveExplanation> lastExamined = new HashMap<>();
  private final long[] totals = new long[Verdict.values().length];
  private @Nullable TokenBucket bytes;
  private long largestTick;
  private long backwardTicks;
  private long passes;
  private int cursor;

  /** Calls scorers on the thread of the pass; the tick length must be above zero. */
  public Rebalancer(
      RebalanceConfig config, ScorerRegistry scorers, AvoidList avoided, Duration tickLength) {
    this(config, scorers, avoided, tickLength, ScoringExecutor.DIRECT);
  }

  public Rebalancer(
      RebalanceConfig config,
      ScorerRegistry scorers,
      AvoidList avoided,
      Duration tickLength,
      ScoringExecutor executor) {
    this.avoided = avoided;
    terms = Terms.of(config, tickLength);
    tracker = new MoveTracker(workers, terms);
    guard = new ScorerGuard(scorers, executor);
    sampler = new Sampler(led, workers, guard, terms);
  }

  public void worker(int position, WorkerFacts facts) {
    workers.put(checked(position), facts);
  }

  public void dropWorker(int position) {
    workers.drop(position);
  }

  public void chunk(int position, LedChunk facts) {
    checked(position);
    if (led.isLed(position) && !led.number(position).equals(facts.number())) {
      dropChunk(position);
    }
    tracker.observe(position, facts);
    led.put(position, facts);
  }

  private static int checked(int position) {
    if (position < 0) {
      throw new IllegalArgumentException("position is " + position + "; at least 0 is accepted");
    }
    return position;
  }

  public void dropChunk(int position) {
    if (led.isLed(position)) {
      tracker.gone(led.number(position));
      led.drop(position);
      lastExamined.remove(position);
    }
  }

  public void clear() {
    for (int chunk = 0; chunk < led.limit(); chunk++) {
      if (led.isLed(chunk)) {
        led.drop(chunk);
      }
    }
    for (int worker = 0; worker < workers.limit(); worker++) {
      workers.drop(worker);
    }
    tracker.forget();
    lastExamined.clear();
  }

  /** Sets the time, forward or back, and forgets what was fed; throughput begins anew. */
  public void resetTime(Tick now) {
    clear();
    bytes = null;
    largestTick = now.value();
  }

  /** Makes one pass. A tick below the largest seen counts as the largest, and is counted. */
  public RebalancePass pass(Tick now) {
    passes++;
    long tick = advance(now.value());
    avoided.retain(workers.positions().keySet());
    sampler.sample(tick, avoided);
    tracker.expire(tick);
    lastExamined.clear();
    TokenBucket bucket = bucket(tick);
    Selection selection = new Selection(led, workers, guard, tracker, terms);
    selection.begin();
    List<RebalancePass.Wish> wishes = standing();
    List<MoveIntent> moves = new ArrayList<>();
    if (guard.isServing()) {
      Targets targets = new Targets(led, workers, avoided, tick);
      List<Candidate> examined = new ArrayList<>();
      int[] chunks = selection.examined(tick, cursor);
      cursor = chunks.length < led.low.cardinality() ? cursor + chunks.length : 0;
      for (int chunk : chunks) {
        Candidate candidate = selection.examine(chunk, targets, tick);
        lastExamined.put(chunk, candidate.judged());
        examined.add(candidate);
      }
      for (Candidate candidate : Selection.ranked(examined)) {
        Candidate fitted = selection.fit(candidate, targets, bucket, tick);
        lastExamined.put(candidate.chunk(), fitted.judged());
        if (fitted.judged().verdict() == Verdict.MOVE && !terms.config().observe()) {
          MoveIntent move = selection.take(fitted, bucket, tick);
          moves.add(move);
          wishes.add(new RebalancePass.Wish(move.chunk(), move.from(), move.to()));
        }
      }
    }
    return report(tick, moves, wishes);
  }

  /** Returns the rest of a chunk after a move, in ticks. */
  public long cooldownTicks() {
    return terms.cooldownTicks();
  }

  public boolean isScoring() {
    return guard.hasScorer();
  }

  public void sample(Tick now) {
    avoided.retain(workers.positions().keySet());
    sampler.sample(advance(now.value()), avoided);
  }

  private long advance(long now) {
    if (now < largestTick) {
      backwardTicks++;
    }
    largestTick = Math.max(largestTick, now);
    return largestTick;
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

  private List<RebalancePass.Wish> standing() {
    List<RebalancePass.Wish> wishes = new ArrayList<>();
    for (MoveRecord record : tracker.ledger().all()) {
      int chunk = tracker.position(record.chunk());
      if (record.phase() == MoveRecord.Phase.ASKED && led.isLed(chunk)) {
        wishes.add(new RebalancePass.Wish(led.key(chunk), record.from(), record.to()));
      }
    }
    return wishes;
  }

  private RebalancePass report(long tick, List<MoveIntent> moves, List<RebalancePass.Wish> wishes) {
    List<ChunkKey> cooling = new ArrayList<>();
    for (MoveRecord record : tracker.ledger().all()) {
      int chunk = tracker.position(record.chunk());
      if (led.isLed(chunk) && rests(record, tick)) {
        cooling.add(led.key(chunk));
      }
    }
    Map<Verdict, Integer> counts = counts(tick);
    counts.forEach((verdict, count) -> totals[verdict.ordinal()] += count);
    return new RebalancePass(
        Tick.of(tick),
        moves,
        wishes,
        cooling,
        avoided.entries(Tick.of(tick)).stream().map(AvoidList.Entry::worker).toList(),
        relieved(tick),
        lastExamined.values().stream().sorted((a, b) -> a.chunk().compareTo(b.chunk())).toList(),
        counts,
        sampler.sampled());
  }

  private List<WorkerId> relieved(long tick) {
    TreeSet<WorkerId> relieved = new TreeSet<>();
    if (terms.config().observe()) {
      return List.of();
    }
    for (MoveRecord record : tracker.ledger().all()) {
      if (record.isInFlight() || tracker.isCooling(record, tick)) {
        relieved.add(record.from());
      }
    }
    for (int chunk = led.low.nextSetBit(0); chunk >= 0; chunk = led.low.nextSetBit(chunk + 1)) {
      int begin = led.holders.begin(chunk);
      for (int slot = begin; slot < begin + led.holders.holders(chunk); slot++) {
        int score = led.holders.score(slot);
        int worker = led.holders.worker(slot);
        if (score >= 0 && score < terms.floorMicros() && workers.exists(worker)) {
          relieved.add(workers.id(worker));
        }
      }
    }
    return List.copyOf(relieved);
  }

  private boolean rests(MoveRecord record, long tick) {
    return record.isInFlight() || tracker.isPinned(record, tick) || tracker.isCooling(record, tick);
  }

  /** Counts by kind and corrects for remembered and examined chunks, to avoid a full scan. */
  private Map<Verdict, Integer> counts(long tick) {
    EnumMap<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
    counts.put(Verdict.NO_SCORE, led.count(LedTable.UNSCORED));
    counts.put(Verdict.ABOVE_FLOOR, led.count(LedTable.GOOD));
    counts.put(byDefault(), counts.getOrDefault(byDefault(), 0) + led.count(LedTable.LOW));
    HashSet<Integer> special = new HashSet<>(lastExamined.keySet());
    tracker.ledger().all().forEach(record -> special.add(tracker.position(record.chunk())));
    for (int chunk : special) {
      if (led.isLed(chunk)) {
        counts.merge(ofKind(chunk), -1, Integer::sum);
        counts.merge(verdict(chunk, tick), 1, Integer::sum);
      }
    }
    counts.values().removeIf(count -> count == 0);
    return counts;
  }

  private Verdict byDefault() {
    return guard.isServing() ? Verdict.BUDGET : Verdict.NO_SCORE;
  }

  private Verdict ofKind(int chunk) {
    return switch (led.kind(chunk)) {
      case LedTable.UNSCORED -> Verdict.NO_SCORE;
      case LedTable.GOOD -> Verdict.ABOVE_FLOOR;
      default -> byDefault();
    };
  }

  private Verdict verdict(int chunk, long tick) {
    MoveExplanation asked = lastExamined.get(chunk);
    if (asked != null) {
      return asked.verdict();
    }
    MoveRecord record = tracker.of(led.number(chunk));
    if (record != null && record.isInFlight()) {
      return Verdict.IN_FLIGHT;
    }
    if (record != null && tracker.isPinned(record, tick)) {
      return Verdict.PINNED;
    }
    if (record != null && tracker.isCooling(record, tick)) {
      return Verdict.COOLDOWN;
    }
    return ofKind(chunk);
  }

  public Optional<MoveExplanation> explain(int position) {
    if (!led.isLed(position)) {
      return Optional.empty();
    }
    MoveExplanation asked = lastExamined.get(position);
    return Optional.of(asked == null ? ofUnasked(position) : asked);
  }

  private MoveExplanation ofUnasked(int chunk) {
    MoveRecord record = tracker.of(led.number(chunk));
    Verdict verdict = verdict(chunk, largestTick);
    String worst =
        led.worst(chunk) < 0 || led.kind(chunk) == LedTable.UNSCORED
            ? "no holder has a score"
            : "the worst holder scores " + Reasons.points(led.worst(chunk));
    String why =
        switch (verdict) {
          case IN_FLIGHT ->
              record == null ? "" : "it goes from " + record.from() + " to " + record.to();
          case PINNED ->
              record == null
                  ? ""
                  : "it was moved back "
                      + record.reversals()
                      + " times and stays until tick "
                      + record.pinnedUntilTick();
          case COOLDOWN ->
              record == null
                  ? ""
                  : "it was moved at tick "
                      + record.askedTick()
                      + " and rests for "
                      + terms.cooldownTicks()
                      + " ticks";
          case BUDGET -> worst + "; others come first in this pass";
          default -> worst + ", the floor is " + Reasons.points(terms.floorMicros());
        };
    return MoveExplanation.of(led.key(chunk), verdict, why);
  }

  public OptionalDouble score(int position, WorkerId worker) {
    int at = workers.position(worker);
    int slot = led.isLed(position) && at >= 0 ? led.holders.find(position, at) : -1;
    int micros = slot < 0 ? Micros.NONE : led.holders.score(slot);
    return micros < 0 ? OptionalDouble.empty() : OptionalDouble.of(Micros.points(micros));
  }

  /** The score of a holder in millionths of a point, 0 to 1,000,000. */
  public record HolderScore(WorkerId worker, int micros) {
    public HolderScore {
      Objects.requireNonNull(worker, "worker");
    }
  }

  public List<HolderScore> scores(int position, ChunkKey chunk) {
    if (!led.isLed(position) || !led.key(position).equals(chunk)) {
      return List.of();
    }
    List<HolderScore> scores = new ArrayList<>();
    int begin = led.holders.begin(position);
    for (int slot = begin; slot < begin + led.holders.holders(position); slot++) {
      int worker = led.holders.worker(slot);
      if (led.holders.score(slot) >= 0 && workers.exists(worker)) {
        scores.add(new HolderScore(workers.id(worker), led.holders.score(slot)));
      }
    }
    return scores;
  }

  public RebalanceStats stats() {
    EnumMap<Verdict, Long> byVerdict = new EnumMap<>(Verdict.class);
    for (Verdict verdict : Verdict.values()) {
      byVerdict.put(verdict, totals[verdict.ordinal()]);
    }
    return new RebalanceStats(passes, backwardTicks, led.count(), byVerdict, guard.stats());
  }

  public List<MoveRecord> moves() {
    return tracker.ledger().copy();
  }

  public List<ChunkNumber> underWay() {
    return tracker.ledger().all().stream()
        .filter(MoveRecord::isInFlight)
        .map(MoveRecord::chunk)
        .toList();
  }

  public long movesVersion() {
    return tracker.ledger().version();
  }

  /** Restores moves before chunks are fed. */
  public void restore(List<MoveRecord> moves) {
    tracker.restore(moves);
    largestTick = Math.max(largestTick, tracker.ledger().newestTick());
  }
}
