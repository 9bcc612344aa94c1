package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig.RetentionHorizons;
import dev.stowage.lifecycle.documents.Publisher;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which assignments are given out and kept: after loads, rollbacks, and in the course of time. */
class PublisherTest {
  private static List<Long> workerIds(LifecycleState state) {
    return state.retainedAssignments().workers().stream().map(each -> each.id().value()).toList();
  }

  private static List<Long> portalIds(LifecycleState state) {
    return state.retainedAssignments().portals().stream().map(each -> each.id().value()).toList();
  }

  private static List<SliceDocument> slices(LifecycleState state) {
    return state.workerAssignment().slices().stream().map(SliceDocument::of).toList();
  }

  private static RoutesDocument routes(LifecycleState state) {
    return state.portalAssignment().full();
  }

  /** Two datasets, three workers, and one chunk in every state that portals do not see. */
  private static SmallWorld told() {
    SmallWorld world = SmallWorld.of(2).workers(10, "a", "b", "c");
    for (int i = 0; i < 4; i++) {
      world.ingest("d/c" + i, i * 10L, i * 10L + 9);
      world.ingest("e/c" + i, i * 10L, i * 10L + 9);
    }
    world.settle();
    world.remove("d/c1");
    world.publish();
    world.ingest("d/new", 40, 49);
    world.schedule();
    world.offer("d/offered", 50, 59);
    world.remove("e/c2");
    return world;
  }

  private static LifecycleState loaded(SmallWorld world) {
    return LifecycleState.load(world.state.fleetRow(), world.state.rows());
  }

  @Test
  void loadedState_givesOutWhatTheLeaderDid_andKeepsNothingElse() {
    SmallWorld world = told();
    LifecycleState loaded = loaded(world);
    assertThat(slices(loaded)).hasSize(3).isEqualTo(slices(world.state));
    assertThat(routes(loaded)).isEqualTo(routes(world.state));
    assertThat(routes(loaded).put()).hasSize(7);
    assertThat(workerIds(loaded)).containsExactly(world.state.newestWorkerAssignment().value());
    assertThat(portalIds(loaded)).containsExactly(world.state.newestPortalAssignment().value());
  }

  @Tag("deep")
  @Test
  void pageWithMoreNamesThanSixteenBitsCount_routesEveryCopy() {
    int workers = 260;
    SmallWorld world = SmallWorld.of(workers);
    for (int i = 0; i < workers; i++) {
      world.workers(10_000, "w" + i);
    }
    for (int i = 0; i < 256; i++) {
      world.ingest("d/c" + i, i * 10L, i * 10L + 9);
    }
    world.settle();
    assertThat(routes(world.state).put())
        .hasSize(256)
        .allSatisfy(route -> assertThat(route.workers()).hasSize(workers));
  }

  @Test
  void loadedState_withPlacesThatNobodyHas_givesOutWhatTheLeaderDid() {
    SmallWorld world =
        new SmallWorld(c -> c.minReplication(2).retention(RetentionHorizons.ofTicks(0)));
    world.workers(10, "a", "b", "c");
    for (int i = 0; i < 6; i++) {
      world.ingest("d/c" + i, i * 10L, i * 10L + 9);
    }
    world.settle();
    for (String gone : List.of("d/c0", "d/c2", "d/c3")) {
      world.remove(gone);
    }
    world.settle();
    world.now += 10;
    world.run(new LeaderCommand.Purge());
    world.settle();
    assertThat(world.state.rows().build().chunks()).hasSize(3);
    assertThat(slices(loaded(world))).isEqualTo(slices(world.state));
  }

  @Test
  void loadedState_thatIsHandedItsHistory_goesOnWithIt() {
    SmallWorld world = told();
    assertThat(workerIds(world.state)).hasSizeGreaterThan(2);
    LifecycleState loaded =
        LifecycleState.load(
            world.state.fleetRow(), world.state.rows(), world.state.retainedAssignments());
    assertThat(workerIds(loaded)).isEqualTo(workerIds(world.state));
    assertThat(portalIds(loaded)).isEqualTo(portalIds(world.state));
    assertThat(slices(loaded)).isEqualTo(slices(world.state));
    assertThat(routes(loaded)).isEqualTo(routes(world.state));
  }

  @Test
  void historyOfAnotherFleet_isNotTaken() {
    SmallWorld world = told();
    SmallWorld other = SmallWorld.of(1).workers(1, "z");
    LifecycleState loaded =
        LifecycleState.load(
            world.state.fleetRow(), world.state.rows(), other.state.retainedAssignments());
    assertThat(workerIds(loaded)).containsExactly(world.state.newestWorkerAssignment().value());
    assertThat(slices(loaded)).isEqualTo(slices(world.state));
  }

  /** Executes a command, takes it back, and requires the assignments from before to be kept. */
  private static int keptAfter(SmallWorld world, Command<?> command, Tick now) {
    List<Long> workers = workerIds(world.state);
    List<Long> portals = portalIds(world.state);
    Lifecycle.Outcome<?> outcome = world.lifecycle.execute(world.state, command, now);
    int kept = workerIds(world.state).size();
    world.state.rollback(outcome.changes());
    assertThat(workerIds(world.state)).as("after %s", command).isEqualTo(workers);
    assertThat(portalIds(world.state)).as("after %s", command).isEqualTo(portals);
    return kept;
  }

  @Test
  void rollback_givesBackWhatIsTooOldAfterTheCommand() {
    SmallWorld world = new SmallWorld(c -> c.retention(new RetentionHorizons(0, 0, 7, 0)));
    world.workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.schedule();
    assertThat(workerIds(world.state)).hasSizeGreaterThan(1);
    assertThat(keptAfter(world, new LeaderCommand.Purge(), Tick.of(100))).isEqualTo(1);
  }

