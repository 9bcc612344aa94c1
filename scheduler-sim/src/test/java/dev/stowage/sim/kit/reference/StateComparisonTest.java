package dev.stowage.sim.kit.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Command;
import dev.stowage.command.Command.Coverage;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.Origin;
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
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
    run(new LeaderCommand.Schedule());
    run(new Command.Applied(header(A), state.newestWorkerAssignment(), List.of()));
    run(new Command.Applied(header(B), state.newestWorkerAssignment(), List.of()));
    run(LeaderCommand.Publish.now());
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

  /** Numbers, flags and states that decide what comes, and that no reader of the core sees. */
  private static final List<String> UNSEEN =
      List.of(
          "RefFleet.isTimeBelieved",
          "RefFleet.largestWindow",
          "RefFleet.lastSwap",
          "RefFleet.purgedLife",
          "RefReplica.isNamed",
          "RefReplica.isOfLostDisk",
          "RefWorker.isHeard");

  /** Each number, flag and state of the model, changed alone. */
  @Test
  void field_thatTheModelHasOtherwise_isFound() throws IllegalAccessException {
    Map<Class<?>, Function<RefFleet, Object>> owners =
        Map.of(
            RefFleet.class, it -> it,
            RefChunk.class, it -> chunkOf(it, "o"),
            RefReplica.class, it -> it.replica(chunkOf(it, "c"), B),
            RefWorker.class, it -> it.holder(B));
    List<String> unseen = new ArrayList<>();
    for (Class<?> owner : owners.keySet()) {
      for (Field field : owner.getDeclaredFields()) {
        RefFleet other = fleet.copy();
        if (change(field, owners.get(owner).apply(other)) && differences(other).isEmpty()) {
          unseen.add(owner.getSimpleName() + "." + field.getName());
        }
      }
    }
    assertThat(unseen).containsExactlyInAnyOrderElementsOf(UNSEEN);
  }

  private static boolean change(Field field, Object owner) throws IllegalAccessException {
    if (Modifier.isStatic(field.getModifiers()) || Modifier.isFinal(field.getModifiers())) {
      return false;
    }
    Object before = field.get(owner);
    if (before instanceof Long number) {
      field.set(owner, number + 1);
    } else if (before instanceof Integer number) {
      field.set(owner, number + 1);
    } else if (before instanceof Boolean flag) {
      field.set(owner, !flag);
    } else if (before instanceof Enum<?> constant) {
      Object[] all = field.getType().getEnumConstants();
      field.set(owner, all[(constant.ordinal() + 1) % all.length]);
    } else {
      return false;
    }
    return true;
  }

  /** Tries options that are absent, and such with several parts. */
  @Test
  void part_thatTheModelHasOtherwise_isFound() {
    List<Consumer<RefFleet>> changes =
        List.of(
            other -> other.eras.set(0, new RefFleet.Era(Lineage.of(8), 0, 0)),
            other -> other.wishes.clear(),
            other -> other.formerWindows.add(new RefFleet.FormerWindow(9, Long.MAX_VALUE)),
            other -> other.chunks.remove(C),
            other -> chunkOf(other, "o").number = new ChunkNumber(LINEAGE, 99),
            other -> chunkOf(other, "c").sizeBytes++,
            other -> chunkOf(other, "late").rejectedBy = C,
            other -> chunkOf(other, "c").replicas.remove(B),
            other -> chunkOf(other, "n").replicas.put(A, new RefReplica(1, Origin.NEW)),
            other -> other.holder(A).waiting.clear(),
            other -> other.holder(A).description = other.holder(A).description.withCapacityBytes(7),
            other -> other.workers.put(WorkerId.of("x"), new RefWorker(Worker.of(A, 1))),
            other -> other.holder(B).absence = WorkerStatus.SUSPECT,
            other -> other.holder(B).unknownBytes = List.of(new ChunkNumber(LINEAGE, 50)),
            other -> other.swaps.clear(),
            other -> swap(other, 1, SwapState.PENDING, List.of(C)),
            other -> swap(other, 0, SwapState.FIRED, List.of(C)),
            other -> swap(other, 0, SwapState.PENDING, List.of(C, ChunkKey.of("d", "e"))),
            other -> routes(other, C, Map.of()),
            other -> routes(other, C, Map.of(A, "")),
            other -> routes(other, C, Map.of(A, "", B, "another")),
            other -> routes(other, ChunkKey.of("d", "x"), Map.of()));
    for (Consumer<RefFleet> change : changes) {
      RefFleet other = fleet.copy();
      change.accept(other);
      assertThat(differences(other)).as("change %d", changes.indexOf(change)).isNotEmpty();
    }
  }

  private static RefChunk chunkOf(RefFleet fleet, String id) {
    return Objects.requireNonNull(fleet.chunks.get(ChunkKey.of("d", id)), "chunk");
  }

  private static void swap(RefFleet other, long end, SwapState state, List<ChunkKey> oldSide) {
    RefSwap swap = other.swaps.firstEntry().getValue();
    other.swaps.put(swap.id(), new RefSwap(swap.id(), oldSide, swap.newSide(), state, end));
  }

  private static void routes(RefFleet other, ChunkKey chunk, Map<WorkerId, String> named) {
    other.routes = new TreeMap<>(other.routes);
    other.routes.put(chunk, new TreeMap<>(named));
  }
}
