package dev.stowage.contract;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.StowageStats;
import dev.stowage.answer.Leaving;
import dev.stowage.answer.Leaving.Part;
import dev.stowage.answer.Leaving.StuckPart;
import dev.stowage.answer.Leaving.Verdict;
import dev.stowage.answer.Leaving.Verdict.Code;
import dev.stowage.answer.Progress;
import dev.stowage.command.Annex;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.Reason;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.pressure.PressureSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The contract of answers about a leaving worker, from a leader and from a facade that follows. A
 * backend extends this class, opens its store, and changes nothing else.
 */
public abstract class LeavingContract {
  private static final WorkerId A = WorkerId.of("a");
  private static final Part ONE = new Part(1, 100);

  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private StoreFixture fixture;
  private Stowage leader;
  private Stowage follower;
  private SmallFleet fleet;

  /** A fresh store, whose fleet has not begun. */
  protected abstract StoreFixture open();

  @BeforeEach
  void openFleet() {
    fixture = open();
    leader = audit.watch(SmallFleet.facade(fixture.connect(), "first"));
    follower = audit.watch(SmallFleet.facade(fixture.connect(), "second"));
    fleet = new SmallFleet(leader);
    assertThat(leader.claim(fleet.now()).granted()).isTrue();
  }

  @AfterEach
  void closeFleet() {
    fixture.close();
  }

  private Leaving says(Stowage facade) {
    return facade.leaving(A).orElseThrow();
  }

  @Test
  void progress_goesOnWithTheNextLeader_andIdleCyclesWriteNothing() {
    fleet.join(1_300, "a", "b", "c");
    leader.configure(
        leader.config().version(),
        leader.fleet().config().toBuilder().maxReplication(2).build(),
        fleet.now());
    for (int i = 0; i < 12; i++) {
      fleet.ingest(chunk("c" + i, 10L * i));
    }
    fleet.settle().pass(1_000);
    leader.schedule(fleet.now());
    assertThat(leader.progress().isToGo()).isFalse();
    leader.setStatus(A, WorkerStatus.LEAVING, fleet.now());
    leader.schedule(fleet.now());
    Progress.Part planned = leader.progress(A).orElseThrow();
    assertThat(planned.copies()).isPositive();
    assertThat(planned.leftInWords()).contains("unknown");
    assertThat(leader.progress().reasons()).singleElement().asString().contains("reports of b, c");
    fleet.fetch("b").pass(1);
    leader.schedule(fleet.now());
    Progress half = leader.progress();
    assertThat(half.reasons()).isEmpty();
    assertThat(half.leaving().get(A).copies()).isBetween(1, planned.copies() - 1);
    assertThat(half.leaving().get(A).movedBytes())
        .isEqualTo(100L * half.leaving().get(A).movedCopies())
        .isPositive();
    assertThat(follower.progress().all()).isEqualTo(half.all());
    assertThat(follower.progress().observed()).isEqualTo(half.observed());
    Optional<Annex> kept = SmallFleet.state(leader).annex(KeptValue.MOVED.kind());
    fleet.pass(1);
    leader.schedule(fleet.now());
    assertThat(SmallFleet.state(leader).annex(KeptValue.MOVED.kind())).isEqualTo(kept);
    leader.resign();
    assertThat(follower.claim(fleet.now()).granted()).isTrue();
    fleet.through(follower).pass(40).fetch("c").pass(1);
    follower.schedule(fleet.now());
    Progress done = follower.progress();
    assertThat(done.all().movedBytes()).isGreaterThan(half.all().movedBytes());
    assertThat(done.all().leastBytesPerSecond()).as("measured over both leaders").isPositive();
    assertThat(done.json()).startsWith("{\"tick\":").contains("\"leaving\":{\"a\":");
  }

  @Test
  void leaveUnderABudget_isHeldBackByIt_toFollowersToo() {
    fleet.join(1_000, "a", "b", "c", "d");
    PlacementConfig placement = leader.fleet().config().placement();
    PlacementConfig paced = placement.toBuilder().budget(MovementBudget.ofBytes(100)).build();
    leader.configure(
        leader.config().version(),
        leader.fleet().config().toBuilder().maxReplication(2).placement(paced).build(),
        fleet.now());
    for (int i = 0; i < 8; i++) {
      fleet.ingest(chunk("c" + i, 10L * i));
    }
    fleet.settle();
    leader.setStatus(A, WorkerStatus.LEAVING, fleet.now());
    leader.schedule(fleet.pass(1).now());
    assertThat(says(leader).budget().replicas()).isPositive();
    assertThat(says(follower).budget()).isEqualTo(says(leader).budget());
    assertThat(says(follower).unplanned()).isEqualTo(says(leader).unplanned()).isEqualTo(Part.NONE);
    assertThat(follower.progress().all()).isEqualTo(leader.progress().all());
  }

