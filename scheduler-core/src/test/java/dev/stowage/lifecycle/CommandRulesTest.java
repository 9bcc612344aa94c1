package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.LifecycleConfig.RetentionHorizons;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Tests the answers of commands, and the rows after them. */
class CommandRulesTest {
  private final SmallWorld world = SmallWorld.of(1).workers(10, "a");

  private WorkerRow row(String worker) {
    return world.state.rows().build().workers().stream()
        .filter(row -> row.id().equals(WorkerId.of(worker)))
        .findFirst()
        .orElseThrow();
  }

  // --- chunks

  @Test
  void everyItem_isAnsweredWithItsOwnNumber() {
    Result.Batch batch =
        world.run(
            new Command.Ingest(
                List.of(SmallWorld.chunk("d/c", 0, 9), SmallWorld.chunk("d/e", 10, 19))));
    assertThat(batch.items())
        .extracting(Result.Item::number)
        .containsExactly(world.number("d/c"), world.number("d/e"))
        .doesNotHaveDuplicates();
  }

  @Test
  void offerAndSwap_ofTheFirstKeyThatIsKnown_areDuplicates() {
    world.ingest("d/c", 0, 9);
    world.ingest("d/e", 10, 19);
    assertThat(world.offer("d/c", 50, 59).code()).isEqualTo(ResultCode.DUPLICATE);
    Result swap = world.swap("d", List.of("e"), SmallWorld.chunk("d/c", 10, 19));
    assertThat(swap.code()).isEqualTo(ResultCode.DUPLICATE);
  }

  @Test
  void keyOfARemovedChunk_isOverAtEachDoor_untilRetentionFreesIt() {
    SmallWorld kept = new SmallWorld(c -> c.retention(RetentionHorizons.ofTicks(50)));
    kept.ingest("d/c", 0, 9);
    kept.ingest("d/e", 10, 19);
    kept.remove("d/c");
    Result.Item ingested =
        kept.run(new Command.Ingest(List.of(SmallWorld.chunk("d/c", 0, 9)))).items().get(0);
    Result.Item offered =
        kept.run(new Command.Offer(List.of(SmallWorld.chunk("d/c", 0, 9)))).items().get(0);
    Result.SwapRegistered swapped = kept.swap("d", List.of("e"), SmallWorld.chunk("d/c", 10, 19));
    Tick free = Tick.of(kept.state.largestTick().value() + 50);
    assertThat(List.of(ingested.code(), offered.code(), swapped.code()))
        .containsOnly(ResultCode.ENDED);
    assertThat(Arrays.asList(ingested.freeFrom(), offered.freeFrom(), swapped.freeFrom()))
        .containsOnly(free);
    assertThat(swapped.culprit()).isEqualTo(SmallWorld.key("d/c"));
  }

  @Test
  void keyThatRetentionNeverFrees_isFreeAtNoTick() {
    SmallWorld forEver =
        new SmallWorld(c -> c.retention(RetentionHorizons.ofTicks(LifecycleConfig.NEVER)));
    forEver.ingest("d/c", 0, 9);
    forEver.remove("d/c");
    Result.Item again =
        forEver.run(new Command.Ingest(List.of(SmallWorld.chunk("d/c", 0, 9)))).items().get(0);
    assertThat(again.code()).isEqualTo(ResultCode.ENDED);
    assertThat(again.freeFrom()).isNull();
    assertThat(again.reasons()).hasSize(1).first().asString().endsWith("never frees the key");
  }

  @Test
  void swap_isRefusedForWhatIsWrongWithEachChunk() {
    world.ingest("d/c", 0, 9);
    ProposedChunk backwards =
        new ProposedChunk(SmallWorld.key("d/n"), 9, 0, 1, OptionalInt.empty(), Eligibility.ANY);
    Result.SwapRegistered wrong = world.swap("d", List.of("c"), backwards);
    assertThat(wrong.code()).isEqualTo(ResultCode.INVALID);
    assertThat(wrong.reasons()).hasSize(1).first().asString().startsWith("d/n: ");
  }

