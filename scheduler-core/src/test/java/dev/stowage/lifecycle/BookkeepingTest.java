package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Command;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.LifecycleConfig.RetentionHorizons;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the counts and sets that a fleet keeps beside its rows. */
class BookkeepingTest {
  @Test
  void bytesThatWait_beyondTheLargestLong_stillHoldIngestersBack() {
    SmallWorld world = new SmallWorld(c -> c.maxWaitingBytes(Long.MAX_VALUE - 1));
    for (int i = 0; i < 5; i++) {
      Chunk huge = Chunk.of(SmallWorld.key("d/c" + i), BlockRange.of(i, i), Long.MAX_VALUE / 2);
      Result.Batch answer = world.run(new Command.Ingest(List.of(ProposedChunk.of(huge))));
      ResultCode expected = i < 2 ? ResultCode.ACCEPTED : ResultCode.BACKPRESSURE;
      assertThat(answer.items().get(0).code()).as("chunk %d", i).isEqualTo(expected);
    }
    assertThat(world.state.waitingBytes()).isEqualTo(Long.MAX_VALUE - 1);
  }

  @Test
  void bytesThatWait_comeBackFromBeyondTheLargestLong() {
    SmallWorld world = SmallWorld.of(1);
    for (int i = 0; i < 4; i++) {
      Chunk huge = Chunk.of(SmallWorld.key("d/c" + i), BlockRange.of(i, i), Long.MAX_VALUE / 2);
      world.run(new Command.Ingest(List.of(ProposedChunk.of(huge))));
    }
    assertThat(world.state.waitingBytes()).isEqualTo(Long.MAX_VALUE);
    for (int i = 0; i < 3; i++) {
      world.remove("d/c" + i);
    }
    assertThat(world.state.waitingBytes()).isEqualTo(Long.MAX_VALUE / 2);
  }

