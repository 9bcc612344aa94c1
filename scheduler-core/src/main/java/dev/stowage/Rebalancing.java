package dev.stowage;

import dev.stowage.columns.Nanos;
import dev.stowage.command.Annex;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.engine.Engine;
import dev.stowage.engine.LeaderTerm;
import dev.stowage.engine.PressureScorer;
import dev.stowage.engine.VictimScores;
import dev.stowage.lifecycle.CyclePlan;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.rebalance.PassLimit;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.rebalance.RebalancePass;
import dev.stowage.rebalance.RebalancePass.RebalanceStats;
import dev.stowage.rebalance.ScorerRegistry;
import dev.stowage.rebalance.passes.Rebalancer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rebalancer of a facade: before each scheduling cycle of the leader a pass decides moves,
 * which the plan follows as far as it can, and scores for excess replicas. Remembered moves are
 * committed before the plan and survive a change of leader. Scorers run outside the facade's lock
 * and must not query this object: queries wait for a pass. Throws {@link StowageException} once the
 * facade is closed. Thread-safe.
 */
public final class Rebalancing {
  // An evidence record takes 16 MiB, a character up to three bytes.
  private static final long MOST_SCORE_CHARACTERS = 2 << 20;

  private static final int SCORE_OVERHEAD = 8;

  // Each recorded cycle lists the chunks that rest after scores shrank them.
  private static final int MOST_RESTING = 10_000;

  private static final long MOST_COOLING_CHARACTERS = 1 << 20;

  private final ScorerRegistry scorers = new ScorerRegistry();
  private final Semaphore turn = new Semaphore(1);
  private final Engine engine;
  private final TimeBorder time;
  private final AvoidList avoided;
  private final Rebalancer rebalancer;
  private final RebalanceConfig config;
  private final PressureScorer pressure = new PressureScorer();
  private @Nullable LeaderTerm fed;
  private Optional<Annex> kept = Optional.empty();
  private long keptVersion;
  private long keptAvoidedVersion;
  private List<AvoidList.Entry> keptAvoided = List.of();
  private long knownResets = -1;

  private final TreeMap<ChunkKey, Long> rests = new TreeMap<>();

  private List<ChunkKey> shrunk = List.of();
  private volatile PlanningAdvice lastAdvice = PlanningAdvice.NONE;
  private volatile @Nullable RebalancePass lastPass;
  private volatile @Nullable Thread passing;

  /**
   * Returns the rebalancer of a facade; throws {@link IllegalStateException} if it was built
   * without a {@link RebalanceConfig}.
   */
  public static Rebalancing of(Stowage stowage) {
    stowage.openEngine();
    Rebalancing built = stowage.rebalancer();
    if (built == null) {
      throw new IllegalStateException("the facade was built without a RebalanceConfig");
    }
    return built;
  }

  Rebalancing(Engine engine, RebalanceConfig config, PassLimit limit, TimeBorder time) {
    this.engine = engine;
    this.time = time;
    avoided = new AvoidList(time.tickLength());
    rebalancer = new Rebalancer(config, scorers, avoided, time.tickLength(), limit);
    this.config = config;
    if (config.byPressure()) {
      scorers.install(pressure);
    }
  }

  /** Returns the registry of scorers; without a scorer nothing moves. */
  public ScorerRegistry scorers() {
    engine.requireOpen();
    return scorers;
  }

  /** Returns the workers that plans avoid, with reasons. */
  public AvoidList avoided() {
    engine.requireOpen();
    return avoided;
  }

  /** Takes in a round-trip time and reports whether its length makes plans avoid the worker. */
  public boolean observeRtt(WorkerId worker, Duration rtt, long nowNanos) {
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(rtt, "rtt");
    engine.requireOpen();
    return avoided.observeRtt(worker, rtt, time.tickAt(nowNanos));
  }

  /** Keeps new replicas off a worker for a while. */
  public void avoid(WorkerId worker, String reason, Duration lasts, long nowNanos) {
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(lasts, "lasts");
    engine.requireOpen();
    avoided.avoid(worker, reason, lasts, time.tickAt(nowNanos));
  }

  /** Returns the decisions of the last pass; empty before the first. */
  public Optional<RebalancePass> lastPass() {
    engine.requireOpen();
    return Optional.ofNullable(lastPass);
  }