  @Test
  void rollback_givesBackWhatIsTooMuchAfterTheCommand() {
    SmallWorld world = SmallWorld.of(1).workers(1_000, "a");
    for (int at = 0; workerIds(world.state).size() < Publisher.MOST_RETAINED; at++) {
      world.ingest("d/c" + at, at * 10L, at * 10L + 9);
      world.schedule();
    }
    world.ingest("d/last", 10_000, 10_009);
    assertThat(keptAfter(world, new LeaderCommand.Schedule(), Tick.of(world.now)))
        .isEqualTo(Publisher.MOST_RETAINED);
  }

  @Test
  void lineageThatBegins_replacesBothAssignmentsUnderTheirIds() {
    SmallWorld world = told();
    List<Long> workers = workerIds(world.state);
    List<Long> portals = portalIds(world.state);
    RoutesDocument before = routes(world.state);
    world.run(new LeaderCommand.BeginLineage(Lineage.of(8)));
    assertThat(workerIds(world.state)).isEqualTo(workers);
    assertThat(portalIds(world.state)).isEqualTo(portals);
    assertThat(world.state.workerAssignment().lineage()).isEqualTo(Lineage.of(8));
    assertThat(world.state.portalAssignment().lineage()).isEqualTo(Lineage.of(8));
    assertThat(routes(world.state).put()).isEqualTo(before.put());
    assertThat(slices(world.state)).allMatch(slice -> slice.lineage().equals(Lineage.of(8)));
  }

  /** Of many small assignments the last so many are kept, and each still leads to the newest. */
  @Test
  void assignments_areKeptUpToTheirNumber() {
    SmallWorld world = SmallWorld.of(1).workers(200, "a");
    for (int i = 0; i < Publisher.MOST_RETAINED + 3; i++) {
      world.ingest("d/c" + i, i, i);
      world.schedule();
      world.fetchAll();
      world.publish();
    }
    List<Long> workers = workerIds(world.state);
    assertThat(workers).hasSize(Publisher.MOST_RETAINED);
    assertThat(workers.get(workers.size() - 1))
        .isEqualTo(world.state.newestWorkerAssignment().value());
    assertThat(workers.get(0)).isEqualTo(4);
    assertThat(portalIds(world.state)).hasSize(Publisher.MOST_RETAINED);
  }

  /** Rewriting much again and again is not kept so often: the newest and little more. */
  @Test
  void largeAssignments_areKeptUpToTheirSize() {
    SmallWorld world = SmallWorld.of(1).workers(1, "a");
    List<ProposedChunk> many = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      many.add(ProposedChunk.of(Chunk.of(SmallWorld.key("d/c" + i), BlockRange.of(i, i), 1)));
    }
    world.run(new Command.Ingest(many));
    world.schedule();
    assertThat(world.state.workerAssignment().ownEntries()).isEqualTo(3_000);
    world.ingest("e/c", 0, 0);
    world.run(Command.Describe.of(Worker.of(WorkerId.of("a"), 10 * SmallWorld.MIB)));
    world.schedule();
    assertThat(world.state.workerAssignment().ownEntries()).isPositive().isLessThan(3_000);
    world.fetchAll();
    world.publish();
    assertThat(world.state.portalAssignment().ownEntries()).isGreaterThanOrEqualTo(3_000);
  }

  @Test
  void portalAssignments_areForgottenOnTheirHorizon() {
    SmallWorld world =
        new SmallWorld(c -> c.retention(new RetentionHorizons(0, 0, 7, 0))).workers(10, "a");
    for (int i = 0; i < 3; i++) {
      world.ingest("d/c" + i, i, i);
      world.schedule();
      world.fetchAll();
      world.publish();
      world.now += 3;
    }
    assertThat(portalIds(world.state)).endsWith(1L, 2L, 3L);
    world.now = 9;
    world.run(new LeaderCommand.Purge());
    assertThat(portalIds(world.state)).containsExactly(1L, 2L, 3L);
    world.now = 10;
    world.run(new LeaderCommand.Purge());
    assertThat(portalIds(world.state)).containsExactly(2L, 3L);
    world.now = 500;
    world.run(new LeaderCommand.Purge());
    assertThat(portalIds(world.state)).containsExactly(3L);
  }

  @Test
  void nothing_isForgottenBeforeTheFirstHorizonCanHavePassed() {
    SmallWorld world =
        new SmallWorld(c -> c.retention(new RetentionHorizons(0, 0, 7, 0))).workers(10, "a");
    world.ingest("d/c", 0, 0);
    world.schedule();
    world.now = 6;
    world.run(new LeaderCommand.Purge());
    assertThat(workerIds(world.state)).contains(1L).hasSizeGreaterThan(1);
    world.now = 7;
    world.run(new LeaderCommand.Purge());
    assertThat(workerIds(world.state)).containsExactly(1L);
  }

  @Test
  void mirrorThatFollows_forgetsWithTheLeader() {
    SmallWorld world =
        new SmallWorld(c -> c.retention(new RetentionHorizons(0, 0, 2, 0))).workers(10, "a");
    LifecycleState follower = loaded(world);
    for (int i = 0; i < 4; i++) {
      world.ingest("d/c" + i, i, i);
      follower.apply(world.lastChanges);
      world.schedule();
      follower.apply(world.lastChanges);
      world.now += 2;
    }
    world.run(new LeaderCommand.Purge());
    follower.apply(world.lastChanges);
    assertThat(workerIds(follower)).isEqualTo(workerIds(world.state));
    assertThat(slices(follower)).isEqualTo(slices(world.state));
  }
}
