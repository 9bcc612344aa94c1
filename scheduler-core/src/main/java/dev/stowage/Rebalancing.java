package dev.stowage;

import dev.stowage.engine.Desk;
import dev.stowage.engine.Leadership;
import dev.stowage.engine.MaintenanceBook;
import dev.stowage.engine.RebalanceFeed;
import dev.stowage.engine.VictimScores;
import dev.stowage.lifecycle.Annex;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.PlanningAdvice;
import dev.stowage.lifecycle.Preparation;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.Nanos;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.MaintenanceState;
import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import dev.stowage.rebalance.MoveRecord;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.rebalance.RebalancePass;
import dev.stowage.rebalance.RebalanceStats;
import dev.stowage.rebalance.ScorerRegistry;
import dev.stowage.rebalance.ScoringExecutor;
import dev.stowage.rebalance.passes.Rebalancer;
import dev.stowage.store.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rebalancer of a facade: before each scheduling cycle of the leader a pass decides which
 * replicas are worth moving, and the plan follows it as far as it can. Where the plan gives up
 * replicas of chunks that have too many, the scores of that pass say which.
 *
 * <p>What is remembered of moves (those under way, cooldowns, ways back) is committed before the
 * plan that follows it, beside the chunks; whoever leads next goes on from there. Scorers are never
 * called while the facade's lock is held: commands go on meanwhile. Questions wait for a pass in
 * progress, so scorers must not ask them. Every method of a facade that was closed throws {@link
 * StowageException}. Thread-safe.
 */
public final class Rebalancing {
  /** Under which name the moves are kept with the fleet. */
  public static final String MOVES = "rebalance/moves/1";

  /** Under which name the avoided workers are kept with the fleet. */
  public static final String AVOIDED = "rebalance/avoided/1";

  /** A record of evidence takes 16 MiB, a character up to three bytes. */
  private static final long MOST_SCORE_CHARACTERS = 2 << 20;

  /** What stands beside the names of a score. */
  private static final int SCORE_OVERHEAD = 8;

  /** Chunks that rest after scores shrank them stand in each recorded cycle: no more than these. */
  private static final int MOST_RESTING = 10_000;

  /** Names of chunks that rest; of three bytes a character they still leave room for scores. */
  private static final long MOST_COOLING_CHARACTERS = 1 << 20;

  private static final byte[] NOTHING = {};

  private final ScorerRegistry scorers = new ScorerRegistry();
  private final Semaphore turn = new Semaphore(1);
  private final Desk desk;
  private final TimeBorder time;
  private final AvoidList avoided;
  private final Rebalancer rebalancer;
  private final RebalanceFeed feed;
  private final MaintenanceBook maintenance;
  private @Nullable Leadership fed;
  private byte[] kept = NOTHING;
  private long keptVersion;
  private long keptAvoidedVersion;

  /** Until which tick chunks rest that were shrunk by scores; a new leader begins without. */
  private final TreeMap<ChunkKey, Long> rests = new TreeMap<>();

  private List<ChunkKey> shrunk = List.of();
  private volatile PlanningAdvice lastAdvice = PlanningAdvice.NONE;
  private volatile @Nullable RebalancePass lastPass;
  private volatile @Nullable Thread passing;

  Rebalancing(Desk desk, RebalanceConfig config, ScoringExecutor executor, TimeBorder time) {
    this.desk = desk;
    this.time = time;
    avoided = new AvoidList(time.tickLength());
    rebalancer = new Rebalancer(config, scorers, avoided, time.tickLength(), executor);
    feed = new RebalanceFeed(rebalancer);
    maintenance = new MaintenanceBook(time.tickLength());
  }

  /** Where the scorer in service is installed; without one nothing is moved. */
  public ScorerRegistry scorers() {
    desk.requireOpen();
    return scorers;
  }

  /** Who is avoided by plans, and why. */
  public AvoidList avoided() {
    desk.requireOpen();
    return avoided;
  }

  /**
   * A round-trip time to a worker; one that is too long keeps new replicas off it for a while.
   *
   * @return whether the worker is avoided from now on by this
   */
  public boolean observeRtt(WorkerId worker, Duration rtt, long nowNanos) {
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(rtt, "rtt");
    desk.requireOpen();
    return avoided.observeRtt(worker, rtt, time.tickAt(nowNanos));
  }

  /** Keeps new replicas off a worker for a while. */
  public void avoid(WorkerId worker, String reason, Duration lasts, long nowNanos) {
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(lasts, "lasts");
    desk.requireOpen();
    avoided.avoid(worker, reason, lasts, time.tickAt(nowNanos));
  }

  /**
   * Empties a worker, so that it can be worked on. Once it holds nothing it is {@link
   * MaintenanceState#MAINTENANCE}; where that takes longer than {@code within}, {@link
   * MaintenanceState#DRAIN_FAILED}, and it keeps what it has. The transitions are made by
   * scheduling cycles, and survive a change of leader; until it is active again the status of the
   * worker is theirs.
   *
   * @throws StowageException if this process does not lead
   */
  public Result.Answer enterMaintenance(WorkerId worker, Duration within, long nowNanos) {
    return maintain(worker, MaintenanceState.ENTERING, within, nowNanos);
  }

