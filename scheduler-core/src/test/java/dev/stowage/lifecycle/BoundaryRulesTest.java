package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Annex;
import dev.stowage.command.Command;
import dev.stowage.command.Command.Coverage;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.LifecycleConfig.RetentionHorizons;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules that depend on a number: what happens exactly on the bound, and one short of it. */
class BoundaryRulesTest {

  private static ResultCode code(Result result) {
    return result.code();
  }

  private static ProposedChunk sized(String path, long first, long last, long bytes) {
    return ProposedChunk.of(Chunk.of(SmallWorld.key(path), BlockRange.of(first, last), bytes));
  }

  private static ResultCode ingest(SmallWorld world, ProposedChunk chunk) {
    Result.Batch batch = world.run(new Command.Ingest(List.of(chunk)));
    return batch.items().get(0).code();
  }

  private static PlacementWish wish(PlacementWish.Kind kind, String chunk, String worker) {
    return PlacementWish.of(kind, SmallWorld.key(chunk), WorkerId.of(worker));
  }

  private static ChunkRow row(SmallWorld world, String path) {
    return world.state.rows().build().chunks().stream()
        .filter(each -> each.key().equals(SmallWorld.key(path)))
        .findFirst()
        .orElseThrow();
  }

  // --- section 3: when lost bonus replicas are made again

  private static SmallWorld withLostBonus(int floor) {
    SmallWorld world =
        new SmallWorld(c -> c.minReplication(floor).regrowAfterTicks(10))
            .workers(10, "a", "b", "c");
    world.ingest("d/c", 0, 9);
    world.settle();
    assertThat(world.holders("d/c")).containsExactly("a", "b", "c");
    world.workers(10, "e");
    world.run(new Command.Wish(wish(PlacementWish.Kind.BAN, "d/c", "e"), Command.ANY_VERSION));
    world.status("a", WorkerStatus.DEPARTED);
    world.schedule();
    world.run(new Command.Unwish(wish(PlacementWish.Kind.BAN, "d/c", "e"), Command.ANY_VERSION));
    return world;
  }

  @Test
  void lostBonus_isMadeAgainAfterSoManyTicks_andNotOneEarlier() {
    SmallWorld world = withLostBonus(2);
    long departed = world.now;
    assertThat(row(world, "d/c").lostTicks()).containsExactly(departed);
    world.now = departed + 9;
    world.schedule();
    assertThat(world.holders("d/c")).containsExactly("b", "c");
    world.now = departed + 10;
    world.schedule();
    assertThat(world.holders("d/c")).containsExactly("b", "c", "e");
    assertThat(row(world, "d/c").lostTicks()).isEmpty();
  }

  @Test
  void twoLostBonuses_areRememberedInTheirOrder_untilTheChunkEnds() {
    SmallWorld world = withLostBonus(1);
    long first = world.now;
    world.now += 3;
    world.status("b", WorkerStatus.DEPARTED);
    world.schedule();
    assertThat(row(world, "d/c").lostTicks()).containsExactly(first, first + 3);
    world.remove("d/c");
    world.publish();
    world.now += 5;
    world.schedule();
    assertThat(world.chunkState("d/c")).isEqualTo(ChunkState.TOMBSTONE);
    assertThat(row(world, "d/c").lostTicks()).isEmpty();
    assertThat(row(world, "d/c").endTick()).isEqualTo(world.now);
  }

  @Test
  void supersededReplica_isNoBonusThatWasLost() {
    SmallWorld world =
        new SmallWorld(c -> c.minReplication(1).regrowAfterTicks(10)).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.status("a", WorkerStatus.LEAVING);
    world.schedule();
    assertThat(world.replicas("d/c")).containsEntry("a", ReplicaState.SUPERSEDED);
    world.status("a", WorkerStatus.DEPARTED);
    world.schedule();
    assertThat(row(world, "d/c").lostTicks()).isEmpty();
  }

  // --- section 7: retention

  private static SmallWorld kept(RetentionHorizons horizons) {
    return new SmallWorld(c -> c.retention(horizons)).workers(10, "a", "b");
  }

  private static Result.Purged purge(SmallWorld world) {
    return world.run(new LeaderCommand.Purge());
  }

  @Test
  void tombstone_isPurgedOnItsHorizon_andNotOneTickEarlier() {
    SmallWorld world = kept(new RetentionHorizons(7, LifecycleConfig.NEVER, 1, 1));
    world.ingest("d/c", 0, 9);
    world.remove("d/c");
    world.now = 3;
    world.schedule();
    world.now = 9;
    assertThat(purge(world).chunks()).isZero();
    assertThat(purge(world).changed()).isFalse();
    world.now = 10;
    Result.Purged purged = purge(world);
    assertThat(purged.chunks()).isEqualTo(1);
    assertThat(purged.changed()).isTrue();
    assertThat(world.state.chunkPosition(SmallWorld.key("d/c"))).isNegative();
  }

