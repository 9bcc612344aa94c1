package dev.stowage.contract;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Evidence;
import dev.stowage.Rebalancing;
import dev.stowage.Stowage;
import dev.stowage.StowageException;
import dev.stowage.command.Annex;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.PlacementConfig;
import dev.stowage.evidence.EvidenceLog.Explained;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.evidence.Subject;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import dev.stowage.rebalance.PlacementScorer;
import dev.stowage.rebalance.PlacementScorer.Alternative;
import dev.stowage.rebalance.PlacementScorer.ExcludedWorkers;
import dev.stowage.rebalance.PlacementScorer.ScoredChunk;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.replay.EngineReplay;
import dev.stowage.store.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Rebalancing end to end on a backend: a move is copy first, confirm, then drain, and nothing of it
 * is forgotten by a crash, a change of leader or a lost commit.
 */
public abstract class RebalancingContract {
  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private final Likes likes = new Likes();
  private StoreFixture fixture;
  private FaultyStore faulty;
  private Stowage stowage;
  private SmallFleet fleet;

  /** A fresh store, whose fleet has not begun. */
  protected abstract StoreFixture open();

  /** A scorer with a fixed score for each worker; the alternative is the best open one. */
  private static final class Likes implements PlacementScorer {
    private final Map<String, Double> scores = new TreeMap<>();
    private Runnable meanwhile = () -> {};

    Likes like(String worker, double score) {
      scores.put(worker, score);
      return this;
    }

    @Override
    public OptionalDouble score(ScoredChunk chunk, WorkerId worker) {
      meanwhile.run();
      Double score = scores.get(worker.value());
      return score == null ? OptionalDouble.empty() : OptionalDouble.of(score);
    }

    @Override
    public Optional<Alternative> bestAlternative(ScoredChunk chunk, ExcludedWorkers excluded) {
      Alternative best = null;
      for (Map.Entry<String, Double> like : scores.entrySet()) {
        WorkerId worker = WorkerId.of(like.getKey());
        boolean isBetter = best == null || like.getValue() > best.score();
        if (isBetter && !excluded.contains(worker)) {
          best = new Alternative(worker, like.getValue());
        }
      }
      return Optional.ofNullable(best);
    }
  }

  @BeforeEach
  void openFleet() {
    fixture = open();
    stowage = facade("first");
    fleet = new SmallFleet(stowage);
    assertThat(stowage.claim(fleet.now()).granted()).isTrue();
  }

  @AfterEach
  void closeFleet() {
    fixture.close();
  }

  /** A facade of floor 1 that grows nothing above it. */
  private Stowage facade(String holder) {
    faulty = new FaultyStore(fixture.connect());
    LifecycleConfig frugal =
        SmallFleet.config().fleet().toBuilder()
            .minReplication(1)
            .placement(PlacementConfig.builder().saturation(0.001).build())
            .build();
    Stowage built =
        Stowage.builder(faulty)
            .config(SmallFleet.config().withFleet(frugal).withHolder(holder))
            .with(RebalanceConfig.defaults())
            .build();
    Rebalancing.of(built).scorers().install(likes);
    return audit.watch(built);
  }

  /** One chunk on a, which turns out to be a bad place; b is a good one. */
  private void chunkOnA() {
    likes.like("a", .9).like("b", .9);
    fleet.join(1_000, "a").ingest(chunk("c1", 0)).settle();
    fleet.join(1_000, "b");
    fleet.settle();
    assertThat(holders("c1")).containsExactly("a");
    likes.like("a", .1);
  }

  private List<String> holders(String chunk) {
    return replicas(chunk, ReplicaState.ASSIGNED);
  }

  private List<String> replicas(String chunk, ReplicaState... states) {
    LifecycleSnapshot now = SmallFleet.state(stowage);
    List<String> found = new ArrayList<>();
    int position = now.chunkPosition(key(chunk));
    for (int slot = now.firstReplica(position);
        slot != LifecycleView.NONE;
        slot = now.nextReplica(slot)) {
      if (List.of(states).contains(now.replicaState(slot))) {
        found.add(now.workerId(now.replicaWorker(slot)).value());
      }
    }
    return found;
  }

  private int possessed(String chunk) {
    LifecycleSnapshot now = SmallFleet.state(stowage);
    int count = 0;
    for (int slot = now.firstReplica(now.chunkPosition(key(chunk)));
        slot != LifecycleView.NONE;
        slot = now.nextReplica(slot)) {
      count += now.possessed(slot) ? 1 : 0;
    }
    return count;
  }

  private MoveRecord move() {
    List<MoveRecord> moves = Rebalancing.of(stowage).moves();
    assertThat(moves).hasSize(1);
    return moves.get(0);
  }

