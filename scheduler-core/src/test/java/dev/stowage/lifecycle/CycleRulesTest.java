package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the input and the answer of a cycle, one report and one cycle at a time. */
class CycleRulesTest {
  private final SmallWorld world = SmallWorld.of(1).workers(10, "a");

  private static PlacementWish ban(String chunk, String worker) {
    return PlacementWish.of(PlacementWish.Kind.BAN, SmallWorld.key(chunk), WorkerId.of(worker));
  }

  private static void wish(SmallWorld of, PlacementWish wish) {
    assertThat(of.run(new Command.Wish(wish, Command.ANY_VERSION)).isAccepted()).isTrue();
  }

  private static long since(SmallWorld of, String chunk, String worker) {
    return of.state.since(of.replica(chunk, worker));
  }

  private ChunkRow row(String path) {
    return world.state.chunkRow(world.state.chunkPosition(SmallWorld.key(path)));
  }

  // --- inventories

  @Test
  void inventory_ofWhatWasDownloadedAndNotReported_provesItFromTheLastReportOn() {
    world.ingest("d/c", 0, 9);
    world.settle();
    world.ingest("d/e", 10, 19);
    world.schedule();
    long minted = world.state.newestWorkerAssignment().value();
    assertThat(since(world, "d/e", "a")).isEqualTo(minted);
    world.disk("a").bytes.add(world.number("d/e"));
    world.publish();
    world.inventory("a");
    assertThat(world.schedule().minted()).contains(WorkerAssignmentId.of(minted + 1));
    long applied = world.state.lastApplied(world.state.workerPosition(WorkerId.of("a")));
    assertThat(applied).isEqualTo(minted - 1);
    assertThat(since(world, "d/e", "a")).isEqualTo(applied);
    assertThat(row("d/e").oncePossessed()).isTrue();
    assertThat(world.state.workerAssignment().slice(WorkerId.of("a")).orElseThrow().entries())
        .extracting(SliceEntry::since)
        .containsExactly(1L, applied);
    assertThat(world.publish().promoted()).containsExactly(SmallWorld.key("d/e"));
  }

  @Test
  void inventory_saysWhatIsMissing_andWhatIsThereAgain() {
    world.ingest("d/c", 0, 9);
    world.settle();
    world.disk("a").bytes.clear();
    world.inventory("a");
    world.publish();
    assertThat(world.state.isMissing(world.replica("d/c", "a"))).isFalse();
    world.schedule();
    assertThat(world.state.isMissing(world.replica("d/c", "a"))).isTrue();
    assertThat(world.publish().unavailable()).containsExactly(SmallWorld.key("d/c"));
    world.disk("a").bytes.add(world.number("d/c"));
    world.inventory("a");
    assertThat(world.schedule().minted()).isEmpty();
    assertThat(world.publish().unavailable()).isEmpty();
    assertThat(world.routes("d/c")).containsExactly("a");
  }

  @Test
  void bytesThatTheBooksDoNotName_areSupersededByTheCycleThatFindsThem() {
    SmallWorld two = SmallWorld.of(1).workers(10, "a", "b");
    two.ingest("d/c", 0, 9);
    wish(two, ban("d/c", "b"));
    two.disk("b").bytes.add(two.number("d/c"));
    two.inventory("b");
    Result.Scheduled found = two.schedule();
    long minted = found.minted().orElseThrow().value();
    assertThat(two.replicas("d/c"))
        .containsEntry("b", ReplicaState.SUPERSEDED)
        .containsEntry("a", ReplicaState.ASSIGNED);
    int slot = two.replica("d/c", "b");
    assertThat(two.state.supersededAt(slot)).isEqualTo(minted);
    assertThat(two.state.since(slot)).isZero();
    assertThat(two.state.possessed(slot)).isTrue();
    ChunkRow chunk = two.state.chunkRow(two.state.chunkPosition(SmallWorld.key("d/c")));
    assertThat(chunk.oncePossessed()).isTrue();
    assertThat(chunk.establishedAt()).isEqualTo(minted);
    assertThat(two.publish().promoted()).containsExactly(SmallWorld.key("d/c"));
    assertThat(two.routes("d/c")).containsExactly("b");
  }

  @Test
  void lossThatFollowsAnInventory_countsAtOnce_andAgainAfterIt() {
    world.ingest("d/c", 0, 9);
    world.settle();
    world.inventory("a");
    world.run(new Command.Lost(world.header("a"), List.of(world.number("d/c"))));
    assertThat(world.publish().unavailable()).containsExactly(SmallWorld.key("d/c"));
    world.schedule();
    assertThat(world.state.isMissing(world.replica("d/c", "a"))).isTrue();
    assertThat(world.publish().unavailable()).containsExactly(SmallWorld.key("d/c"));
  }

