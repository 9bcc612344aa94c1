package dev.stowage.sim.kit.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Coverage;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.Origin;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.WeightPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The comparison finds a model that differs in a single fact, whichever it is, and says which; and
 * nothing where none does.
 */
class StateComparisonTest {
  private static final long MIB = 1 << 20;
  private static final Lineage LINEAGE = Lineage.of(7);
  private static final LifecycleConfig CONFIG =
      LifecycleConfig.builder()
          .minReplication(1)
          .maxReplication(WeightPolicy.UNCAPPED)
          .drainWindowTicks(5)
          .build();
  private static final WorkerId A = WorkerId.of("a");
  private static final WorkerId B = WorkerId.of("b");
  private static final ChunkKey C = ChunkKey.of("d", "c");

  private final LifecycleState state = LifecycleState.empty(CONFIG, LINEAGE);
  private final Lifecycle lifecycle = new Lifecycle(this::planned);
  private final RefFleet fleet = new RefFleet(CONFIG, LINEAGE);
  private final ReferenceModel model = new ReferenceModel(fleet);
  private final Map<WorkerId, Long> reports = new TreeMap<>();
  private @Nullable PlacementPlan plan;
  private long tick;

  /** Of everything something: chunks in many states, a pending swap, a report on the way. */
  @BeforeEach
  void begin() {
    for (WorkerId worker : List.of(A, B)) {
      run(Command.Describe.of(Worker.of(worker, 20 * MIB)));
      run(new Command.Register(worker, "disk of " + worker));
    }
    run(new Command.Ingest(List.of(chunk("c", 0), chunk("e", 10))));
    cycle();
    run(new Command.Offer(List.of(chunk("late", 12), chunk("o", 40))));
    cycle();
    run(
        new Command.RegisterSwap(
            DatasetId.of("d"), List.of(C), List.of(chunk("n", 0)), Coverage.SAME));
    run(new Command.Remove(ChunkKey.of("d", "e")));
    run(new Command.Lost(header(A), List.of(new ChunkNumber(LINEAGE, 1))));
    run(
        new Command.Wish(
            PlacementWish.of(PlacementWish.Kind.BAN, ChunkKey.of("d", "o"), B),
            Command.ANY_VERSION));
  }

  private static ProposedChunk chunk(String id, long first) {
    return new ProposedChunk(
        ChunkKey.of("d", id), first, first + 9, MIB, OptionalInt.empty(), Eligibility.ANY);
  }

  /** Scheduled, fetched by all, and shown. */
  private void cycle() {
    tick++;
    run(new Command.Schedule());
    run(new Command.Applied(header(A), state.newestWorkerAssignment(), List.of()));
    run(new Command.Applied(header(B), state.newestWorkerAssignment(), List.of()));
    run(Command.Publish.now());
  }

  private ReportHeader header(WorkerId worker) {
    long number = reports.merge(worker, 1L, Long::sum);
    return new ReportHeader(worker, Incarnation.of(1), LINEAGE, number);
  }

  private PlacementPlan planned(PlacementInput input) {
    PlacementPlan made = PlacementPlanner.sticky().plan(input);
    plan = made;
    return made;
  }

  private void run(Command<?> command) {
    plan = null;
    Result result = lifecycle.execute(state, command, Tick.of(tick)).result();
    assertThat(model.execute(command, Tick.of(tick), plan, null, result))
        .as(command.toString())
        .isEmpty();
  }

  private List<String> differences(RefFleet other) {
    return StateComparison.differences(other, state, state.portalAssignment());
  }

  @Test
  void model_thatAgrees_differsInNothing() {
    assertThat(differences(fleet)).isEmpty();
    assertThat(fleet.chunks).hasSize(5);
    assertThat(chunkOf(fleet, "late").state).isEqualTo(ChunkState.REJECTED);
    assertThat(fleet.holder(A).waiting).isNotEmpty();
    assertThat(fleet.routes).isNotEmpty();
  }

