package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.answer.Head;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig.RetentionHorizons;
import dev.stowage.lifecycle.answering.Heads;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceDocument.SliceHeader;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerAssignment;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Tests slices, routes and their deltas against the rows of a fleet. */
class ViewTest {
  private static final Lineage LINEAGE = Lineage.of(7);

  private static int worker(SmallWorld world, String name) {
    return world.state.workerPosition(WorkerId.of(name));
  }

  // --- large assignments: many blocks of a slice, many pages of routes

  /** The replicas of one worker by chunk, and the routes of portals. */
  private record Given(Map<ChunkKey, Long> held, Map<ChunkKey, Route> routes) {
    static Given of(LifecycleState state) {
      Map<ChunkKey, Long> held = new HashMap<>();
      state
          .workerAssignment()
          .slice(WorkerId.of("a"))
          .orElseThrow()
          .entries()
          .forEach(entry -> held.put(entry.key(), entry.since()));
      Map<ChunkKey, Route> routes = new HashMap<>();
      state.portalAssignment().routes().forEach(route -> routes.put(route.key(), route));
      return new Given(held, routes);
    }
  }

  private static void expectSliceOfTheBooks(LifecycleState state) {
    Map<ChunkKey, Long> books = new HashMap<>();
    int worker = state.workerPosition(WorkerId.of("a"));
    for (int slot = state.firstReplicaOn(worker);
        slot != LifecycleView.NONE;
        slot = state.nextReplicaOn(slot)) {
      books.put(state.chunkKey(state.replicaChunk(slot)), state.since(slot));
    }
    WorkerSlice slice = state.workerAssignment().slice(WorkerId.of("a")).orElseThrow();
    assertThat(Given.of(state).held).isEqualTo(books);
    assertThat(slice.size()).isEqualTo(books.size());
    assertThat(slice.documentBytes())
        .isEqualTo(DocumentFormat.BINARY.toBytes(SliceDocument.of(slice)).length);
    PortalAssignment portals = state.portalAssignment();
    assertThat(portals.documentBytes())
        .isEqualTo(DocumentFormat.BINARY.toBytes(portals.full()).length);
  }