  /** Explains why a chunk is moved or not, as of the last pass; never empty. */
  public MoveExplanation explain(ChunkKey chunk) {
    Objects.requireNonNull(chunk, "chunk");
    return alone(() ->
        rebalancer
            .explain(chunk)
            .filter(found -> engine.ask(leader -> true, () -> false))
            .orElseGet(() -> MoveExplanation.notLed(chunk)));
  }

  /** Returns the remembered moves. */
  public List<MoveRecord> moves() {
    return alone(rebalancer::moves);
  }

  /** Returns counts of the work so far. */
  public RebalanceStats stats() {
    return alone(rebalancer::stats);
  }

  private <T> T alone(Supplier<T> asked) {
    if (Thread.currentThread().equals(passing)) {
      throw new IllegalStateException("a scorer must not call the rebalancing that asks it");
    }
    engine.requireOpen();
    turn.acquireUninterruptibly();
    try {
      return asked.get();
    } finally {
      turn.release();
    }
  }

  Result.Scheduled schedule(Tick now) {
    Optional<Result.Scheduled> refused =
        engine.ask(
            leader -> leader.time().untimely(leader.mirror(), new LeaderCommand.Schedule(), now));
    if (refused.isPresent()) {
      // The cycle itself answers the refusal; no pass runs at an impossible time.
      return engine.cycle(leader -> leader.execute(new LeaderCommand.Schedule(lastAdvice), now));
    }
    return scheduleAt(engine.ask(leader -> leader.time().counted(leader.mirror(), now)));
  }

  private Result.Scheduled scheduleAt(Tick tick) {
    if (!turn.tryAcquire()) {
      return engine.cycle(leader -> leader.execute(new LeaderCommand.Schedule(lastAdvice), tick));
    }
    try {
      LifecycleSnapshot fleet = engine.ask(this::read);
      passing = Thread.currentThread();
      RebalancePass pass = pass(fleet, tick);
      passing = null;
      return engine.cycle(leader -> schedule(leader, pass, tick));
    } catch (RuntimeException | Error e) {
      // A pass may have been cut short, or its moves not kept: the next one reads everything anew.
      fed = null;
      throw e;
    } finally {
      passing = null;
      turn.release();
    }
  }

  // Runs beside commands: nobody writes the snapshot.
  private @Nullable RebalancePass pass(LifecycleSnapshot fleet, Tick tick) {
    if (isByPressure()) {
      pressure.read(fleet, rebalancer.moves());
    }
    if (!fleet.isFrozen() && !fleet.isPaused(fleet.largestTick().value())) {
      return rebalancer.pass(fleet, tick);
    }
    rebalancer.sample(fleet, tick);
    return null;
  }

  @SuppressWarnings("ReferenceEquality")
  private LifecycleSnapshot read(LeaderTerm leader) {
    LifecycleView state = leader.mirror();
    Optional<Annex> stored = state.annex(KeptValue.MOVES.kind());
    long resets = state.fleetRow().time().resets();
    if (resets != knownResets && knownResets >= 0) {
      resetTime(state.largestTick());
    }
    knownResets = resets;
    if (leader != fed || !stored.equals(kept)) {
      rebalancer.restore(leader.kept(KeptValue.MOVES));
      kept = stored;
      keptVersion = rebalancer.movesVersion();
      keptAvoidedVersion = -1;
    }
    fed = leader;
    follow(leader.kept(KeptValue.AVOIDED));
    return leader.mirror().snapshot();
  }

  // Takes in what an operator or another leader changed.
  private void follow(List<AvoidList.Entry> told) {
    for (AvoidList.Entry entry : keptAvoided) {
      if (!told.contains(entry)) {
        avoided.readmit(entry.worker());
      }
    }
    avoided.restore(told);
    keptAvoided = told;
  }

  // Values in memory; the lifecycle resets those that the fleet keeps.
  private void resetTime(Tick now) {
    fed = null;
    avoided.resetTime(now);
    rebalancer.resetTime(now);
    rests.replaceAll((chunk, until) -> Nanos.plus(now.value(), rebalancer.cooldownTicks()));
  }