  @Test
  void unknownBytes_areNotKeptFromTheirHorizonOn() {
    SmallWorld short10 = new SmallWorld(c -> c.orphanAfterTicks(10)).workers(10, "a");
    ChunkNumber unknown = new ChunkNumber(Lineage.of(7), 99);
    short10.disk("a").bytes.add(unknown);
    short10.now = 9;
    short10.inventory("a");
    assertThat(short10.schedule().unknownBytes()).containsExactly(WorkerId.of("a"));
    short10.now = 10;
    assertThat(short10.schedule().unknownBytes()).isEmpty();
    short10.inventory("a");
    assertThat(short10.schedule().unknownBytes()).isEmpty();
  }

  // --- the watermark

  private static SmallWorld quorum(int percent, String... workers) {
    return new SmallWorld(c -> c.confirmation(ConfirmationPolicy.quorum(percent)).gates(Gates.NONE))
        .workers(10, workers);
  }

  @Test
  void watermark_thatRises_confirmsForThoseWhoSaidNothing() {
    SmallWorld three = quorum(50, "a", "b", "c");
    three.ingest("d/c", 0, 9);
    three.settle();
    three.ingest("d/e", 10, 19);
    wish(three, ban("d/e", "b"));
    wish(three, ban("d/e", "c"));
    three.schedule();
    long newest = three.state.newestWorkerAssignment().value();
    assertThat(three.publish().promoted()).isEmpty();
    three.applied("b", newest);
    assertThat(three.publish().promoted()).isEmpty();
    three.applied("c", newest);
    assertThat(three.publish().promoted()).containsExactly(SmallWorld.key("d/e"));
    assertThat(three.routes("d/e")).containsExactly("a");
  }

  // --- swaps

  @Test
  void newSide_thatWasReadyFirst_isShownWithTheOneThatIsReadyLast() {
    world.ingest("d/c", 0, 9);
    world.settle();
    world.swap("d", List.of("c"), SmallWorld.chunk("d/m", 0, 4), SmallWorld.chunk("d/n", 5, 9));
    world.schedule();
    world.fetchExcept("a", "d/n");
    assertThat(world.publish().fired()).isEmpty();
    world.fetch("a");
    Result.Published fired = world.publish();
    assertThat(fired.fired()).containsExactly(1L);
    assertThat(fired.promoted()).containsExactly(SmallWorld.key("d/m"), SmallWorld.key("d/n"));
    assertThat(fired.dropped()).containsExactly(SmallWorld.key("d/c"));
    assertThat(row("d/c").marked()).isTrue();
  }

  @Test
  void swapOverTheFirstRow_waitsForTheSwapThatMakesIt() {
    SmallWorld fresh = SmallWorld.of(1).workers(10, "a");
    fresh.ingest("d/c", 0, 9);
    fresh.swap("d", List.of("c"), SmallWorld.chunk("d/m", 0, 9));
    fresh.swap("d", List.of("m"), SmallWorld.chunk("d/n", 0, 9));
    fresh.schedule();
    fresh.fetchExcept("a", "d/m");
    assertThat(fresh.publish().fired()).isEmpty();
    assertThat(LifecycleExplanation.whySwapWaits(fresh.state, 2).reasons())
        .contains("swap 1 still has to produce d/m");
  }

  // --- what a scheduling cycle says of itself

  @Test
  void deletions_areCounted_andMintedFor() {
    SmallWorld two = SmallWorld.of(1).workers(10, "a", "b");
    two.ingest("d/c", 0, 9);
    two.settle();
    wish(two, ban("d/c", "a"));
    two.schedule();
    two.fetchAll();
    assertThat(two.publish().released()).isEqualTo(1);
    two.now += 4;
    Result.Scheduled early = two.schedule();
    assertThat(early.movement().settled()).isZero();
    assertThat(early.minted()).isEmpty();
    assertThat(early.heldDeletions()).isZero();
    two.now += 1;
    Result.Scheduled settled = two.schedule();
    assertThat(settled.movement().settled()).isEqualTo(1);
    assertThat(settled.minted()).isPresent();
    assertThat(two.holders("d/c")).containsExactly("b");
  }

  @Test
  void idleCycle_saysAgainWhatIsDeferred_andWhatIsShort() {
    SmallWorld full = SmallWorld.of(2).workers(1, "a", "b");
    full.ingest("d/c", 0, 9);
    full.settle();
    assertThat(full.schedule().deferred()).isEmpty();
    full.ingest("d/e", 10, 19);
    Result.Scheduled first = full.schedule();
    assertThat(first.deferred())
        .extracting(Result.Shortage::chunk)
        .containsExactly(SmallWorld.key("d/e"));
    assertThat(first.backpressure()).isTrue();
    Result.Scheduled again = full.schedule();
    assertThat(again.changed()).isFalse();
    assertThat(again.deferred()).isEqualTo(first.deferred());
    assertThat(again.backpressure()).isTrue();

    full.status("b", WorkerStatus.DEPARTED);
    Result.Scheduled gone = full.schedule();
    assertThat(gone.shortfalls())
        .extracting(Result.Shortage::chunk)
        .containsExactly(SmallWorld.key("d/c"));
    again = full.schedule();
    assertThat(again.changed()).isFalse();
    assertThat(again.shortfalls()).isEqualTo(gone.shortfalls());
    assertThat(again.deferred()).isEqualTo(gone.deferred());
  }
}