  @Test
  void deltasOfLargeAssignments_sayWhatChanged_andNoMore() {
    SmallWorld world =
        new SmallWorld(c -> c.drainWindowTicks(0).retention(RetentionHorizons.ofTicks(0)));
    world.workers(100_000, "a");
    SplittableRandom random = new SplittableRandom(3);
    List<ProposedChunk> many = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      many.add(sized("d/c" + i, i));
    }
    world.run(new Command.Ingest(many));
    cycle(world);
    List<PortalAssignment> portals = new ArrayList<>();
    List<WorkerAssignment> workers = new ArrayList<>();
    List<Given> given = new ArrayList<>();
    for (int round = 0; round < 12; round++) {
      portals.add(world.state.portalAssignment());
      workers.add(world.state.workerAssignment());
      given.add(Given.of(world.state));
      int gone = round == 7 ? 90 : 1 + random.nextInt(3);
      int first = random.nextInt(600);
      for (int i = first; i < first + gone; i++) {
        world.remove("d/c" + i);
      }
      world.ingest("e/n" + round, round, round);
      world.run(new LeaderCommand.Purge());
      cycle(world);
      expectSliceOfTheBooks(world.state);
      world.run(new LeaderCommand.Purge());
    }
    Given now = Given.of(world.state);
    for (int i = 0; i < given.size(); i++) {
      RoutesDocument delta = world.state.portalAssignment().deltaSince(portals.get(i));
      Map<ChunkKey, Route> routes = new HashMap<>(given.get(i).routes);
      assertThat(routes.keySet()).containsAll(delta.removed());
      delta.removed().forEach(routes::remove);
      delta.put().forEach(route -> assertThat(routes.put(route.key(), route)).isNotEqualTo(route));
      assertThat(routes).isEqualTo(now.routes);
      assertThat(delta.removed()).isSorted();
      SliceDocument slice =
          world.state.workerAssignment().deltaSince(workers.get(i), WorkerId.of("a")).orElseThrow();
      Map<ChunkKey, Long> held = new HashMap<>(given.get(i).held);
      assertThat(slice.put().size() + slice.removed().size()).isLessThan(300);
      Map<ChunkNumber, ChunkKey> names = new HashMap<>();
      workers
          .get(i)
          .slice(WorkerId.of("a"))
          .orElseThrow()
          .entries()
          .forEach(entry -> names.put(entry.number(), entry.key()));
      slice.removed().forEach(number -> assertThat(held.remove(names.get(number))).isNotNull());
      slice.put().forEach(entry -> held.put(entry.key(), entry.since()));
      assertThat(held).isEqualTo(now.held);
    }
  }

  private static void cycle(SmallWorld world) {
    world.publish();
    world.now++;
    world.schedule();
    world.fetchAll();
    world.publish();
  }

  private static ProposedChunk sized(String path, long block) {
    return ProposedChunk.of(Chunk.of(SmallWorld.key(path), BlockRange.of(block, block), 10));
  }

  /** The worker's name stands for another one: the same place in the table, another route. */
  @Test
  void routesOfAPlaceThatAnotherWorkerTook_areChanged() {
    SmallWorld world =
        new SmallWorld(c -> c.retention(new RetentionHorizons(0, 0, 1_000, 0)).drainWindowTicks(0));
    world.workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    PortalAssignment before = world.state.portalAssignment();
    world.status("a", WorkerStatus.DEPARTED);
    world.schedule();
    world.publish();
    world.run(new LeaderCommand.Purge());
    world.disks.remove("a");
    world.workers(10, "b");
    assertThat(worker(world, "b")).isZero();
    world.schedule();
    world.fetchAll();
    world.publish();
    RoutesDocument delta = world.state.portalAssignment().deltaSince(before);
    assertThat(delta.from()).contains(before.id());
    assertThat(delta.put()).hasSize(1);
    assertThat(delta.put().get(0).workers()).containsExactly(WorkerId.of("b"));
    assertThat(before.routes().get(0).workers()).containsExactly(WorkerId.of("a"));
  }

  // --- documents that nobody could have written

  private static Route route(String path, long first, long last, long counter, String... on) {
    return new Route(
        SmallWorld.key(path),
        BlockRange.of(first, last),
        new ChunkNumber(LINEAGE, counter),
        1,
        Arrays.stream(on).map(WorkerId::of).toList());
  }

  private static RoutesDocument document(List<ChunkKey> removed, Route... put) {
    Optional<PortalAssignmentId> from = Optional.of(PortalAssignmentId.of(1));
    return new RoutesDocument(LINEAGE, PortalAssignmentId.of(2), from, removed, List.of(put));
  }

  private static void expectRefused(String why, List<ChunkKey> removed, Route... put) {
    assertThatThrownBy(() -> document(removed, put))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(why);
  }

  @Test
  void documentsOfPortals_areInOrderAndNameNothingTwice() {
    ChunkKey c = SmallWorld.key("d/c");
    assertThat(document(List.of(c), route("d/a", 0, 9, 1), route("d/b", 10, 19, 2)).put())
        .hasSize(2);
    assertThat(document(List.of(), route("d/a", 5, 9, 1), route("e/a", 0, 5, 2)).put()).hasSize(2);
    expectRefused("removed names d/c after d/c; it must be greater", List.of(c, c));
    expectRefused(
        "d/b overlaps d/a, or is out of order",
        List.of(),
        route("d/a", 0, 9, 1),
        route("d/b", 9, 19, 2));
    expectRefused(
        "d/a overlaps e/a, or is out of order",
        List.of(),
        route("e/a", 0, 9, 1),
        route("d/a", 20, 29, 2));
    expectRefused("d/a is named twice", List.of(), route("d/a", 0, 9, 1), route("d/a", 10, 19, 2));
    expectRefused("d/b is named twice", List.of(), route("d/a", 0, 9, 1), route("d/b", 10, 19, 1));
    expectRefused(
        "the workers of d/a are out of order: [w, w]", List.of(), route("d/a", 0, 9, 1, "w", "w"));
    Route negative = new Route(c, BlockRange.of(0, 1), new ChunkNumber(LINEAGE, 1), -1, List.of());
    expectRefused("the size of d/c is -1; at least 0 is accepted", List.of(), negative);
    Route empty = new Route(c, BlockRange.of(0, 1), new ChunkNumber(LINEAGE, 1), 0, List.of());
    assertThat(document(List.of(), empty).put()).containsExactly(empty);
    assertThatThrownBy(() ->
            new RoutesDocument(
                LINEAGE, PortalAssignmentId.of(2), Optional.empty(), List.of(c), List.of()))
        .hasMessage("a full document removes 1 chunks");
  }

  @Test
  void delta_ofPortals_continuesOnlyTheAssignmentThatItStartsFrom() {
    RoutesDocument held =
        new RoutesDocument(
            LINEAGE,
            PortalAssignmentId.of(1),
            Optional.empty(),
            List.of(),
            List.of(route("d/a", 0, 9, 1), route("d/b", 10, 19, 2)));
    RoutesDocument delta = document(List.of(SmallWorld.key("d/a")), route("d/c", 20, 29, 3));
    RoutesDocument next = delta.after(held);
    assertThat(next.put()).containsExactly(route("d/b", 10, 19, 2), route("d/c", 20, 29, 3));
    assertThat(next.isFull()).isTrue();
    assertThatThrownBy(() -> delta.after(next)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> delta.after(delta)).isInstanceOf(IllegalArgumentException.class);
    assertThat(next.after(held)).isSameAs(next);
  }

  private static SliceDocument slice(
      long deleteFrom,
      long report,
      List<ChunkNumber> keep,
      List<ChunkNumber> removed,
      SliceEntry... put) {
    return new SliceDocument(
        new SliceHeader(
            LINEAGE,
            WorkerAssignmentId.of(2),
            Optional.of(WorkerAssignmentId.of(1)),
            WorkerId.of("a"),
            Incarnation.of(1),
            deleteFrom,
            report,
            false),
        keep,
        removed,
        List.of(put));
  }

  private static SliceEntry entry(long counter, String path, long bytes, long since) {
    return new SliceEntry(SmallWorld.key(path), new ChunkNumber(LINEAGE, counter), bytes, since);
  }

  private static void expectNoSlice(String why, Supplier<SliceDocument> made) {
    assertThatThrownBy(made::get)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void documentsOfWorkers_areInOrderAndNameNothingTwice() {
    ChunkNumber one = new ChunkNumber(LINEAGE, 1);
    List<ChunkNumber> twice = List.of(one, one);
    SliceEntry empty = entry(1, "d/a", 0, 0);
    assertThat(slice(0, 0, List.of(one), List.of(), empty).put()).containsExactly(empty);
    expectNoSlice("deleteFromTick is -1", () -> slice(-1, 0, List.of(), List.of()));
    expectNoSlice("inventoryReport is -1", () -> slice(0, -1, List.of(), List.of()));
    expectNoSlice("keep names", () -> slice(0, 0, twice, List.of()));
    expectNoSlice("removed names", () -> slice(0, 0, List.of(), twice));
    expectNoSlice(
        "put names",
        () -> slice(0, 0, List.of(), List.of(), entry(2, "d/a", 1, 1), entry(1, "d/b", 1, 1)));
    expectNoSlice(
        "d/a is named twice",
        () -> slice(0, 0, List.of(), List.of(), entry(1, "d/a", 1, 1), entry(2, "d/a", 1, 1)));
    expectNoSlice("d/a is named twice", () -> slice(0, 0, List.of(), List.of(one), empty));
    expectNoSlice(
        "the size of d/a is -1", () -> slice(0, 0, List.of(), List.of(), entry(1, "d/a", -1, 0)));
    expectNoSlice(
        "the since of d/a is -1", () -> slice(0, 0, List.of(), List.of(), entry(1, "d/a", 0, -1)));
  }

  @Test
  void slice_saysWhatIsWantedOfItsWorker() {
    SmallWorld world = new SmallWorld(c -> c.lineagePauseTicks(9)).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.schedule();
    world.status("b", WorkerStatus.DEPARTED);
    world.now = 5;
    world.run(new LeaderCommand.BeginLineage(Lineage.of(8)));
    assertThat(world.state.workerAssignment().slices()).hasSize(1);
    WorkerSlice slice = world.state.workerAssignment().slice(WorkerId.of("a")).orElseThrow();
    assertThat(slice.deleteFromTick()).isEqualTo(14);
    assertThat(slice.isInventoryWanted()).isTrue();
    world.register("a");
    world.inventory("a");
    world.schedule();
    slice = world.state.workerAssignment().slice(WorkerId.of("a")).orElseThrow();
    assertThat(slice.isInventoryWanted()).isFalse();
    assertThat(slice.inventoryReport()).isEqualTo(world.disk("a").report);
  }

  @Test
  void workerThatTheOlderAssignmentDidNotKnow_isGivenAFullDocument() {
    SmallWorld world = SmallWorld.of(2).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.schedule();
    WorkerAssignment before = world.state.workerAssignment();
    world.workers(10, "b");
    world.schedule();
    WorkerAssignment now = world.state.workerAssignment();
    SliceDocument delta = now.deltaSince(before, WorkerId.of("b")).orElseThrow();
    assertThat(delta.isFull()).isTrue();
    assertThat(delta.put()).hasSize(1);
    assertThat(now.deltaSince(before, WorkerId.of("zzz"))).isEmpty();
    world.run(new LeaderCommand.BeginLineage(Lineage.of(8)));
    SliceDocument foreign =
        world.state.workerAssignment().deltaSince(now, WorkerId.of("b")).orElseThrow();
    assertThat(foreign.isFull()).isTrue();
    assertThat(foreign.put()).hasSize(1);
  }

  @Test
  void head_beginsAtBlockZero_andEndsAtTheFirstGap() {
    SmallWorld world = SmallWorld.of(1);
    world.ingest("d/a", 0, 0);
    assertThat(Heads.of(world.state, DatasetId.of("d")).coveredTo()).hasValue(0);
    world.ingest("d/b", 1, 5);
    world.ingest("d/c", 7, 9);
    Head head = Heads.of(world.state, DatasetId.of("d"));
    assertThat(head.coveredTo()).hasValue(5);
    assertThat(head.last()).hasValue(9);
    world.ingest("d/e", 6, 6);
    assertThat(Heads.of(world.state, DatasetId.of("d")).coveredTo()).hasValue(9);
  }
}