  /**
   * Takes a worker back: once it reports it takes replicas again, and after five minutes it is
   * active. Of a worker that is active already nothing changes.
   *
   * @throws StowageException if this process does not lead
   */
  public Result.Answer leaveMaintenance(WorkerId worker, long nowNanos) {
    return maintain(worker, MaintenanceState.EXITING, Duration.ZERO, nowNanos);
  }

  /**
   * How far a worker is on its way into maintenance and back.
   *
   * @throws StowageException if this process does not lead
   */
  public MaintenanceState maintenance(WorkerId worker) {
    Objects.requireNonNull(worker, "worker");
    return desk.ask(leader -> maintenance.state(leader.mirror(), worker));
  }

  private Result.Answer maintain(
      WorkerId worker, MaintenanceState state, Duration within, long nowNanos) {
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(within, "within");
    Tick now = time.tickAt(nowNanos);
    if (within.isNegative()) {
      throw new IllegalArgumentException("time is " + within + "; at least zero is accepted");
    }
    boolean isEndless = within.toSeconds() > Long.MAX_VALUE / Nanos.PER_SECOND - 1;
    long nanos = isEndless ? Long.MAX_VALUE : within.toNanos();
    Tick deadline = time.tickAt(Nanos.plus(nowNanos, nanos));
    return desk.ask(leader -> {
      if (leader.mirror().workerPosition(worker) < 0) {
        return Result.Answer.of(ResultCode.UNKNOWN_WORKER);
      }
      boolean isBack =
          state == MaintenanceState.EXITING
              && (maintenance.state(leader.mirror(), worker) == MaintenanceState.ACTIVE
                  || maintenance.state(leader.mirror(), worker) == MaintenanceState.RECOVERY);
      if (isBack) {
        return Result.Answer.of(ResultCode.ACCEPTED);
      }
      maintenance.put(
          leader, new MaintenanceState.Entry(worker, state, now.value(), deadline.value()), now);
      return Result.Answer.of(ResultCode.ACCEPTED);
    });
  }

  /** What the last pass decided; empty before the first. */
  public Optional<RebalancePass> lastPass() {
    desk.requireOpen();
    return Optional.ofNullable(lastPass);
  }

  /** Why a chunk is moved or is not, as of the last pass; never empty. */
  public MoveExplanation explain(ChunkKey chunk) {
    Objects.requireNonNull(chunk, "chunk");
    return alone(() -> {
      int position =
          desk.ask(leader -> leader.mirror().chunkPosition(chunk), () -> LifecycleView.NONE);
      return rebalancer
          .explain(position)
          .filter(found -> found.chunk().equals(chunk))
          .orElseGet(() -> MoveExplanation.notLed(chunk));
    });
  }

  /** The verdict about a chunk, as of the last pass. */
  public Verdict verdict(ChunkKey chunk) {
    return explain(chunk).verdict();
  }

  /** What is remembered of moves. */
  public List<MoveRecord> moves() {
    return alone(rebalancer::moves);
  }

  /** What it has done so far. */
  public RebalanceStats stats() {
    return alone(rebalancer::stats);
  }

  private <T> T alone(Supplier<T> asked) {
    if (Thread.currentThread().equals(passing)) {
      throw new IllegalStateException("a scorer may not ask for what its answers decide");
    }
    desk.requireOpen();
    turn.acquireUninterruptibly();
    try {
      return asked.get();
    } finally {
      turn.release();
    }
  }

  // ---- the cycle ----

  /** A scheduling cycle with a pass before it; without one while another thread is passing. */
  Result.Scheduled schedule(Tick now) {
    Optional<Result.Scheduled> refused =
        desk.ask(leader -> leader.time().untimely(leader.mirror(), new Command.Schedule(), now));
    if (refused.isPresent()) {
      // The cycle answers it, and nothing is passed at a time that cannot be.
      return desk.ask(leader -> leader.execute(new Command.Schedule(lastAdvice), now));
    }
    return scheduleAt(desk.ask(leader -> leader.time().counted(leader.mirror(), now)));
  }

  private Result.Scheduled scheduleAt(Tick tick) {
    if (!turn.tryAcquire()) {
      return desk.ask(leader -> leader.execute(new Command.Schedule(lastAdvice), tick));
    }
    try {
      boolean goes = desk.ask(this::feed);
      passing = Thread.currentThread();
      RebalancePass pass = goes ? rebalancer.pass(tick) : sampled(tick);
      passing = null;
      return desk.ask(leader -> schedule(leader, pass, tick));
    } catch (Error e) {
      // it may have come in the middle of a pass: the next one is told everything anew
      fed = null;
      throw e;
    } finally {
      passing = null;
      turn.release();
    }
  }

