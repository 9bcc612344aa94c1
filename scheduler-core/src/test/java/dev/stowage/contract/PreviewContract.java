package dev.stowage.contract;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Evidence;
import dev.stowage.Preview;
import dev.stowage.Stowage;
import dev.stowage.answer.Progress;
import dev.stowage.answer.Progress.Cause;
import dev.stowage.answer.Progress.CopyTime;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.contract.FaultyStore.Fault;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayer;
import dev.stowage.model.Chunk;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.PlanChanges;
import dev.stowage.placement.PlanChanges.ActionKind;
import dev.stowage.replay.EngineReplay;
import dev.stowage.store.CommandId;
import dev.stowage.store.StorageException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The contract of plans that are reviewed and then carried out. A backend extends this class, opens
 * its store, and changes nothing else.
 */
public abstract class PreviewContract {
  private static final WorkerId A = WorkerId.of("a");

  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private StoreFixture fixture;
  private FaultyStore faulty;
  private Stowage leader;
  private Stowage follower;
  private SmallFleet fleet;

  /** A fresh store, whose fleet has not begun. */
  protected abstract StoreFixture open();

  @BeforeEach
  void openFleet() {
    fixture = open();
    faulty = new FaultyStore(fixture.connect());
    leader = audit.watch(SmallFleet.facade(faulty, "first"));
    follower = audit.watch(SmallFleet.facade(fixture.connect(), "second"));
    fleet = new SmallFleet(leader);
    assertThat(leader.claim(fleet.now()).granted()).isTrue();
    LifecycleConfig config =
        SmallFleet.config().fleet().toBuilder().maxReplication(WeightPolicy.AT_FLOOR).build();
    leader.configure(Command.ANY_VERSION, config, fleet.now());
    fleet.join(1_000, "a", "b", "c", "d");
    fleet.ingest(chunk("c1", 0), chunk("c2", 10), chunk("c3", 20)).settle();
  }

  @AfterEach
  void closeFleet() {
    fixture.close();
  }

  private static List<Command<?>> drain(String... workers) {
    return List.of(workers).stream()
        .<Command<?>>map(it -> new Command.SetStatus(WorkerId.of(it), WorkerStatus.LEAVING))
        .toList();
  }

  private static Command.Configure floor(LifecycleConfig config, int floor) {
    return new Command.Configure(
        Command.ANY_VERSION, config.toBuilder().minReplication(floor).build());
  }

  private long digest() {
    return SmallFleet.state(leader).digest();
  }

  /** Reports come one a tick, so that there is a rate. */
  private void copyOneByOne(String... chunks) {
    for (int at = 0; at < chunks.length; at++) {
      fleet.ingest(chunk(chunks[at], 100 + 10L * at));
    }
    leader.schedule(fleet.pass(1).now());
    for (String worker : List.of("a", "b", "c", "d")) {
      fleet.pass(1).fetch(worker);
      leader.schedule(fleet.now());
    }
  }

  @Test
  void preview_withoutABudget_tellsTheTimeOfItsCopies_byTheRatesOfReports() {
    assertThat(leader.preview(List.of(), fleet.now()).time()).isEqualTo(CopyTime.NONE);
    CopyTime unknown = leader.preview(drain("a"), fleet.pass(500).now()).time();
    assertThat(unknown.isKnown()).isFalse();
    assertThat(unknown.inWords())
        .startsWith("unknown: no budget bounds moves, and no rate of copies");
    copyOneByOne("c4", "c5", "c6", "c7");
    Progress.Part all = leader.progress().all();
    Preview preview = leader.preview(drain("a"), fleet.now());
    long bytes = preview.changes().workers().stream().mapToLong(PlanChanges.Share::inBytes).sum();
    long most =
        preview.changes().workers().stream().mapToLong(PlanChanges.Share::inBytes).max().orElse(0);
    assertThat(bytes).isPositive();
    assertThat(preview.changes().cycles()).as("no budget").isEmpty();
    double worst = 4 * most / all.leastBytesPerSecond();
    assertThat(preview.time().mostSeconds())
        .as("few copies were seen, and the last report takes two turns")
        .isBetween(bytes / all.leastBytesPerSecond() + 2, 1.4 * worst + 2);
    assertThat(preview.time().leastSeconds())
        .isBetween(0.6 * bytes / all.mostBytesPerSecond(), worst)
        .isGreaterThanOrEqualTo(preview.time().mostSeconds() / 3);
  }

