package dev.stowage.storage.postgres;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Routes that are read from rows are those of the leader, and whoever keeps up by deltas, from
 * whatever assignment, holds what the full document says.
 */
class RouteSqlTest extends LedFleet {
  private static final int ROUNDS = 36;
  private static final int SLOTS = 12;

  @Test
  void fleetThatHasJustBegun_routesNothing_andGivesDeltasFromThere() {
    RoutesDocument first = store.agedReader().routes().value();
    assertThat(first.put()).isEmpty();
    fleet.join(10_000, "a", "b").ingest(chunk("c1", 0)).settle();
    RoutesDocument change = store.agedReader().routesSince(first.lineage(), first.id()).value();
    assertThat(change.isFull()).isFalse();
    assertThat(change.put()).extracting(route -> route.key()).containsExactly(key("c1"));
    assertThat(change.after(first)).isEqualTo(store.agedReader().routes().value());
  }

  @Test
  void deltas_ofAStory_leadFromEveryAssignmentToTheNewest() {
    fleet.join(10_000, "a", "b", "c", "d");
    Random random = new Random(7);
    List<RoutesDocument> held = new ArrayList<>(List.of(store.agedReader().routes().value()));
    int[] version = new int[SLOTS];
    for (int round = 0; round < ROUNDS; round++) {
      act(random, version);
      fleet.round();
      RoutesDocument newest = store.agedReader().routes().value();
      assertThat(newest).isEqualTo(stowage.fleet().portalAssignment().full());
      for (RoutesDocument base : held) {
        RoutesDocument change = store.agedReader().routesSince(base.lineage(), base.id()).value();
        assertThat(change.isFull()).as("from %s to %s", base.id(), newest.id()).isFalse();
        assertThat(change.after(base)).as("from %s", base.id()).isEqualTo(newest);
      }
      if (!newest.id().equals(held.get(held.size() - 1).id())) {
        held.add(newest);
      }
    }
    assertThat(held).hasSizeGreaterThan(ROUNDS / 6);
  }

  /**
   * A chunk comes, is replaced, goes, or comes back under its old key; a worker restarts empty or
   * moves.
   */
  private void act(Random random, int[] version) {
    int slot = random.nextInt(SLOTS);
    String id = "s" + slot + "-";
    switch (random.nextInt(7)) {
      case 0, 1 -> stowage.ingest(List.of(chunk(id + version[slot], 10L * slot)), fleet.now());
      case 2 -> {
        String older = id + version[slot];
        String newer = id + (version[slot] + 1);
        boolean isAccepted =
            stowage
                .swap(
                    SmallFleet.dataset(),
                    List.of(key(older)),
                    List.of(chunk(newer, 10L * slot)),
                    fleet.now())
                .isAccepted();
        version[slot] += isAccepted ? 1 : 0;
      }
      case 3 -> stowage.remove(key(id + version[slot]), fleet.now());
      case 4 -> fleet.register("d");
      case 5 -> {
        String worker = List.of("a", "b", "c", "d").get(random.nextInt(4));
        String zone = List.of(worker, "eu/h1", "eu/h2", "us").get(random.nextInt(4));
        stowage.describe(Worker.of(WorkerId.of(worker), 10_000).withZone(zone), fleet.now());
      }
      default -> stowage.purge(fleet.now());
    }
  }

  @Test
  void delta_namesOnlyWhatMayHaveChanged() {
    fleet.join(100_000, "a", "b", "c");
    for (int i = 0; i < 50; i++) {
      fleet.ingest(chunk("c" + i, 10L * i));
    }
    fleet.settle();
    RoutesDocument held = store.agedReader().routes().value();
    fleet.ingest(chunk("new", 1_000)).settle();
    stowage.remove(key("c7"), fleet.now());
    fleet.settle();
    RoutesDocument change = store.agedReader().routesSince(held.lineage(), held.id()).value();
    assertThat(change.removed()).containsExactly(key("c7"));
    assertThat(change.put()).extracting(route -> route.key()).containsExactly(key("new"));
  }