  /** Nothing may be moved, but replicas may be given up. */
  private @Nullable RebalancePass sampled(Tick tick) {
    rebalancer.sample(tick);
    return null;
  }

  /** Tells what changed; whether moves may be made at all. */
  @SuppressWarnings("ReferenceEquality")
  private boolean feed(Leadership leader) {
    LifecycleView state = leader.mirror();
    byte[] stored = state.annex(MOVES).map(Annex::content).orElse(NOTHING);
    boolean isAnother = leader != fed || leader.notes().isEverything();
    if (isAnother || !Arrays.equals(stored, kept)) {
      fed = null;
      feed.begin();
      restore(stored);
      restoreAvoided(state);
      leader.notes().noteEverything();
    }
    fed = leader;
    feed.tell(state, leader.notes());
    return !state.isFrozen() && !state.isPaused(state.largestTick().value());
  }

  private void restore(byte[] stored) {
    if (stored.length > 0) {
      try {
        rebalancer.restore(stored);
      } catch (IllegalArgumentException e) {
        throw corrupt(MOVES, e);
      }
    }
    kept = stored;
    keptVersion = rebalancer.movesVersion();
  }

  /** Whom an earlier leader avoided is avoided as well. */
  private void restoreAvoided(LifecycleView state) {
    byte[] stored = state.annex(AVOIDED).map(Annex::content).orElse(NOTHING);
    if (stored.length > 0) {
      try {
        avoided.restore(stored);
      } catch (IllegalArgumentException e) {
        throw corrupt(AVOIDED, e);
      }
    }
    keptAvoidedVersion = -1;
  }

  private static StorageException corrupt(String annex, IllegalArgumentException why) {
    return new StorageException.Corrupt(
        "annex " + annex + ": " + why.getMessage() + "; keep an empty one in its place", why);
  }

  /** What is decided is durable before the plan that follows it. */
  @SuppressWarnings("ReferenceEquality")
  private Result.Scheduled schedule(Leadership leader, @Nullable RebalancePass pass, Tick tick) {
    maintenance.advance(leader, tick);
    PlanningAdvice advice = avoiding(tick);
    if (pass != null && leader == fed) {
      advice = advice(pass);
      leader.stageMoves(pass);
      keep(leader, tick);
      lastPass = pass;
    }
    if (leader == fed) {
      keepAvoided(leader, tick);
    }
    lastAdvice = advice;
    VictimScores scores = leader == fed ? this::victimScores : VictimScores.NONE;
    shrunk = List.of();
    Result.Scheduled result = leader.schedule(new Command.Schedule(advice), scores, tick);
    rest(tick);
    return result;
  }

  /** What scores decided about is not levelled for a cooldown, like what an intent moved. */
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

  /** The samples of chunks that have too many replicas, as far as one record has room for them. */
  private List<PlanningAdvice.Score> victimScores(LifecycleView state, Preparation planned) {
    List<PlanningAdvice.Score> scores = new ArrayList<>();
    if (!rebalancer.isScoring()) {
      return scores;
    }
    long left = MOST_SCORE_CHARACTERS;
    for (ChunkKey chunk : planned.shrunk()) {
      left -= chunk.dataset().value().length() + chunk.id().length();
      for (Rebalancer.HolderScore each : rebalancer.scores(state.chunkPosition(chunk), chunk)) {
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

  private void keep(Leadership leader, Tick tick) {
    if (rebalancer.movesVersion() != keptVersion) {
      byte[] now = rebalancer.movesToBytes();
      leader.execute(new Command.Keep(new Annex(MOVES, now)), tick);
      kept = now;
      keptVersion = rebalancer.movesVersion();
    }
  }

  private void keepAvoided(Leadership leader, Tick tick) {
    avoided.entries(tick);
    long version = avoided.version();
    if (version == keptAvoidedVersion) {
      return;
    }
    byte[] stored = leader.mirror().annex(AVOIDED).map(Annex::content).orElse(NOTHING);
    byte[] now = avoided.entries(tick).isEmpty() ? NOTHING : avoided.toBytes();
    if (!Arrays.equals(stored, now)) {
      leader.execute(new Command.Keep(new Annex(AVOIDED, now)), tick);
    }
    keptAvoidedVersion = version;
  }

  /** Without a pass nothing is moved, and what is repaired still goes to nobody who is avoided. */
  private PlanningAdvice avoiding(Tick tick) {
    List<WorkerId> now = avoided.entries(tick).stream().map(AvoidList.Entry::worker).toList();
    return new PlanningAdvice(List.of(), now, List.of(), 0);
  }

  private PlanningAdvice advice(RebalancePass pass) {
    return new PlanningAdvice(
        pass.wishes().stream()
            .map(wish -> new PlanningAdvice.Intent(wish.chunk(), wish.from(), wish.to()))
            .toList(),
        pass.avoided(),
        fitting(rests.isEmpty() ? pass.cooling() : withRests(pass)),
        0);
  }

  /** As many of the chunks that rest as one record has room for beside all else. */
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