  @Test
  void drain_isShownByMoves_andCarriedOutByItsHash() {
    long before = digest();
    Object records = Evidence.of(leader).head();
    Preview preview = leader.preview(drain("a"), fleet.now());
    assertThat(digest()).isEqualTo(before);
    assertThat(Evidence.of(leader).head()).isEqualTo(records);
    assertThat(preview.code()).isEqualTo(ResultCode.ACCEPTED);
    List<PlanChanges.Move> off =
        preview.changes().moves().stream().filter(it -> it.from().equals(Optional.of(A))).toList();
    assertThat(off)
        .isNotEmpty()
        .allSatisfy(move -> {
          assertThat(move.cause()).isEqualTo(Cause.EVACUATE);
          assertThat(move.to()).isPresent();
          assertThat(move.kind()).isEqualTo(ActionKind.ADD);
          assertThat(move.copiedBytes()).isEqualTo(100);
        });
    assertThat(preview.bytesByCause()).containsEntry(Cause.EVACUATE, 100L * off.size());
    PlanChanges.Share share = preview.changes().workers().get(0);
    assertThat(share.worker()).isEqualTo(A);
    assertThat(share.beforeBytes()).isEqualTo(share.outBytes()).isEqualTo(100L * off.size());
    assertThat(share.afterBytes()).isZero();
    Result.CarriedOut done = leader.schedule(drain("a"), fleet.pass(3).now(), preview.planHash());
    assertThat(done.code()).isEqualTo(ResultCode.ACCEPTED);
    assertThat(done.planHash()).isEqualTo(preview.planHash());
    assertThat(done.cycle().orElseThrow().struck()).isZero();
    assertThat(done.cycle().orElseThrow().movement().bytesAddedByCause())
        .containsExactlyEntriesOf(Map.of("evacuate", 100L * off.size()));
    assertThat(leader.leaving(A).orElseThrow().status()).isEqualTo(WorkerStatus.LEAVING);
  }

  @Test
  void staleHash_isPlanChanged_andChangesNothing() {
    Preview preview = leader.preview(drain("a"), fleet.now());
    leader.describe(dev.stowage.model.Worker.of(WorkerId.of("d"), 2_000), fleet.now());
    long before = digest();
    Result.CarriedOut answer = leader.schedule(drain("a"), fleet.now(), preview.planHash());
    assertThat(answer.code()).isEqualTo(ResultCode.PLAN_CHANGED);
    assertThat(answer.reasons())
        .containsExactly(
            "the plan is "
                + answer.planHash()
                + "; reviewed was "
                + preview.planHash()
                + ": the workers differ, newest by Describe at tick "
                + leader.progress().tick()
                + "; review again");
    assertThat(answer.planHash())
        .isEqualTo(leader.preview(drain("a"), fleet.now()).planHash())
        .isNotEqualTo(preview.planHash());
    assertThat(answer.cycle()).isEmpty();
    assertThat(digest()).isEqualTo(before);
    assertThat(leader.schedule(drain("a"), fleet.now(), answer.planHash()).code())
        .isEqualTo(ResultCode.ACCEPTED);
  }