  @Test
  void onlyCopy_isCopiedBeforeItGoes() {
    chunkOnA();
    fleet.pass(1);
    stowage.schedule(fleet.now());
    assertThat(Rebalancing.of(stowage).explain(key("c1")).verdict()).isEqualTo(Verdict.MOVE);
    assertThat(holders("c1")).as("where the gain was computed for").containsExactly("b");
    assertThat(replicas("c1", ReplicaState.SUPERSEDED)).containsExactly("a");
    for (int round = 0; round < 8; round++) {
      assertThat(possessed("c1")).isPositive();
      assertThat(stowage.publish(fleet.now()).unavailable()).isEmpty();
      fleet.round();
    }
    assertThat(replicas("c1", ReplicaState.values())).containsExactly("b");
    assertThat(move().phase()).isEqualTo(MoveRecord.Phase.DONE);
    assertThat(Rebalancing.of(stowage).explain(key("c1")).verdict()).isEqualTo(Verdict.COOLDOWN);
  }

  @Test
  void leaderChangeInMidMove_forgetsNothing() {
    chunkOnA();
    fleet.pass(1);
    stowage.schedule(fleet.now());
    MoveRecord asked = move();
    fixture.expireLease();
    stowage = facade("second");
    fleet.through(stowage);
    assertThat(stowage.claim(fleet.now()).granted()).isTrue();
    fleet.pass(1);
    stowage.schedule(fleet.now());
    assertThat(move().askedTick()).isEqualTo(asked.askedTick());
    assertThat(move().phase()).isEqualTo(MoveRecord.Phase.COPYING);
    assertThat(Rebalancing.of(stowage).explain(key("c1")).verdict()).isEqualTo(Verdict.IN_FLIGHT);
    fleet.settle();
    likes.like("a", .95).like("b", .1);
    restart();
    for (int round = 0; round < 5; round++) {
      fleet.round();
      assertThat(Rebalancing.of(stowage).explain(key("c1")).verdict()).isEqualTo(Verdict.COOLDOWN);
    }
    assertThat(holders("c1")).containsExactly("b");
    fleet.pass(300).settle();
    assertThat(holders("c1")).as("after the cooldown").containsExactly("a");
    assertThat(move().reversals()).isEqualTo(1);
    restart();
    fleet.round();
    assertThat(move().reversals()).isEqualTo(1);
  }

  private void restart() {
    stowage.close();
    stowage = facade("first");
    fixture.expireLease();
    fleet.through(stowage);
    assertThat(stowage.claim(fleet.now()).granted()).isTrue();
  }

  @Test
  void crashBetweenTheRecordAndThePlan_isGoneOnFrom() {
    chunkOnA();
    fleet.round();
    likes.like("a", .9);
    fleet.pass(400).settle();
    likes.like("a", .1).like("b", .9);
    for (FaultyStore.Fault fault : FaultyStore.Fault.values()) {
      if (fault == FaultyStore.Fault.NONE) {
        continue;
      }
      String from = holders("c1").get(0);
      String to = from.equals("a") ? "b" : "a";
      likes.like(from, .1).like(to, .9);
      fleet.pass(700);
      faulty.failNext(fault);
      try {
        stowage.schedule(fleet.now());
      } catch (StorageException.Transient e) {
        assertThat(fault).isNotEqualTo(FaultyStore.Fault.AFTER_COMMIT_UNKNOWN);
      }
      restart();
      likes.like(from, .1).like(to, .9);
      fleet.settle();
      assertThat(holders("c1")).as("%s", fault).containsExactly(to);
    }
  }

  @Test
  void move_isInTheEvidence_andReplays() {
    chunkOnA();
    fleet.settle();
    List<Explained> told = Evidence.about(stowage, Subject.chunk(key("c1")));
    assertThat(told)
        .extracting(Explained::text)
        .anyMatch(text -> text.contains("from a, to b") && text.contains("live_micros 100000"));
    assertReplays();
  }

  @Test
  void follower_decidesNothing() {
    chunkOnA();
    Stowage other = facade("other");
    assertThat(Rebalancing.of(other).explain(key("c1")).verdict()).isEqualTo(Verdict.NOT_LEADER);
    assertThatThrownBy(() -> other.schedule(fleet.now())).isInstanceOf(StowageException.class);
    assertThat(Rebalancing.of(other).lastPass()).isEmpty();
  }

  /** Four copies of two chunks, and a configuration that asks for two of each. */
  private void fourCopies() {
    likes.like("a", .9).like("b", .6).like("c", .7).like("d", .8);
    fleet.join(1_000, "a", "b", "c", "d");
    floor(4);
    fleet.ingest(chunk("c1", 0), chunk("c2", 10)).settle();
    assertThat(holders("c1")).containsExactly("a", "b", "c", "d");
    assertThat(holders("c2")).containsExactly("a", "b", "c", "d");
  }