  @TestFactory
  Stream<DynamicTest> fact_thatTheModelHasOtherwise_isFound() {
    Map<String, Consumer<RefFleet>> changes = new LinkedHashMap<>();
    ofFleet(changes);
    ofChunks(changes);
    ofReplicas(changes);
    ofWorkers(changes);
    ofSwapsAndRoutes(changes);
    return changes.entrySet().stream()
        .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> isFound(each.getValue())));
  }

  private void isFound(Consumer<RefFleet> change) {
    RefFleet other = fleet.copy();
    assertThat(differences(other)).isEmpty();
    change.accept(other);
    assertThat(differences(other)).isNotEmpty();
  }

  private static RefChunk chunkOf(RefFleet fleet, String id) {
    return java.util.Objects.requireNonNull(fleet.chunks.get(ChunkKey.of("d", id)), "chunk");
  }

  private static void ofFleet(Map<String, Consumer<RefFleet>> changes) {
    changes.put("worker assignment", other -> other.workerAssignment++);
    changes.put("portal assignment", other -> other.portalAssignment++);
    changes.put("watermark", other -> other.watermark++);
    changes.put("largest tick", other -> other.largestTick++);
    changes.put("lineage", other -> other.eras.set(0, new RefFleet.Era(Lineage.of(8), 0, 0)));
    changes.put("wishes", other -> other.wishes.clear());
    changes.put("version of the configuration", other -> other.configVersion++);
    changes.put("version of the wishes", other -> other.wishesVersion++);
    changes.put(
        "window", other -> other.formerWindows.add(new RefFleet.FormerWindow(9, Long.MAX_VALUE)));
  }

  private static void ofChunks(Map<String, Consumer<RefFleet>> changes) {
    changes.put("a chunk that is not there", other -> other.chunks.remove(C));
    changes.put("state", other -> chunkOf(other, "o").state = ChunkState.DROPPED);
    changes.put("mark", other -> chunkOf(other, "e").isMarked = false);
    changes.put("number", other -> chunkOf(other, "o").number = new ChunkNumber(LINEAGE, 99));
    changes.put("established", other -> chunkOf(other, "n").isEstablished = true);
    changes.put("once possessed", other -> chunkOf(other, "o").isOncePossessed = false);
    changes.put("admission", other -> chunkOf(other, "o").admittedTick++);
    changes.put("end", other -> chunkOf(other, "o").endTick++);
    changes.put("size, by the checksums", other -> chunkOf(other, "c").sizeBytes++);
    changes.put("winner", other -> chunkOf(other, "late").rejectedBy = C);
  }

  private static void ofReplicas(Map<String, Consumer<RefFleet>> changes) {
    changes.put("a replica that is not there", other -> chunkOf(other, "c").replicas.remove(B));
    changes.put(
        "a replica too many",
        other -> chunkOf(other, "n").replicas.put(A, new RefReplica(1, Origin.NEW)));
    changes.put("since", other -> other.replica(chunkOf(other, "c"), B).since++);
    changes.put("origin", other -> other.replica(chunkOf(other, "c"), B).origin = Origin.FOUND);
    changes.put("superseded", other -> other.replica(chunkOf(other, "c"), B).supersededAt = 1);
    changes.put("released", other -> other.replica(chunkOf(other, "c"), B).releasedAt = 1);
    changes.put("readable until", other -> other.replica(chunkOf(other, "c"), B).readableUntil = 9);
    changes.put("missing", other -> other.replica(chunkOf(other, "c"), B).missingSince = 1);
    changes.put("what is said", other -> other.holder(A).waiting.clear());
    changes.put(
        "named and not routed",
        other -> {
          other.replica(chunkOf(other, "o"), B).isNamed = true;
          other.holder(B).lastApplied = -1;
        });
  }

  private static void ofWorkers(Map<String, Consumer<RefFleet>> changes) {
    changes.put(
        "capacity",
        other -> other.holder(A).description = other.holder(A).description.withCapacityBytes(7));
    changes.put(
        "a worker too many",
        other -> other.workers.put(WorkerId.of("x"), new RefWorker(Worker.of(A, 1))));
    changes.put("absence", other -> other.holder(B).absence = WorkerStatus.SUSPECT);
    changes.put("absent since", other -> other.holder(B).absentSince = 1);
    changes.put(
        "status",
        other -> {
          RefWorker worker = other.holder(B);
          worker.description = worker.description.withStatus(WorkerStatus.CORDONED);
        });
    changes.put("life", other -> other.holder(B).incarnation++);
    changes.put("applied", other -> other.holder(B).lastApplied++);
    changes.put("caught up", other -> other.holder(B).isCaughtUp = false);
    changes.put("inventory", other -> other.holder(B).owesInventory = true);
    changes.put("report", other -> other.holder(B).lastReport++);
    changes.put("seen", other -> other.holder(B).lastSeen++);
    changes.put(
        "unknown bytes",
        other -> other.holder(B).unknownBytes = List.of(new ChunkNumber(LINEAGE, 50)));
  }

  private static void ofSwapsAndRoutes(Map<String, Consumer<RefFleet>> changes) {
    changes.put("a swap that is not there", other -> other.swaps.clear());
    changes.put("end of a swap", other -> swap(other, 1, SwapState.PENDING, List.of(C)));
    changes.put("state of a swap", other -> swap(other, 0, SwapState.FIRED, List.of(C)));
    changes.put(
        "side of a swap",
        other -> swap(other, 0, SwapState.PENDING, List.of(C, ChunkKey.of("d", "e"))));
    changes.put("a chunk without routes", other -> routes(other, List.of()));
    changes.put("fewer routes", other -> routes(other, List.of(A)));
    changes.put("other routes", other -> routes(other, List.of(A, WorkerId.of("x"))));
    changes.put(
        "another zone in a route",
        other -> {
          TreeMap<WorkerId, String> named = new TreeMap<>(other.routes.get(C));
          named.put(named.firstKey(), "another");
          other.routes = new TreeMap<>(other.routes);
          other.routes.put(C, named);
        });
    changes.put(
        "a chunk that is not shown",
        other -> {
          other.routes = new TreeMap<>(other.routes);
          other.routes.remove(C);
        });
    changes.put(
        "a chunk too many",
        other -> {
          other.routes = new TreeMap<>(other.routes);
          other.routes.put(ChunkKey.of("d", "x"), new TreeMap<>());
        });
  }

  private static void swap(RefFleet other, long end, SwapState state, List<ChunkKey> oldSide) {
    RefSwap swap = other.swaps.firstEntry().getValue();
    other.swaps.put(swap.id(), new RefSwap(swap.id(), oldSide, swap.newSide(), state, end));
  }

  private static void routes(RefFleet other, List<WorkerId> workers) {
    TreeMap<WorkerId, String> named = new TreeMap<>();
    workers.forEach(worker -> named.put(worker, ""));
    other.routes = new TreeMap<>(other.routes);
    other.routes.put(C, named);
  }
}