  /** The first row of all, and one of the same side that is not named in order. */
  @Test
  void overlapsOfANewSide_areFound() {
    world.ingest("d/c", 0, 9);
    world.ingest("d/e", 10, 19);
    Result.SwapRegistered first = world.swap("d", List.of("e"), SmallWorld.chunk("d/n", 9, 19));
    assertThat(first.code()).isEqualTo(ResultCode.OVERLAP);
    assertThat(first.culprit()).isEqualTo(SmallWorld.key("d/c"));
    Result.SwapRegistered same =
        world.swap(
            "d",
            List.of("e"),
            SmallWorld.chunk("d/p", 17, 19),
            SmallWorld.chunk("d/m", 10, 12),
            SmallWorld.chunk("d/o", 16, 18));
    assertThat(same.code()).isEqualTo(ResultCode.OVERLAP);
    assertThat(same.culprit()).isEqualTo(SmallWorld.key("d/p"));
  }

  @Test
  void chunksThatMayWait_areTheLastThatMay() {
    SmallWorld two = new SmallWorld(c -> c.maxWaitingChunks(2));
    assertThat(two.ingest("d/a", 0, 9).code()).isEqualTo(ResultCode.ACCEPTED);
    assertThat(two.ingest("d/b", 10, 19).code()).isEqualTo(ResultCode.ACCEPTED);
    assertThat(two.ingest("d/c", 20, 29).code()).isEqualTo(ResultCode.BACKPRESSURE);
  }

  // --- workers

  @Test
  void workers_areRefusedForWhatIsWrongWithThem() {
    Result.Answer wrong =
        world.run(new Command.Describe(WorkerId.of("b"), Worker.Description.of(-1, "z")));
    assertThat(wrong.code()).isEqualTo(ResultCode.INVALID);
    assertThat(wrong.reasons()).hasSize(1);
    Result.Answer path =
        world.run(new Command.Describe(WorkerId.of("b"), Worker.Description.of(1, "eu//x")));
    assertThat(path.code()).isEqualTo(ResultCode.INVALID);
    assertThat(path.reasons()).containsExactly("zone is a path with an empty part: eu//x");
    Result.Registered unknown = world.run(new Command.Register(WorkerId.of("b"), "disk-b"));
    assertThat(unknown.code()).isEqualTo(ResultCode.UNKNOWN_WORKER);
    assertThat(unknown.lineage()).isEqualTo(world.state.lineage());
  }

  @Test
  void workerThatRegistersFirst_owesAnInventory_onlyToALineageThatIsNotTheFirst() {
    assertThat(row("a").owesInventory()).isFalse();
    world.run(new LeaderCommand.BeginLineage(Lineage.of(8)));
    world.workers(10, "b");
    assertThat(row("b").owesInventory()).isTrue();
    world.inventory("b");
    world.schedule();
    assertThat(row("b").owesInventory()).isFalse();
    world.disk("b").diskId = "another";
    world.register("b");
    assertThat(row("b").owesInventory()).isFalse();
    assertThat(row("b").incarnation()).isEqualTo(Incarnation.of(2));
  }

  /** An assigned replica is to be downloaded again; one that is not wanted is worth nothing. */
  @Test
  void replicasOfAReplacedDisk_forgetTheirStamps() {
    world.ingest("d/c", 0, 9);
    world.settle();
    world.lose("a", "d/c");
    world.publish();
    assertThat(world.state.isMissing(world.replica("d/c", "a"))).isTrue();
    world.disk("a").diskId = "another";
    world.register("a");
    int slot = world.replica("d/c", "a");
    assertThat(world.state.isMissing(slot)).isFalse();
    assertThat(world.state.isDiskGone(slot)).isFalse();
    world.schedule();
    world.fetch("a");
    world.publish();
    world.workers(10, "b");
    world.handOver("a", "b");
    assertThat(world.state.replicaState(slot)).isEqualTo(ReplicaState.DRAINING);
    assertThat(world.state.readableUntil(slot)).isEqualTo(world.now + 5);
    world.disk("a").diskId = "a third";
    world.register("a");
    assertThat(world.state.isDiskGone(slot)).isTrue();
    assertThat(world.state.readableUntil(slot)).isZero();
    world.schedule();
    assertThat(world.holders("d/c")).containsExactly("b");
  }

  @Test
  void incarnation_isPublishedOfWorkersThatHoldSomething() {
    assertThat(row("a").publishedIncarnation()).isZero();
    assertThat(world.schedule().minted()).isEmpty();
    assertThat(row("a").publishedIncarnation()).isZero();
    assertThat(world.lastChanges.mintedWorkerAssignment()).isEmpty();
    world.ingest("d/c", 0, 9);
    Result.Scheduled placed = world.schedule();
    assertThat(row("a").publishedIncarnation()).isEqualTo(1);
    assertThat(world.lastChanges.workers()).hasSize(1);
    assertThat(placed.minted()).isPresent();
    assertThat(world.lastChanges.mintedWorkerAssignment()).isEqualTo(placed.minted());
  }