  @Test
  void chunkThatShrinksFromFourToTwo_givesUpTheLowestScored() {
    fourCopies();
    floor(2);
    stowage.schedule(fleet.now());
    for (String chunk : List.of("c1", "c2")) {
      assertThat(holders(chunk))
          .as("%s: all are above the floor of scores", chunk)
          .containsExactly("a", "d");
      assertThat(replicas(chunk, ReplicaState.SUPERSEDED)).containsExactly("b", "c");
    }
    for (int round = 0; round < 10; round++) {
      fleet.round();
      assertThat(possessed("c1")).isGreaterThanOrEqualTo(2);
      assertThat(holders("c1")).as("nor does the level take them back").containsExactly("a", "d");
      assertThat(holders("c2")).containsExactly("a", "d");
    }
    assertThat(replicas("c1", ReplicaState.values())).containsExactly("a", "d");
    assertReplays();
    assertThat(Evidence.about(stowage, Subject.chunk(key("c1"))))
        .as("what they were, is in the evidence")
        .extracting(Explained::text)
        .anyMatch(text ->
            text.contains(
                "scores (chunk (dataset d, id c1), shares (worker a, micros 900000);"
                    + "(worker b, micros 600000);(worker c, micros 700000);"
                    + "(worker d, micros 800000))"));
  }

  @Test
  void frozenFleet_givesUpTheLowestScoredToo_alsoUnderANewLeader() {
    fourCopies();
    stowage.freeze(fleet.now());
    floor(2);
    restart();
    stowage.schedule(fleet.now());
    assertThat(holders("c1")).containsExactly("a", "d");
    assertThat(Rebalancing.of(stowage).moves()).isEmpty();
  }

  @Test
  void scorerWithoutAnOpinion_leavesItToThePlanner_andNothingIsRecorded() {
    fourCopies();
    Rebalancing.of(stowage).scorers().install(new FixedOpinion());
    floor(2);
    stowage.schedule(fleet.now());
    assertThat(holders("c1")).hasSize(2);
    assertThat(holders("c2")).hasSize(2);
    assertThat(Evidence.about(stowage, Subject.chunk(key("c1"))))
        .extracting(Explained::text)
        .noneMatch(text -> text.contains("scores"));
    assertReplays();
  }

  /** Has none. */
  private static final class FixedOpinion implements PlacementScorer {
    @Override
    public OptionalDouble score(ScoredChunk chunk, WorkerId worker) {
      return OptionalDouble.empty();
    }

    @Override
    public Optional<Alternative> bestAlternative(ScoredChunk chunk, ExcludedWorkers excluded) {
      return Optional.empty();
    }
  }

  private void assertReplays() {
    ReplayResult replayed =
        Replayer.run(
            Evidence.of(stowage).header(),
            faulty.evidence(0, Integer.MAX_VALUE),
            EngineReplay.with(PlacementPlanner.sticky()));
    assertThat(replayed).isInstanceOf(ReplayResult.Same.class);
  }

  @Test
  void newChunk_thatOnlyAvoidedWorkersCouldTake_waits() {
    fleet.join(1_000, "a");
    Rebalancing.of(stowage).avoid(WorkerId.of("a"), "new", Duration.ofSeconds(9), fleet.now());
    fleet.ingest(chunk("c1", 0));
    assertThat(stowage.schedule(fleet.now()).deferred()).hasSize(1);
    assertThat(stowage.explainPlacement(WorkerId.of("a"), fleet.now()).orElseThrow().text())
        .contains("avoided");
    assertThat(stowage.preview(fleet.now()).deferred()).hasSize(1);
    fleet.pass(9).settle();
    assertThat(holders("c1")).containsExactly("a");
  }

  @Test
  void scorer_isNotCalledUnderTheFacadesLock() {
    chunkOnA();
    int[] seen = new int[1];
    likes.meanwhile =
        () -> {
          Thread other = new Thread(() -> seen[0] += stowage.stats().chunks());
          other.start();
          try {
            other.join();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    fleet.round();
    assertThat(seen[0]).isPositive();
    likes.meanwhile = () -> Rebalancing.of(stowage).stats();
    fleet.round();
    assertThat(Rebalancing.of(stowage).stats().scorers().lastFailure().orElse(""))
        .as("a scorer that asks for its own outcome")
        .contains("must not call the rebalancing");
  }

  @Test
  void unreadableMoves_areRefused() {
    chunkOnA();
    fleet.round();
    Annex garbage = new Annex(KeptValue.MOVES.kind(), new byte[] {9});
    Result.Answer refused = stowage.execute(new LeaderCommand.Keep(garbage), fleet.now());
    assertThat(refused.code()).isEqualTo(ResultCode.INVALID);
    assertThat(refused.reasons().get(0)).contains(KeptValue.MOVES.kind(), "LeaderCommand.Keep");
    stowage.execute(new LeaderCommand.Keep(KeptValue.MOVES.with(List.of())), fleet.now());
    fleet.settle();
    assertThat(Rebalancing.of(stowage).moves()).isEmpty();
  }

  @Test
  void frozenFleet_asksForNothing() {
    chunkOnA();
    stowage.freeze(fleet.now());
    fleet.settle();
    assertThat(holders("c1")).containsExactly("a");
    assertThat(Rebalancing.of(stowage).moves()).isEmpty();
    stowage.unfreeze(fleet.now());
    fleet.settle();
    assertThat(holders("c1")).containsExactly("b");
  }

  private void floor(int replicas) {
    LifecycleConfig now = stowage.config().value();
    stowage.configure(-1, now.toBuilder().minReplication(replicas).build(), fleet.now());
  }
}
