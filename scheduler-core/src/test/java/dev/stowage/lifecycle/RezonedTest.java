package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A changed zone of a routed worker reaches portals with the next visibility cycle. */
class RezonedTest {
  private final SmallWorld world = SmallWorld.routedToTwoOfThree();

  private void zone(String worker, String zone) {
    world.run(
        Command.Describe.of(Worker.of(WorkerId.of(worker), 10 * SmallWorld.MIB).withZone(zone)));
  }

  private PortalAssignment portals() {
    return world.state.portalAssignment();
  }

  private Route route() {
    return portals().routes().get(0);
  }

  @Test
  void zoneOfARoutedWorker_isToldByTheNextAssignment_andItsDelta() {
    PortalAssignment before = portals();
    zone("c", "eu/hall-b");
    assertThat(portals()).isSameAs(before);

    assertThat(world.publish().minted()).isPresent();
    assertThat(route().workers()).containsExactly(WorkerId.of("a"), WorkerId.of("c"));
    assertThat(route().zones()).containsExactly("", "eu/hall-b");
    RoutesDocument delta = portals().deltaSince(before);
    assertThat(delta.put()).containsExactly(route());
    assertThat(delta.after(before.full())).isEqualTo(portals().full());
    assertThat(world.publish().minted()).isEmpty();
  }

  @Test
  void zoneThatIsNotToldYet_isNotToldByAnotherLeaderEither() {
    zone("c", "eu");
    world.publish();
    zone("c", "us");
    assertThat(world.loaded().portalAssignment().full()).isEqualTo(portals().full());
    assertThat(route().zones()).containsExactly("", "eu");

    world.state = world.loaded();
    assertThat(world.publish().minted()).isPresent();
    assertThat(route().zones()).containsExactly("", "us");
  }

  @Test
  void zoneThatChangesBackBeforeItIsTold_isNoChange() {
    zone("c", "eu");
    zone("c", "c");
    assertThat(world.publish().minted()).isEmpty();
  }

  @Test
  void assignment_writtenRouteByRoute_isTheDocumentWithZones() throws Exception {
    zone("c", "eu/hall-b");
    world.publish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DocumentFormat.BINARY.write(portals(), out);
    assertThat(DocumentFormat.BINARY.readRoutes(out.toByteArray())).isEqualTo(portals().full());
  }

  /** Purges keep the row, and with it the zone that the newest assignment tells. */
  @Test
  void worker_thatRoutesName_isNotPurged() {
    zone("c", "eu");
    world.publish();
    world.status("c", WorkerStatus.DEPARTED);
    world.schedule();
    assertThat(world.holders("d/c")).doesNotContain("c");
    world.now += 1_000;
    world.run(new LeaderCommand.Purge());
    assertThat(world.state.workerPosition(WorkerId.of("c"))).isNotNegative();
    assertThat(world.loaded().portalAssignment().full()).isEqualTo(portals().full());

    world.publish();
    world.run(new LeaderCommand.Purge());
    assertThat(world.state.workerPosition(WorkerId.of("c"))).isNegative();
    assertThat(route().zones()).isEqualTo(List.of());
  }
}