  /** The chunk stays hidden for the suspicion alone. */
  @Test
  void registration_thatEndsASuspicion_letsItsChunksPassTheGate() {
    world.ingest("d/c", 0, 9);
    world.schedule();
    world.fetch("a");
    world.status("a", WorkerStatus.SUSPECT);
    assertThat(world.publish().promoted()).isEmpty();
    world.register("a");
    assertThat(world.publish().promoted()).containsExactly(SmallWorld.key("d/c"));
  }

  // --- answers

  private static Result.Item item(ResultCode code) {
    return new Result.Item(SmallWorld.key("d/c"), code, null, null, List.of());
  }

  @Test
  void batch_isAnsweredWithItsFirstRefusal_orItsFirstItem() {
    Result.Item accepted = item(ResultCode.ACCEPTED);
    Result.Item offered = item(ResultCode.OFFERED);
    Result refused =
        new Result.Batch(
            List.of(accepted, item(ResultCode.OVERLAP), item(ResultCode.DUPLICATE), offered));
    assertThat(refused.code()).isEqualTo(ResultCode.OVERLAP);
    assertThat(refused.isAccepted()).isFalse();
    Result taken = new Result.Batch(List.of(offered, accepted));
    assertThat(taken.code()).isEqualTo(ResultCode.OFFERED);
    assertThat(taken.isAccepted()).isTrue();
    assertThat(new Result.Batch(List.of()).code()).isEqualTo(ResultCode.ACCEPTED);
  }

  @Test
  void cycle_isAChange_ifWhatWasAdmittedBeforeItIsOne() {
    Result.Scheduled idle = world.schedule();
    assertThat(idle.changed()).isFalse();
    List<ChunkKey> some = List.of(SmallWorld.key("d/c"));
    assertThat(idle.withAdmission(new Result.Admitted(List.of(), List.of()))).isEqualTo(idle);
    Result.Scheduled admitted = idle.withAdmission(new Result.Admitted(some, List.of()));
    assertThat(admitted.changed()).isTrue();
    assertThat(admitted.admitted()).isEqualTo(some);
    Result.Scheduled rejected = idle.withAdmission(new Result.Admitted(List.of(), some));
    assertThat(rejected.changed()).isTrue();
    assertThat(rejected.rejected()).isEqualTo(some);
    assertThat(idle.withChanged(true).withAdmission(new Result.Admitted(List.of(), List.of())))
        .isEqualTo(idle.withChanged(true));
  }

  @Test
  void wishes_meet_whereOnePairMayBeMeantByBoth() {
    PlacementWish chunk =
        PlacementWish.of(PlacementWish.Kind.PIN, SmallWorld.key("d/c"), WorkerId.of("a"));
    PlacementWish dataset =
        PlacementWish.of(PlacementWish.Kind.BAN, DatasetId.of("d"), WorkerId.of("a"));
    assertThat(chunk.meets(dataset)).isTrue();
    assertThat(dataset.meets(chunk)).isTrue();
    assertThat(chunk.meets(chunk)).isTrue();
    for (PlacementWish other :
        List.of(
            PlacementWish.of(PlacementWish.Kind.BAN, SmallWorld.key("d/e"), WorkerId.of("a")),
            PlacementWish.of(PlacementWish.Kind.BAN, SmallWorld.key("d/c"), WorkerId.of("b")),
            PlacementWish.of(PlacementWish.Kind.BAN, SmallWorld.key("e/c"), WorkerId.of("a")))) {
      assertThat(chunk.meets(other)).as("%s", other).isFalse();
    }
    PlacementWish next =
        PlacementWish.of(PlacementWish.Kind.BAN, SmallWorld.key("d/e"), WorkerId.of("a"));
    assertThat(List.of(next, chunk, dataset).stream().sorted(PlacementWish.ORDER))
        .containsExactly(dataset, chunk, next);
  }

  // --- the fleet

  @Test
  void defaults_areWithinTheirBounds() {
    assertThat(LifecycleConfig.defaults().violations()).isEmpty();
    assertThat(LifecycleConfig.defaults()).isEqualTo(LifecycleConfig.builder().build());
  }