  @Test
  void tickThatGoesBack_isCountedOncePerCycle_whateverWasOffered() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.now = 9;
    world.schedule();
    world.schedule();
    world.now = 4;
    world.offer("d/c", 0, 9);
    world.run(new LeaderCommand.Admit());
    world.schedule();
    assertThat(world.state.backwardTicks()).isEqualTo(1);
  }

  @Test
  void wishesAboutAPurgedChunk_goWithIt() {
    SmallWorld world =
        new SmallWorld(c -> c.retention(RetentionHorizons.ofTicks(0))).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.ingest("d/e", 10, 19);
    PlacementWish gone =
        PlacementWish.of(PlacementWish.Kind.PIN, SmallWorld.key("d/c"), WorkerId.of("a"));
    PlacementWish stays =
        PlacementWish.of(PlacementWish.Kind.BAN, SmallWorld.key("d/e"), WorkerId.of("a"));
    world.run(new Command.Wish(gone, Command.ANY_VERSION));
    world.run(new Command.Wish(stays, Command.ANY_VERSION));
    long version = world.state.fleetRow().wishesVersion();
    world.remove("d/c");
    world.schedule();
    world.run(new LeaderCommand.Purge());
    assertThat(world.state.fleetRow().wishes()).containsExactly(stays);
    assertThat(world.state.fleetRow().wishesVersion()).isGreaterThan(version);
  }

  @Test
  void wishesAboutAPurgedWorker_goWithIt() {
    SmallWorld world =
        new SmallWorld(c -> c.retention(RetentionHorizons.ofTicks(0))).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    PlacementWish ban =
        PlacementWish.of(PlacementWish.Kind.BAN, SmallWorld.key("d/c"), WorkerId.of("b"));
    world.run(new Command.Wish(ban, Command.ANY_VERSION));
    world.status("b", dev.stowage.model.WorkerStatus.DEPARTED);
    world.schedule();
    world.run(new LeaderCommand.Purge());
    assertThat(world.state.fleetRow().wishes()).isEmpty();
  }

  @Test
  void purgeThatWasUndone_leavesTheChunksOfASwapAtTheirPlaces() {
    SmallWorld world =
        new SmallWorld(c -> c.retention(new RetentionHorizons(0, LifecycleConfig.NEVER, 0, 0)))
            .workers(10, "a");
    world.ingest("d/old", 0, 9);
    world.settle();
    world.swap("d", List.of("old"), SmallWorld.chunk("d/new", 0, 9));
    world.settle();
    world.remove("d/new");
    world.settle();
    assertThat(world.chunkState("d/new")).isEqualTo(ChunkState.TOMBSTONE);
    assertThat(world.state.swapOf(SmallWorld.key("d/new"))).hasValue(1);
    world.run(new LeaderCommand.Purge());
    assertThat(world.state.chunkPosition(SmallWorld.key("d/new"))).isEqualTo(-1);
    world.state.rollback(world.lastChanges);
    assertThat(world.chunkState("d/new")).isEqualTo(ChunkState.TOMBSTONE);
    assertThat(world.state.swapOf(SmallWorld.key("d/new"))).hasValue(1);
  }

  @Test
  void namesOfDatasets_areNotMoreThanTheMostAtOnce_andNotThoseOfOthers() {
    SmallWorld world =
        new SmallWorld(c -> c.retention(new RetentionHorizons(0, 0, LifecycleConfig.NEVER, 0)))
            .workers(10, "a");
    world.ingest("m/stays", 0, 9);
    for (int i = 0; i < 20; i++) {
      // By turns before and behind the one that stays.
      String dataset = (i % 2 == 0 ? "a" : "z") + i;
      world.ingest(dataset + "/c", 0, 9);
      world.settle();
      PortalAssignment shown = world.state.portalAssignment();
      world.remove(dataset + "/c");
      world.settle();
      world.run(new LeaderCommand.Purge());
      assertThat(world.state.datasets()).containsExactly(DatasetId.of("m"));
      assertThat(world.state.tables().chunks.datasets()).hasSize(2);
      assertThat(world.state.tables().chunks.dataset(DatasetId.of(dataset))).isEqualTo(-1);

      world.ingest("other" + i + "/c", 0, 9);
      world.settle();
      assertThat(world.visible("other" + i)).containsExactly("c");
      assertThat(world.visible(dataset)).isEmpty();
      assertThat(shown.visible(DatasetId.of(dataset)))
          .containsExactly(SmallWorld.key(dataset + "/c"));
      assertThat(shown.visible(DatasetId.of("other" + i))).isEmpty();
      RoutesDocument delta = world.state.portalAssignment().deltaSince(shown);
      assertThat(delta.removed()).containsExactly(SmallWorld.key(dataset + "/c"));
      assertThat(delta.put())
          .extracting(Route::key)
          .containsExactly(SmallWorld.key("other" + i + "/c"));
      world.remove("other" + i + "/c");
      world.settle();
      world.run(new LeaderCommand.Purge());
    }
  }

  @Test
  void purgeOfDatasetsThatWasUndone_givesTheirNamesBack() {
    SmallWorld world =
        new SmallWorld(c -> c.retention(RetentionHorizons.ofTicks(0))).workers(10, "a");
    for (String dataset : List.of("d", "b", "c", "a")) {
      world.ingest(dataset + "/c", 0, 9);
    }
    world.settle();
    world.remove("b/c");
    world.remove("d/c");
    world.settle();
    world.run(new LeaderCommand.Purge());
    assertThat(world.state.datasets()).containsExactly(DatasetId.of("a"), DatasetId.of("c"));
    world.state.rollback(world.lastChanges);
    assertThat(world.state.datasets())
        .containsExactly(
            DatasetId.of("a"), DatasetId.of("b"), DatasetId.of("c"), DatasetId.of("d"));
    assertThat(world.chunkState("b/c")).isEqualTo(ChunkState.TOMBSTONE);
    assertThat(world.chunkState("d/c")).isEqualTo(ChunkState.TOMBSTONE);
    assertThat(world.state.digest()).isEqualTo(world.state.fullDigest());
    world.run(new LeaderCommand.Purge());
    world.ingest("e/c", 0, 9);
    assertThat(world.state.tables().chunks.datasets()).hasSize(4);
    assertThat(world.state.datasets())
        .containsExactly(DatasetId.of("a"), DatasetId.of("c"), DatasetId.of("e"));
  }

  @Test
  void keyThatIsUsedAgainAtTheSameTick_isOfTheLaterSwap() {
    SmallWorld world =
        new SmallWorld(c -> c.retention(new RetentionHorizons(0, 100, 0, 0))).workers(10, "a");
    world.ingest("d/old", 0, 9);
    world.settle();
    world.swap("d", List.of("old"), SmallWorld.chunk("d/new", 0, 9));
    world.run(new Command.CancelSwap(1));
    world.schedule();
    world.run(new LeaderCommand.Purge());
    world.swap("d", List.of("old"), SmallWorld.chunk("d/new", 0, 9));
    assertThat(world.state.swapOf(SmallWorld.key("d/new"))).hasValue(2);
    assertThat(world.loaded().swapOf(SmallWorld.key("d/new"))).hasValue(2);
    world.now += 100;
    world.run(new LeaderCommand.Purge());
    world.state.rollback(world.lastChanges);
    assertThat(world.state.swapOf(SmallWorld.key("d/new"))).hasValue(2);
  }

  @Test
  void commandThatWasSettled_cannotBeUndone() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.state.settle();
    assertThatThrownBy(() -> world.state.rollback(world.lastChanges))
        .isInstanceOf(IllegalStateException.class);
    assertThat(world.chunkState("d/c")).isEqualTo(ChunkState.ADMITTED);
  }
}