  @Test
  void leaveWithoutABudget_waitsForAPlan_toFollowersOfAStrainedFleetToo() {
    fleet.join(1_000, "a", "b", "c", "d").ingest(chunk("c1", 0)).settle();
    for (String worker : List.of("a", "b", "c", "d")) {
      leader.heartbeat(fleet.header(worker), new PressureSnapshot(1, 1, 1, 1, 1), fleet.now());
    }
    leader.setStatus(A, WorkerStatus.LEAVING, fleet.now());
    assertThat(says(follower).unplanned().replicas()).isEqualTo(1);
    assertThat(says(follower).budget()).isEqualTo(Part.NONE);
  }

  @Test
  void leave_answersAtOnce_andWhatIsStuckWithTheNextPlan() {
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0)).settle();
    Leaving.StatusSet answer = leader.setStatus(A, WorkerStatus.LEAVING, fleet.now());
    assertThat(answer.isAccepted()).isTrue();
    Leaving leaving = answer.leaving().orElseThrow();
    assertThat(leaving.unplanned()).isEqualTo(ONE);
    assertThat(leaving.all()).isEqualTo(ONE);
    assertThat(leaving.status()).isEqualTo(WorkerStatus.LEAVING);
    assertThat(leaving.safeToStop()).isFalse();
    Tick cycle = leader.schedule(fleet.pass(1).now()).tick();
    Leaving planned = says(leader);
    assertThat(planned.planned()).contains(cycle);
    assertThat(planned.tick()).isEqualTo(cycle);
    assertThat(planned.stuck()).containsExactly(new StuckPart(Reason.TOO_FEW_WORKERS, ONE));
    assertThat(planned.all()).isEqualTo(ONE);
    assertThat(leader.setStatus(A, WorkerStatus.ACTIVE, fleet.now()).leaving()).isEmpty();
  }

  @Test
  void stuckReplica_isSaidByEveryAnswerAlike() {
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0)).settle();
    assertThat(leader.stats().stuck()).isZero();
    leader.setStatus(A, WorkerStatus.LEAVING, fleet.now());
    assertThat(leader.preview(fleet.now()).stuck()).hasSize(1);
    Result.Scheduled cycle = leader.schedule(fleet.now());
    assertThat(cycle.stuck()).extracting(Result.Stuck::chunk).containsExactly(key("c1"));
    StowageStats stats = leader.stats();
    assertThat(stats.stuck()).isEqualTo(1);
    assertThat(stats.stuckBytes()).isEqualTo(100);
    assertThat(follower.stats().stuck()).isEqualTo(StowageStats.NOT_KNOWN);
    String why = cycle.stuck().get(0).inWords();
    assertThat(leader.whyDrainHeld(key("c1"), A).lines().get(0)).endsWith(why);
    assertThat(leader.explainPlacement(key("c1"), fleet.now()).orElseThrow().text()).contains(why);
  }

  @Test
  void leave_withRoomElsewhere_isSafeOnceNoPortalAsksIt() {
    fleet.join(1_000, "a", "b", "c", "d").ingest(chunk("c1", 0)).settle();
    Leaving begun = leader.setStatus(A, WorkerStatus.LEAVING, fleet.now()).leaving().orElseThrow();
    assertThat(begun.stuck()).isEmpty();
    leader.schedule(fleet.now());
    fleet.fetch();
    leader.schedule(fleet.now());
    bothSay(Code.ROUTED, "a");
    leader.publish(fleet.now());
    bothSay(Code.WINDOW, "a");
    fleet.pass(3);
    leader.publish(fleet.now());
    bothSay(Code.SAFE, "a");
    assertThat(says(follower)).as("nothing is left that a plan decides").isEqualTo(toOthers());
    fleet.settle();
    assertThat(says(leader).all()).isEqualTo(Part.NONE);
    assertThat(says(follower)).isEqualTo(toOthers());
  }

  /** Returns the leader's answer without its plan. */
  private Leaving toOthers() {
    Leaving said = says(leader);
    assertThat(said.planned()).isPresent();
    assertThat(said.stuck()).isEmpty();
    return new Leaving(
        A,
        said.status(),
        said.tick(),
        Optional.empty(),
        said.copying(),
        said.confirmation(),
        said.drainWindow(),
        said.unplanned(),
        said.budget(),
        List.of(),
        said.wanted(),
        said.verdict());
  }

  @Test
  void away_goesOnceItsCopiesStandElsewhere_underAnotherLeaderToo() {
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0)).settle();
    long until = fleet.now() + Duration.ofHours(1).toNanos();
    Leaving.StatusSet refused = leader.away(A, until, 2, fleet.now());
    assertThat(refused.code()).isEqualTo(ResultCode.TOO_FEW_WORKERS);
    assertThat(refused.reasons())
        .containsExactly("1 chunk can never have 2 copies elsewhere: " + key("c1"));
    assertThat(says(leader).status()).as("nothing changed").isEqualTo(WorkerStatus.ACTIVE);
    fleet.join(1_000, "c");
    Leaving.StatusSet answer = leader.away(A, until, 2, fleet.now());
    assertThat(answer.isAccepted()).isTrue();
    assertThat(answer.leaving().orElseThrow().status()).isEqualTo(WorkerStatus.AWAY);
    assertThat(answer.leaving().orElseThrow().copying()).isEqualTo(ONE);
    bothSay(Code.FLOOR, "a");
    fleet.settle();
    bothSay(Code.SAFE, "a");
    assertThat(says(leader).wanted()).as("its copy waits for it").isEqualTo(ONE);
    leader.resign();
    assertThat(follower.claim(fleet.now()).granted()).isTrue();
    fleet.through(follower).settle();
    bothSay(Code.SAFE, "a");
    assertThat(follower.back(A, fleet.now()).isAccepted()).isTrue();
    bothSay(Code.NOT_LEAVING, "a");
    assertThat(says(follower).status()).isEqualTo(WorkerStatus.ACTIVE);
  }

  /**
   * Others have as much room as the newcomer, which takes all copies, also under another leader.
   */
  @Test
  void replace_isCarriedOnByTheNextLeader_untilTheOldWorkerIsEmpty() {
    WorkerId d = WorkerId.of("d");
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0), chunk("c2", 10), chunk("c3", 20)).settle();
    fleet.join(1_000, "c").join(200, "d");
    assertThat(leader.replace(A, d, fleet.now()))
        .isEqualTo(
            refused(
                "300 B must move, 100 B more than d has room for; partly lets the"
                    + " rest go elsewhere"));
    assertThat(leader.replacePartly(A, A, fleet.now()))
        .isEqualTo(refused("a cannot replace itself"));
    assertThat(leader.replacePartly(d, WorkerId.of("x"), fleet.now()).reasons())
        .containsExactly("no worker is called x");
    leader.setStatus(d, WorkerStatus.CORDONED, fleet.now());
    assertThat(leader.replacePartly(A, d, fleet.now()))
        .isEqualTo(refused("d takes nothing new: it is not active, or has not registered"));
    assertThat(says(leader).status()).as("nothing changed").isEqualTo(WorkerStatus.ACTIVE);
    leader.setStatus(d, WorkerStatus.ACTIVE, fleet.now());
    leader.describe(Worker.of(d, 1_000), fleet.now());
    Leaving begun = leader.replace(A, d, fleet.now()).leaving().orElseThrow();
    assertThat(begun.status()).isEqualTo(WorkerStatus.LEAVING);
    leader.resign();
    assertThat(follower.claim(fleet.now()).granted()).isTrue();
    fleet.through(follower);
    follower.schedule(fleet.now());
    assertThat(bond()).contains(d);
    assertThat(follower.leaving(d).orElseThrow().wanted()).isEqualTo(new Part(3, 300));
    fleet.settle();
    assertThat(says(follower).all()).isEqualTo(Part.NONE);
    assertThat(bond()).as("it ends with the last copy").isEmpty();
  }

  private Optional<WorkerId> bond() {
    LifecycleSnapshot at = SmallFleet.state(follower);
    return at.workerRow(at.workerPosition(A)).description().replacedBy();
  }

  private static Leaving.StatusSet refused(String reason) {
    return new Leaving.StatusSet(ResultCode.INVALID, List.of(reason), Optional.empty());
  }

  /** All answers of leader and follower are of one code, alone and in a list. */
  private void bothSay(Code code, String... workers) {
    List<WorkerId> ids = Arrays.stream(workers).map(WorkerId::of).toList();
    for (Stowage facade : List.of(leader, follower)) {
      List<Verdict> verdicts = facade.leaving(ids);
      assertThat(verdicts).extracting(Verdict::code).containsOnly(code);
      assertThat(verdicts).extracting(Verdict::worker).isEqualTo(ids);
      for (Verdict each : verdicts) {
        assertThat(facade.leaving(each.worker()).orElseThrow().verdict()).isEqualTo(each);
      }
    }
    assertThat(follower.leaving(ids)).isEqualTo(leader.leaving(ids));
  }

  @Test
  void list_countsADuplicateOnce_andTakesNobody() {
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0)).settle();
    WorkerId nobody = WorkerId.of("nobody");
    for (Stowage facade : List.of(leader, follower)) {
      assertThat(facade.leaving(List.of())).isEmpty();
      assertThat(facade.leaving(List.of(nobody, A, nobody, A)))
          .containsExactly(
              new Verdict(nobody, Code.UNKNOWN_WORKER, Optional.empty()),
              new Verdict(A, Code.NOT_LEAVING, Optional.of(key("c1"))));
      List<WorkerId> most = new ArrayList<>(Collections.nCopies(Leaving.MOST_WORKERS, A));
      assertThat(facade.leaving(most)).hasSize(1);
      most.add(A);
      assertThatThrownBy(() -> facade.leaving(most))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("workers has 5001 names; at most 5000 are accepted");
    }
  }

  @Test
  void worker_thatIsUnknown_isNobody() {
    WorkerId nobody = WorkerId.of("nobody");
    for (Stowage facade : List.of(leader, follower)) {
      assertThat(facade.leaving(nobody)).isEmpty();
    }
    Leaving.StatusSet answer = leader.setStatus(nobody, WorkerStatus.LEAVING, fleet.now());
    assertThat(answer.code()).isEqualTo(ResultCode.UNKNOWN_WORKER);
    assertThat(answer.leaving()).isEmpty();
  }
}