  @Test
  void changedPlan_namesTheFirstPartThatDiffers() {
    LifecycleConfig config = leader.config().value();
    String hash = leader.preview(drain("a"), fleet.now()).planHash();
    leader.ban(key("c1"), WorkerId.of("c"), fleet.now());
    assertThat(whyChanged(hash)).contains("the pins, bans or advice differ, newest by Wish at ");
    leader.ingest(List.of(chunk("c9", 90)), fleet.now());
    assertThat(whyChanged(hash))
        .contains("the chunks or what is asked for them differ, newest by Ingest at ");
    leader.execute(floor(config, 3), fleet.now());
    assertThat(whyChanged(hash))
        .contains(" differ, newest by Configure at ")
        .endsWith("; review again");
  }

  private String whyChanged(String hash) {
    return leader.schedule(drain("a"), fleet.now(), hash).reasons().get(0);
  }

  @Test
  void unknownWorker_isRefused_andNothingIsCarriedOut() {
    long before = digest();
    Preview preview = leader.preview(drain("a", "nobody"), fleet.now());
    assertThat(preview.code()).isEqualTo(ResultCode.UNKNOWN_WORKER);
    assertThat(preview.results()).hasSize(2);
    assertThat(preview.planHash()).isEmpty();
    Result.CarriedOut answer = leader.schedule(drain("a", "nobody"), fleet.now(), "");
    assertThat(answer.code()).isEqualTo(ResultCode.UNKNOWN_WORKER);
    assertThat(answer.reasons()).singleElement().asString().startsWith("command 2 is refused");
    assertThat(digest()).isEqualTo(before);
    assertThatThrownBy(() -> leader.preview(List.of(new LeaderCommand.Purge()), fleet.now()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Purge");
  }

  @Test
  void settingsAndNewChunks_areShown_andCarriedOut() {
    LifecycleConfig config = leader.config().value();
    Chunk fresh = chunk("c9", 90);
    List<Command<?>> commands =
        List.of(
            floor(config, 3),
            new Command.Offer(dev.stowage.command.ProposedChunk.listOf(List.of(fresh))));
    Preview preview = leader.preview(commands, fleet.now());
    assertThat(preview.bytesByCause()).containsEntry(Cause.NEW, 300L);
    assertThat(leader.config().value()).isEqualTo(config);
    Preview again = leader.preview(commands, fleet.now());
    assertThat(again).isEqualTo(preview);
    Result.CarriedOut done = leader.schedule(commands, fleet.now(), preview.planHash());
    assertThat(done.code()).isEqualTo(ResultCode.ACCEPTED);
    assertThat(done.cycle().orElseThrow().admitted()).containsExactly(key("c9"));
    fleet.settle();
    assertThat(leader.status(List.of(key("c9"))).get(0).replicas()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void failedCommit_isTakenBack_andCanBeRepeated() {
    Preview preview = leader.preview(drain("a"), fleet.now());
    long before = digest();
    faulty.failNext(Fault.BEFORE_COMMIT);
    assertThatThrownBy(() -> leader.schedule(drain("a"), fleet.now(), preview.planHash()))
        .isInstanceOf(StorageException.Transient.class);
    assertThat(digest()).isEqualTo(before);
    faulty.failNext(Fault.AFTER_COMMIT_UNKNOWN);
    assertThat(leader.schedule(drain("a"), fleet.now(), preview.planHash()).code())
        .isEqualTo(ResultCode.ACCEPTED);
    assertThat(leader.schedule(drain("a"), fleet.now(), preview.planHash()).code())
        .isEqualTo(ResultCode.PLAN_CHANGED);
  }

  private static CommandId name(Result requested) {
    assertThat(requested.code()).isEqualTo(ResultCode.REQUESTED);
    return CommandId.parse(requested.reasons().get(0));
  }

  @Test
  void request_whileNobodyLeads_isAnsweredByTheNextCycle() {
    Preview preview = leader.preview(drain("a"), fleet.now());
    leader.resign();
    Result.CarriedOut asked = follower.schedule(drain("a"), fleet.now(), preview.planHash());
    CommandId name = name(asked);
    assertThat(asked.isAccepted()).isFalse();
    Result behind = follower.execute(drain("b").get(0), fleet.now());
    assertThat(follower.claim(fleet.now()).granted()).isTrue();
    fleet.through(follower).pass(1);
    follower.publish(fleet.now());
    assertThat(follower.answer(name)).isEmpty();
    assertThat(follower.answer(name(behind))).as("the log has an order").isEmpty();
    follower.schedule(fleet.now());
    assertThat(follower.answer(name))
        .hasValueSatisfying(reply -> {
          assertThat(reply.code()).isEqualTo(ResultCode.ACCEPTED);
          assertThat(((Result.CarriedOut) reply).planHash()).isEqualTo(preview.planHash());
          assertThat(((Result.CarriedOut) reply).results()).hasSize(1);
        });
    assertThat(follower.answer(name(behind))).isPresent();
    assertThat(follower.leaving(A).orElseThrow().status()).isEqualTo(WorkerStatus.LEAVING);
  }

  @Test
  void twoRequestsForOnePlan_oneIsCarriedOut_theOtherFindsAnotherPlan() {
    Preview preview = leader.preview(drain("a"), fleet.now());
    Stowage third = audit.watch(SmallFleet.facade(fixture.connect(), "third"));
    CommandId one = name(follower.schedule(drain("a"), fleet.now(), preview.planHash()));
    CommandId other = name(third.schedule(drain("a"), fleet.now(), preview.planHash()));
    leader.publish(fleet.now());
    leader.schedule(fleet.now());
    assertThat(leader.answer(one)).map(Result::code).contains(ResultCode.ACCEPTED);
    assertThat(leader.answer(other))
        .hasValueSatisfying(reply -> {
          assertThat(reply.code()).isEqualTo(ResultCode.PLAN_CHANGED);
          assertThat(reply.reasons().get(0))
              .contains("reviewed was " + preview.planHash() + ": the ");
        });
    List<EvidenceRecord> recorded = fixture.connect().evidence(0, Integer.MAX_VALUE);
    assertThat(recorded)
        .map(it -> EngineReplay.catalog().explain(it).text())
        .anyMatch(it -> it.contains("PLAN_CHANGED the plan is "));
    assertThat(
            Replayer.run(
                Evidence.of(leader).header(),
                recorded,
                EngineReplay.with(PlacementPlanner.sticky())))
        .isInstanceOf(Replayer.ReplayResult.Same.class);
  }

  @Test
  void requestWithoutAPlan_isAllOrNone_andDecidedWithTheLog() {
    CommandId name = name(follower.schedule(drain("a", "nobody"), fleet.now(), ""));
    CommandId withdrawn = name(follower.schedule(drain("b"), fleet.now(), ""));
    assertThat(follower.withdraw(withdrawn)).isTrue();
    leader.publish(fleet.now());
    assertThat(leader.answer(name))
        .hasValueSatisfying(reply -> {
          assertThat(reply.code()).isEqualTo(ResultCode.UNKNOWN_WORKER);
          assertThat(reply.reasons().get(0)).startsWith("command 2 is refused");
        });
    assertThat(leader.answer(withdrawn)).isEmpty();
    assertThat(List.of(A, WorkerId.of("b")))
        .allSatisfy(it ->
            assertThat(leader.leaving(it).orElseThrow().status()).isEqualTo(WorkerStatus.ACTIVE));
  }

  @Test
  void carryOut_ofACarryOut_isRefused() {
    Command<?> inner = new Command.CarryOut(drain("a"), "");
    Result.CarriedOut refused = leader.schedule(List.of(inner), fleet.now(), "");
    assertThat(refused.code()).isEqualTo(ResultCode.INVALID);
    assertThat(refused.reasons().get(0)).contains("a CarryOut, which is not carried out with");
  }
}