  @Test
  void worker_thatDeparts_isInNoRouteOfTheDelta() {
    fleet.join(10_000, "a", "b", "c").ingest(chunk("c1", 0), chunk("c2", 10)).settle();
    RoutesDocument held = store.agedReader().routes().value();
    WorkerId lost = held.put().get(0).workers().get(0);
    stowage.setStatus(lost, WorkerStatus.LEAVING, fleet.now());
    fleet.settle();
    RoutesDocument change = store.agedReader().routesSince(held.lineage(), held.id()).value();
    assertThat(change.isFull()).isFalse();
    assertThat(change.put()).isNotEmpty().noneMatch(route -> route.workers().contains(lost));
    assertThat(change.after(held)).isEqualTo(stowage.fleet().portalAssignment().full());
  }

  @Test
  void zone_thatChanges_isInTheDeltaOnceItIsPublished() {
    fleet.join(10_000, "a", "b", "c").ingest(chunk("c1", 0)).settle();
    RoutesDocument held = store.agedReader().routes().value();
    WorkerId moved = held.put().get(0).workers().get(0);
    stowage.describe(Worker.of(moved, 10_000).withZone("eu/h1"), fleet.now());
    assertThat(store.agedReader().routes().value()).isEqualTo(held);
    assertThat(store.agedReader().routesSince(held.lineage(), held.id()).value().put()).isEmpty();

    stowage.publish(fleet.now());
    RoutesDocument change = store.agedReader().routesSince(held.lineage(), held.id()).value();
    assertThat(change.id()).isNotEqualTo(held.id());
    assertThat(change.put().get(0).zones()).contains("eu/h1");
    assertThat(change.after(held)).isEqualTo(store.agedReader().routes().value());
    assertThat(store.agedReader().routes().value())
        .isEqualTo(stowage.fleet().portalAssignment().full());
  }

  @Test
  void assignment_thatIsUnknown_ofAnotherLineage_orToCome_isAnsweredInFull() {
    fleet.join(10_000, "a", "b").ingest(chunk("c1", 0)).settle();
    RoutesDocument newest = store.agedReader().routes().value();
    Lineage other = Lineage.of(newest.lineage().token() + 1);
    PortalAssignmentId toCome = PortalAssignmentId.of(newest.id().value() + 1);
    assertThat(store.agedReader().routesSince(other, newest.id()).value()).isEqualTo(newest);
    assertThat(store.agedReader().routesSince(newest.lineage(), toCome).value()).isEqualTo(newest);
    fixture.execute("DELETE FROM $.route_change WHERE id = 0");
    assertThat(store.agedReader().routesSince(newest.lineage(), PortalAssignmentId.of(0)).value())
        .isEqualTo(newest);
  }

  @Test
  void retention_givesUpOldAssignments_butNeverTheNewest() {
    fleet.join(10_000, "a", "b").ingest(chunk("c1", 0)).settle();
    RoutesDocument first = store.agedReader().routes().value();
    fleet.ingest(chunk("c2", 10)).settle();
    RoutesDocument held = store.agedReader().routes().value();
    fleet.pass(100_000_000);
    stowage.purge(fleet.now());
    stowage.purge(fleet.now());
    assertThat(store.agedReader().routesSince(first.lineage(), first.id()).value().isFull())
        .isTrue();
    assertThat(store.agedReader().routesSince(held.lineage(), held.id()).value().isFull())
        .isFalse();
  }

  @Test
  void keyOfAPurgedChunk_thatIsUsedAgain_isRoutedAsTheNewChunk() {
    fleet.join(10_000, "a", "b").ingest(chunk("c1", 0), chunk("c2", 10)).settle();
    RoutesDocument held = store.agedReader().routes().value();
    stowage.remove(key("c1"), fleet.now());
    fleet.settle();
    fleet.pass(100_000_000);
    stowage.purge(fleet.now());
    fleet.ingest(chunk("c1", 500)).settle();
    RoutesDocument change = store.agedReader().routesSince(held.lineage(), held.id()).value();
    assertThat(change.after(held)).isEqualTo(store.agedReader().routes().value());
    assertThat(store.agedReader().routes().value().put())
        .extracting(route -> route.key())
        .containsExactly(key("c2"), key("c1"));
  }
}