  @Test
  void rejectedChunk_isPurgedOnTheSameHorizon() {
    SmallWorld world = kept(new RetentionHorizons(7, 0, 0, 0));
    world.ingest("d/c", 0, 9);
    world.offer("d/e", 5, 14);
    world.now = 3;
    assertThat(world.schedule().rejected()).containsExactly(SmallWorld.key("d/e"));
    world.now = 9;
    assertThat(purge(world).chunks()).isZero();
    world.now = 10;
    assertThat(purge(world).chunks()).isEqualTo(1);
    assertThat(world.chunkState("d/c")).isEqualTo(ChunkState.ADMITTED);
  }

  @Test
  void firedAndCancelledSwaps_arePurgedOnTheirHorizon_pendingOnesNever() {
    SmallWorld world = kept(new RetentionHorizons(LifecycleConfig.NEVER, 7, 0, 0));
    for (int i = 0; i < 3; i++) {
      world.ingest("d/c" + i, i * 10L, i * 10L + 9);
    }
    world.settle();
    world.swap("d", List.of("c0"), SmallWorld.chunk("d/n0", 0, 9));
    world.schedule();
    world.fetchAll();
    long ended = world.now;
    assertThat(world.publish().fired()).containsExactly(1L);
    world.swap("d", List.of("c1"), SmallWorld.chunk("d/n1", 10, 19));
    world.swap("d", List.of("c2"), SmallWorld.chunk("d/n2", 20, 29));
    world.run(new Command.CancelSwap(2));
    world.now = ended + 6;
    assertThat(purge(world).swaps()).isZero();
    world.now = ended + 7;
    assertThat(purge(world).swaps()).isEqualTo(2);
    assertThat(world.state.swap(3)).isPresent();
    world.now = ended + 1_000;
    assertThat(purge(world).swaps()).isZero();
  }

  @Test
  void departedWorker_isPurgedOnItsHorizon_onceItHoldsNothing() {
    SmallWorld world = kept(new RetentionHorizons(0, 0, 0, 7));
    world.ingest("d/c", 0, 9);
    world.schedule();
    world.now = 3;
    world.status("a", WorkerStatus.DEPARTED);
    world.now = 20;
    assertThat(purge(world).workers()).isZero();
    world.schedule();
    assertThat(purge(world).workers()).isEqualTo(1);
    world.status("b", WorkerStatus.DEPARTED);
    world.schedule();
    world.now = 26;
    assertThat(purge(world).workers()).isZero();
    world.now = 27;
    assertThat(purge(world).workers()).isEqualTo(1);
  }

  @Test
  void replacedAssignment_isForgottenOnItsHorizon() {
    SmallWorld world = kept(new RetentionHorizons(0, 0, 7, 0));
    world.ingest("d/c", 0, 9);
    world.schedule();
    int before = world.state.retainedAssignments().workers().size();
    world.ingest("d/e", 10, 19);
    world.now = 3;
    world.schedule();
    assertThat(world.state.retainedAssignments().workers()).hasSize(before + 1);
    world.now = 9;
    purge(world);
    assertThat(world.state.retainedAssignments().workers().get(0).id().value()).isEqualTo(1);
    world.now = 10;
    purge(world);
    assertThat(world.state.retainedAssignments().workers()).hasSize(1);
    assertThat(world.state.retainedAssignments().workers().get(0).id().value()).isEqualTo(2);
  }

  // --- section 6: back-pressure

  @Test
  void bytesThatMayWait_areTheLastThatMay() {
    SmallWorld world = new SmallWorld(c -> c.maxWaitingBytes(100)).workers(10, "a");
    assertThat(ingest(world, sized("d/c", 0, 9, 60))).isEqualTo(ResultCode.ACCEPTED);
    assertThat(ingest(world, sized("d/e", 10, 19, 41))).isEqualTo(ResultCode.BACKPRESSURE);
    assertThat(ingest(world, sized("d/e", 10, 19, 40))).isEqualTo(ResultCode.ACCEPTED);
    assertThat(ingest(world, sized("d/f", 20, 29, 1))).isEqualTo(ResultCode.BACKPRESSURE);
    world.schedule();
    assertThat(ingest(world, sized("d/f", 20, 29, 100))).isEqualTo(ResultCode.ACCEPTED);
  }