  // Decisions are durable before the plan that follows them.
  @SuppressWarnings("ReferenceEquality")
  private Result.Scheduled schedule(LeaderTerm leader, @Nullable RebalancePass pass, Tick tick) {
    PlanningAdvice advice = PlanningAdvice.NONE;
    if (pass != null && leader == fed) {
      advice = advice(pass);
      leader.stageMoves(pass);
      keep(leader, tick);
      lastPass = pass;
    }
    if (leader == fed) {
      keepAvoided(leader, tick);
      keepSettings(leader, tick);
    }
    lastAdvice = advice;
    VictimScores scores = leader == fed ? this::victimScores : VictimScores.NONE;
    shrunk = List.of();
    Result.Scheduled result =
        leader.cycles().schedule(new LeaderCommand.Schedule(advice), scores, tick);
    rest(tick);
    return result;
  }

  // Chunks that scores shrank rest for a cooldown, like chunks that an intent moved.
  private void rest(Tick tick) {
    rests.values().removeIf(until -> until <= tick.value());
    long until = Nanos.plus(tick.value(), rebalancer.cooldownTicks());
    for (ChunkKey chunk : shrunk) {
      if (rests.size() < MOST_RESTING) {
        rests.put(chunk, until);
      }
    }
    shrunk = List.of();
  }

  private List<ChunkKey> withRests(RebalancePass pass) {
    TreeSet<ChunkKey> cooling = new TreeSet<>(pass.cooling());
    cooling.addAll(rests.keySet());
    return List.copyOf(cooling);
  }

  private List<PlanningAdvice.Score> victimScores(CyclePlan planned) {
    List<PlanningAdvice.Score> scores = new ArrayList<>();
    if (!rebalancer.isScoring()) {
      return scores;
    }
    long left = MOST_SCORE_CHARACTERS;
    for (ChunkKey chunk : planned.shrunk()) {
      left -= chunk.dataset().value().length() + chunk.id().length();
      for (Rebalancer.HolderScore each : rebalancer.scores(chunk)) {
        left -= each.worker().value().length() + SCORE_OVERHEAD;
        scores.add(new PlanningAdvice.Score(chunk, each.worker(), each.micros()));
      }
      if (left < 0) {
        break;
      }
    }
    shrunk = scores.stream().map(PlanningAdvice.Score::chunk).distinct().toList();
    return scores;
  }

  private void keep(LeaderTerm leader, Tick tick) {
    if (rebalancer.movesVersion() != keptVersion) {
      leader.keep(KeptValue.MOVES, rebalancer.moves(), tick);
      kept = leader.mirror().annex(KeptValue.MOVES.kind());
      keptVersion = rebalancer.movesVersion();
    }
  }

  private void keepAvoided(LeaderTerm leader, Tick tick) {
    List<AvoidList.Entry> now = avoided.entries(tick);
    long version = avoided.version();
    if (version != keptAvoidedVersion && !now.equals(leader.kept(KeptValue.AVOIDED))) {
      leader.keep(KeptValue.AVOIDED, now, tick);
      keptAvoided = now;
    }
    keptAvoidedVersion = version;
  }

  private boolean isByPressure() {
    return scorers.current().filter(pressure::equals).isPresent();
  }

  // Tells other processes how this one judges.
  private void keepSettings(LeaderTerm leader, Tick tick) {
    List<RebalanceConfig> now = List.of(config.withPressureScorer(isByPressure()));
    if (!now.equals(leader.kept(KeptValue.REBALANCERS))) {
      leader.keep(KeptValue.REBALANCERS, now, tick);
    }
  }

  private PlanningAdvice advice(RebalancePass pass) {
    return new PlanningAdvice(
            pass.wishes().stream()
                .map(wish -> new PlanningAdvice.Intent(wish.chunk(), wish.from(), wish.to()))
                .toList(),
            List.of(),
            fitting(rests.isEmpty() ? pass.cooling() : withRests(pass)),
            0)
        .relieving(pass.relieved());
  }

  private static List<ChunkKey> fitting(List<ChunkKey> cooling) {
    long left = MOST_COOLING_CHARACTERS;
    for (int at = 0; at < cooling.size(); at++) {
      ChunkKey chunk = cooling.get(at);
      left -= chunk.dataset().value().length() + chunk.id().length();
      if (left < 0) {
        return cooling.subList(0, at);
      }
    }
    return cooling;
  }
}
