package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Section 2: which replicas a report is about, and whom it lets pass. */
class IntakeRulesTest {
  private final SmallWorld world = SmallWorld.of(1).workers(10, "a");

  private static PlacementWish ban(String chunk, String worker) {
    return PlacementWish.of(PlacementWish.Kind.BAN, SmallWorld.key(chunk), WorkerId.of(worker));
  }

  /** Of four that came in turn the newest is proved first: those between come later, in turn. */
  @Test
  void reportsAfterAnInventory_coverWhatItDidNotShow_inItsOrder() {
    world.ingest("d/c", 0, 9);
    world.schedule();
    world.fetch("a");
    world.publish();
    for (int i = 1; i <= 3; i++) {
      world.ingest("d/e" + i, 10L * i, 10L * i + 9);
      world.schedule();
    }
    world.disk("a").bytes.add(world.number("d/e3"));
    world.inventory("a");
    world.schedule();
    assertThat(world.publish().promoted()).containsExactly(SmallWorld.key("d/e3"));
    world.applied("a", 2);
    assertThat(world.publish().promoted()).containsExactly(SmallWorld.key("d/e1"));
    world.applied("a", 3);
    assertThat(world.publish().promoted()).containsExactly(SmallWorld.key("d/e2"));
  }

  @Test
  void inventory_endsADeparture_alsoWithoutARegistration() {
    world.ingest("d/c", 0, 9);
    world.settle();
    int a = world.state.workerPosition(WorkerId.of("a"));
    world.status("a", WorkerStatus.DEPARTED);
    assertThat(world.inventory("a")).isEqualTo(ResultCode.ACCEPTED);
    world.schedule();
    assertThat(world.state.worker(a).status()).isEqualTo(WorkerStatus.ACTIVE);
    assertThat(world.holders("d/c")).containsExactly("a");
    assertThat(world.state.rows().build().workers().get(a).caughtUp()).isFalse();
  }

  /** No stamp of a replica changes: its worker counts again. */
  @Test
  void inventory_thatWasOwed_letsItsChunksPassTheGate() {
    world.ingest("d/c", 0, 9);
    world.schedule();
    world.fetch("a");
    world.schedule();
    world.run(new Command.BeginLineage(Lineage.of(8)));
    assertThat(world.publish().promoted()).isEmpty();
    world.register("a");
    world.inventory("a");
    world.schedule();
    assertThat(world.publish().promoted()).containsExactly(SmallWorld.key("d/c"));
  }

  @Test
  void bytesOfAChunkThatNobodyMayHold_establishIt() {
    world.ingest("d/c", 0, 9);
    world.run(new Command.Wish(ban("d/c", "a"), Command.ANY_VERSION));
    world.schedule();
    int chunk = world.state.chunkPosition(SmallWorld.key("d/c"));
    assertThat(world.state.chunkRow(chunk).establishedAt()).isZero();
    world.disk("a").bytes.add(world.number("d/c"));
    world.inventory("a");
    Result.Scheduled found = world.schedule();
    assertThat(world.state.chunkRow(chunk).establishedAt())
        .isEqualTo(found.minted().orElseThrow().value());
    assertThat(world.schedule().minted()).isEmpty();
    assertThat(world.state.chunkRow(chunk).establishedAt())
        .isEqualTo(found.minted().orElseThrow().value());
  }

  /** It is superseded by an assignment that others have not got yet, and nothing is added to it. */
  @Test
  void watermarkThatRises_releasesWhatWasSuperseded_withoutAnyOtherChangeOfIt() {
    SmallWorld three =
        new SmallWorld(c -> c.confirmation(ConfirmationPolicy.quorum(100)).gates(Gates.NONE))
            .workers(10, "a", "b", "c");
    three.ingest("d/c", 0, 9);
    three.schedule();
    three.fetchAll();
    three.publish();
    assertThat(three.routes("d/c")).containsExactly("a", "b", "c");
    three.ingest("d/e", 10, 19);
    three.schedule();
    three.run(new Command.Wish(ban("d/c", "a"), Command.ANY_VERSION));
    three.schedule();
    assertThat(three.replicas("d/c")).containsEntry("a", ReplicaState.SUPERSEDED);
    assertThat(three.state.supersededAt(three.replica("d/c", "a"))).isEqualTo(2);
    assertThat(three.publish().released()).isZero();
    for (String name : List.of("a", "b")) {
      three.fetch(name);
      assertThat(three.publish().released()).isZero();
    }
    three.fetch("c");
    assertThat(three.publish().released()).isEqualTo(1);
    assertThat(three.routes("d/c")).containsExactly("b", "c");
  }
}