  @Test
  void newSideOfASwap_waitsAsAWhole() {
    SmallWorld world = new SmallWorld(c -> c.maxWaitingBytes(100)).workers(10, "a");
    ingest(world, sized("d/c", 0, 9, 1));
    world.settle();
    Result refused = world.swap("d", List.of("c"), sized("d/n", 0, 4, 60), sized("d/m", 5, 9, 41));
    assertThat(refused.code()).isEqualTo(ResultCode.BACKPRESSURE);
    Result accepted = world.swap("d", List.of("c"), sized("d/n", 0, 4, 60), sized("d/m", 5, 9, 40));
    assertThat(accepted.code()).isEqualTo(ResultCode.ACCEPTED);
    assertThat(((Result.SwapRegistered) accepted).swapId()).isEqualTo(1);
  }

  // --- section 5: the two sides

  @Test
  void sides_areKeptInCanonicalOrder() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/z", 0, 9);
    world.ingest("d/y", 10, 19);
    world.swap(
        "d",
        List.of("y", "z"),
        sized("d/b", 10, 19, 1),
        sized("d/c", 0, 4, 1),
        sized("d/d", 5, 9, 1));
    SwapRow swap = world.state.swap(1).orElseThrow();
    assertThat(swap.oldChunks()).extracting(ChunkKey::id).containsExactly("z", "y");
    assertThat(swap.newChunks()).extracting(ChunkKey::id).containsExactly("c", "d", "b");
    assertThat(world.number("d/c").counter()).isLessThan(world.number("d/d").counter());
  }

  @Test
  void swap_ofAnotherDatasetsChunk_namesIt() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    Result answer =
        world.run(
            new Command.RegisterSwap(
                DatasetId.of("d"),
                List.of(SmallWorld.key("d/c")),
                List.of(sized("e/n", 0, 9, 1)),
                Coverage.SAME));
    assertThat(answer.code()).isEqualTo(ResultCode.DATASET_MISMATCH);
    assertThat(((Result.SwapRegistered) answer).culprit()).isEqualTo(SmallWorld.key("e/n"));
  }

  // --- section 9: versions

  @Test
  void commandsOfAnotherVersion_conflict_andChangeNothing() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    PlacementWish pin = wish(PlacementWish.Kind.PIN, "d/c", "a");
    long version = world.state.fleetRow().wishesVersion();
    assertThat(code(world.run(new Command.Wish(pin, version + 1)))).isEqualTo(ResultCode.CONFLICT);
    assertThat(code(world.run(new Command.Freeze(version + 1)))).isEqualTo(ResultCode.CONFLICT);
    assertThat(code(world.run(new Command.Wish(pin, version)))).isEqualTo(ResultCode.ACCEPTED);
    assertThat(code(world.run(new Command.Unwish(pin, version)))).isEqualTo(ResultCode.CONFLICT);
    Result frozen = world.run(new Command.Freeze(version + 1));
    assertThat(((Result.Versioned) frozen).version()).isEqualTo(version + 2);
    assertThat(code(world.run(new Command.Unfreeze(version)))).isEqualTo(ResultCode.CONFLICT);
    assertThat(world.state.fleetRow().frozen()).isTrue();
    assertThat(code(world.run(new Command.Unfreeze(version + 2)))).isEqualTo(ResultCode.ACCEPTED);
    assertThat(code(world.run(new Command.Unwish(pin, version + 3))))
        .isEqualTo(ResultCode.ACCEPTED);
    assertThat(world.state.fleetRow().wishes()).isEmpty();
    long config = world.state.fleetRow().configVersion();
    LifecycleConfig other = world.state.config().toBuilder().minReplication(2).unchecked();
    assertThat(code(world.run(new Command.Configure(config + 1, other))))
        .isEqualTo(ResultCode.CONFLICT);
    Result changed = world.run(new Command.Configure(config, other));
    assertThat(((Result.Versioned) changed).version()).isEqualTo(config + 1);
  }

  @Test
  void wishes_aboutWhatNobodyKnows_areRefused_andMayBeTakenBackWhileTheyStand() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    long any = Command.ANY_VERSION;
    PlacementWish noChunk = wish(PlacementWish.Kind.PIN, "d/zzz", "a");
    PlacementWish noWorker = wish(PlacementWish.Kind.PIN, "d/c", "zzz");
    assertThat(code(world.run(new Command.Wish(noChunk, any)))).isEqualTo(ResultCode.UNKNOWN_CHUNK);
    assertThat(code(world.run(new Command.Wish(noWorker, any))))
        .isEqualTo(ResultCode.UNKNOWN_WORKER);
    assertThat(code(world.run(new Command.Unwish(noChunk, any))))
        .isEqualTo(ResultCode.UNKNOWN_CHUNK);
    assertThat(code(world.run(new Command.Unwish(noWorker, any))))
        .isEqualTo(ResultCode.UNKNOWN_WORKER);
    PlacementWish pin = wish(PlacementWish.Kind.PIN, "d/c", "a");
    PlacementWish ban = wish(PlacementWish.Kind.BAN, "d/c", "a");
    assertThat(code(world.run(new Command.Unwish(pin, any)))).isEqualTo(ResultCode.ACCEPTED);
    world.run(new Command.Wish(pin, any));
    assertThat(code(world.run(new Command.Wish(ban, any)))).isEqualTo(ResultCode.CONFLICT);
    long version = world.state.fleetRow().wishesVersion();
    assertThat(code(world.run(new Command.Wish(pin, any)))).isEqualTo(ResultCode.ACCEPTED);
    assertThat(world.state.fleetRow().wishesVersion()).isEqualTo(version);
  }

  @Test
  void lineageOfBefore_isRefused_andThePresentOneBeginsNothing() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    assertThat(code(world.run(new LeaderCommand.BeginLineage(Lineage.of(7)))))
        .isEqualTo(ResultCode.ACCEPTED);
    assertThat(world.lastChanges.isEmpty()).isTrue();
    world.run(new LeaderCommand.BeginLineage(Lineage.of(8)));
    assertThat(code(world.run(new LeaderCommand.BeginLineage(Lineage.of(7)))))
        .isEqualTo(ResultCode.INVALID);
    assertThat(world.state.lineage()).isEqualTo(Lineage.of(8));
  }

  @Test
  void annex_thatIsKeptAlready_changesNothing() {
    SmallWorld world = SmallWorld.of(1);
    Annex annex = new Annex("x/1", new byte[] {1});
    world.run(new LeaderCommand.Keep(annex));
    assertThat(world.state.fleetRow().annexes()).containsEntry("x/1", annex);
    world.run(new LeaderCommand.Keep(new Annex("x/1", new byte[] {1})));
    assertThat(world.lastChanges.isEmpty()).isTrue();
    world.run(new LeaderCommand.Keep(new Annex("y/1", new byte[] {1})));
    assertThat(world.state.fleetRow().annexes()).hasSize(2);
  }

  // --- section 4: recall; section 2: a disk that was replaced

  @Test
  void recall_takesBackAsManyAsTheFloorWants_andNoMore() {
    SmallWorld world =
        new SmallWorld(c -> c.minReplication(2).drainWindowTicks(50)).workers(10, "a", "b", "c");
    world.ingest("d/c", 0, 9);
    world.settle();
    assertThat(world.routes("d/c")).containsExactly("a", "b", "c");
    world.workers(10, "e", "f");
    for (String leaving : List.of("a", "b", "c")) {
      world.status(leaving, WorkerStatus.LEAVING);
    }
    world.round();
    world.round();
    world.round();
    assertThat(world.routes("d/c")).containsExactly("e", "f");
    world.lose("e", "d/c");
    world.lose("f", "d/c");
    world.now++;
    Result.Published cycle = world.publish();
    assertThat(cycle.recalled()).isEqualTo(2);
    assertThat(world.routes("d/c")).containsExactly("a", "b");
    assertThat(world.replicas("d/c")).containsEntry("c", ReplicaState.DRAINING);
  }

  @Test
  void replacedDisk_thatDownloadedAgain_isHeldByTheDeletionRule() {
    SmallWorld world =
        new SmallWorld(c -> c.minReplication(2).drainWindowTicks(0)).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.status("a", WorkerStatus.LEAVING);
    world.workers(10, "c");
    world.schedule();
    assertThat(world.replicas("d/c")).containsEntry("a", ReplicaState.SUPERSEDED);
    world.disk("a").diskId = "another";
    world.disk("a").bytes.clear();
    world.register("a");
    world.fetch("a");
    world.schedule();
    int slot = world.replica("d/c", "a");
    assertThat(slot).isNotEqualTo(LifecycleView.NONE);
    assertThat(world.state.possessed(slot)).isTrue();
    assertThat(world.state.isDiskGone(slot)).isFalse();
  }

  @Test
  void describe_changesWhatItSays_andKeepsTheStatus() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.status("a", WorkerStatus.CORDONED);
    Command<?> larger = Command.Describe.of(Worker.of(WorkerId.of("a"), 20));
    assertThat(world.run(larger).isAccepted()).isTrue();
    Worker described = world.state.worker(world.state.workerPosition(WorkerId.of("a")));
    assertThat(described.capacityBytes()).isEqualTo(20);
    assertThat(described.status()).isEqualTo(WorkerStatus.CORDONED);
    world.run(larger);
    assertThat(world.lastChanges.isEmpty()).isTrue();
    ResultCode unknown =
        world.run(new Command.SetStatus(WorkerId.of("zzz"), WorkerStatus.ACTIVE)).code();
    assertThat(unknown).isEqualTo(ResultCode.UNKNOWN_WORKER);
  }
}