  @Test
  void lowerFloor_letsChunksPassTheGate() {
    SmallWorld two = SmallWorld.of(2).workers(10, "a", "b");
    two.ingest("d/c", 0, 9);
    two.schedule();
    two.fetch("a");
    assertThat(two.publish().promoted()).isEmpty();
    LifecycleConfig lower = two.state.config().toBuilder().minReplication(1).build();
    two.run(new Command.Configure(Command.ANY_VERSION, lower));
    assertThat(two.publish().promoted()).containsExactly(SmallWorld.key("d/c"));
  }

  @Test
  void configurationThatMayNotBe_isRefusedWithItsReasons() {
    LifecycleConfig wrong = world.state.config().toBuilder().minReplication(0).unchecked();
    Result.Versioned answer = world.run(new Command.Configure(Command.ANY_VERSION, wrong));
    assertThat(answer.code()).isEqualTo(ResultCode.INVALID);
    assertThat(answer.reasons()).containsExactly("min_replication is 0; at least 1 is accepted");
    assertThat(answer.version()).isEqualTo(1);
  }

  @Test
  void wishes_areKeptInTheirOrder() {
    world.ingest("d/c", 0, 9);
    PlacementWish second =
        PlacementWish.of(PlacementWish.Kind.BAN, DatasetId.of("e"), WorkerId.of("a"));
    PlacementWish first =
        PlacementWish.of(PlacementWish.Kind.PIN, SmallWorld.key("d/c"), WorkerId.of("a"));
    world.run(new Command.Wish(second, Command.ANY_VERSION));
    world.run(new Command.Wish(first, Command.ANY_VERSION));
    assertThat(world.state.fleetRow().wishes()).containsExactly(first, second);
  }

  @Test
  void purgeOfWorkersAlone_andOfASwapWithItsChunk_areChanges() {
    SmallWorld kept = new SmallWorld(c -> c.retention(RetentionHorizons.ofTicks(0)));
    kept.workers(10, "a", "b");
    kept.status("b", WorkerStatus.DEPARTED);
    Result.Purged workers = kept.run(new LeaderCommand.Purge());
    assertThat(workers.workers()).isEqualTo(1);
    assertThat(workers.changed()).isTrue();
    kept.ingest("d/c", 0, 9);
    kept.settle();
    kept.swap("d", List.of("c"), SmallWorld.chunk("d/n", 0, 9));
    kept.settle();
    Result.Purged swap = kept.run(new LeaderCommand.Purge());
    assertThat(swap.swaps()).isEqualTo(1);
    assertThat(swap.chunks()).isEqualTo(1);
    assertThat(swap.changed()).isTrue();
  }

  // --- cycles

  /** The one bytes that nobody may read wait in the pause for its end, and are counted. */
  @Test
  void deletionsOfAPause_areHeld_untilItsEnd() {
    world.ingest("d/c", 0, 9);
    world.settle();
    world.workers(10, "b");
    world.handOver("a", "b");
    long released = world.now;
    world.now = released + 2;
    world.run(new LeaderCommand.BeginLineage(Lineage.of(8)));
    world.register("b");
    world.inventory("b");
    world.now = released + 5;
    Result.Scheduled paused = world.schedule();
    assertThat(paused.heldDeletions()).isEqualTo(1);
    assertThat(world.holders("d/c")).containsExactly("a", "b");
    world.now = released + 6;
    assertThat(world.schedule().heldDeletions()).isEqualTo(1);
    world.now = released + 7;
    Result.Scheduled over = world.schedule();
    assertThat(over.heldDeletions()).isZero();
    assertThat(over.backpressure()).isFalse();
    assertThat(over.movement().settled()).isEqualTo(1);
    assertThat(over.minted()).isPresent();
    assertThat(world.holders("d/c")).containsExactly("b");
  }

  /** Only in a pause does a replica of a replaced disk stay for as long as a plan takes. */
  @Test
  void replicaOfAReplacedDisk_thatIsTakenBack_countsAsAnyOther() {
    world.ingest("d/c", 0, 9);
    world.settle();
    world.workers(10, "b");
    world.status("a", WorkerStatus.LEAVING);
    world.schedule();
    world.run(new LeaderCommand.BeginLineage(Lineage.of(8)));
    world.disk("a").diskId = "another";
    world.disk("a").bytes.clear();
    for (String name : List.of("a", "b")) {
      world.register(name);
      world.inventory(name);
    }
    assertThat(world.state.isDiskGone(world.replica("d/c", "a"))).isTrue();
    world.status("a", WorkerStatus.ACTIVE);
    assertThat(world.schedule().movement().readopted()).isEqualTo(1);
    assertThat(world.state.isDiskGone(world.replica("d/c", "a"))).isFalse();
  }
}
