package dev.stowage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.answer.Violation;
import dev.stowage.answer.Violation.Invariant;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.PlacementConfig;
import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.SmallWorld;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * An audit of what a change set says, and of a run of chunks after the other, find what one of the
 * whole finds; and rows that no cycle writes are found by the cycle's audit.
 */
class RollingTest {
  private static final int MOST_STORIES = 600;
  private static final long MUCH_ROOM = Long.MAX_VALUE / 4;

  /** Fewer than a fleet of a story has: runs begin and end anywhere. */
  private static final int RUN = 3;

  private static final Set<Invariant> BREAKABLE =
      Set.of(
          Invariant.NO_OVERCOMMIT,
          Invariant.DOMAIN_LIMIT,
          Invariant.RETENTION,
          Invariant.LAST_REPLICA,
          Invariant.ATOMIC_FIRST_PUBLICATION,
          Invariant.TWO_PHASE_IN,
          Invariant.TWO_PHASE_OUT,
          Invariant.VISIBILITY_IS_MONOTONE,
          Invariant.SWAP_ATOMICITY,
          Invariant.SWAP_ORDER,
          Invariant.NO_OVERLAP,
          Invariant.STAMPS_ARE_SANE,
          Invariant.BOUNDS_ARE_KEPT);

  /** A fleet to which a story is told, and the audits of its cycles. */
  private static final class Told {
    final LifecycleState state;
    final Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    final RandomStory story;
    List<Violation> found = List.of();
    ChangeSet changes = new ChangeSet.Parts().build();
    @Nullable ChangeSet planted;

    Told(long seed) {
      state = LifecycleState.empty(limited(RandomStory.config(seed)), Lineage.of(7));
      story = new RandomStory(seed, state);
    }

    /** Executes the next command; a cycle is judged, with what {@code random} makes of it. */
    boolean next(@Nullable SplittableRandom random) {
      Command<?> command = inZones(story.next());
      LifecycleSnapshot before = state.snapshot();
      Lifecycle.Outcome<?> outcome = lifecycle.execute(state, command, Tick.of(story.now()));
      changes = outcome.changes();
      if (!command.isCycle()) {
        return false;
      }
      planted = random == null ? null : corruption(state, random);
      if (planted != null) {
        state.apply(planted);
      }
      found = judged(before, command, outcome.result(), state);
      return true;
    }

    /** Judges the state run by run, and by its last change if that is of one row of its chunks. */
    void expectAlikeByExcerpts() {
      ChangeSet last = Objects.requireNonNull(planted);
      if (last.workers().isEmpty() && last.replicas().size() <= 1) {
        Set<Violation> shown = new LinkedHashSet<>(Audit.check(state));
        assertThat(rolled(state, RUN)).containsExactlyInAnyOrderElementsOf(shown);
        assertThat(rolled(state, 1)).containsExactlyInAnyOrderElementsOf(shown);
        assertThat(new Audit.Rolling().changed(state, last))
            .containsExactlyInAnyOrderElementsOf(shown);
      }
    }
  }

  private static List<Violation> judged(
      LifecycleSnapshot before, Command<?> command, Result result, LifecycleState state) {
    List<Violation> found = new ArrayList<>(Audit.check(state));
    found.addAll(Audit.checkStep(before, command, result, state));
    return found;
  }

  /** Each chunk once at least: one more run than it takes, wherever the first begins. */
  private static Set<Violation> rolled(LifecycleState state, int most) {
    Audit.Rolling rolling = new Audit.Rolling(most);
    Set<Violation> found = new LinkedHashSet<>();
    for (int judged = 0; judged <= state.chunkCount(); judged += most) {
      found.addAll(rolling.next(state));
    }
    return found;
  }

  /** At most one replica of a chunk in a zone. */
  private static LifecycleConfig limited(LifecycleConfig config) {
    PlacementConfig placement = config.placement().toBuilder().maxPerDomain(Map.of(1, 1)).build();
    return config.toBuilder().placement(placement).unchecked();
  }

  /** All workers of a story lie in two zones. */
  private static Command<?> inZones(Command<?> command) {
    if (command instanceof Command.Configure change) {
      return new Command.Configure(change.expectedVersion(), limited(change.config()));
    }
    if (command instanceof Command.Describe it) {
      String zone = it.worker().value().compareTo("c") < 0 ? "x" : "y";
      return Command.Describe.of(
          new Worker(it.worker(), it.description(), WorkerStatus.ACTIVE).withZone(zone));
    }
    return command;
  }

  /** Tells a story until a cycle that breaks something; answers null if none came. */
  private static @Nullable Told corrupted(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Told told = new Told(seed);
    int from = 20 + random.nextInt(50);
    for (int step = 0; step < from + 20; step++) {
      boolean isPlanted = step >= from;
      if (told.next(isPlanted ? random : null) && isPlanted) {
        return told;
      }
    }
    return null;
  }

  // ---- what is broken ----

  private static ChangeSet corruption(LifecycleState state, SplittableRandom random) {
    ChangeSet rows = state.rows().build();
    ChangeSet.Parts change = new ChangeSet.Parts();
    int dice = random.nextInt(13);
    if (dice == 12 && !rows.chunks().isEmpty() && !rows.workers().isEmpty()) {
      change.replicas(added(state, rows.chunks(), any(rows.workers(), random)));
    } else if (dice < 4 && rows.replicas().size() > 0) {
      change.replicas(broken(rows.replicas(), random));
    } else if (dice < 6 && rows.replicas().size() > 0) {
      boolean isEach = random.nextInt(3) > 0;
      change.removedReplicas(some(rows.replicas(), random.nextInt(rows.replicas().size()), isEach));
    } else if (dice < 7 && !rows.swaps().isEmpty()) {
      change.swaps(List.of(broken(any(rows.swaps(), random), random)));
    } else if (dice < 9 && !rows.workers().isEmpty()) {
      change.workers(List.of(broken(any(rows.workers(), random), random)));
    } else if (!rows.chunks().isEmpty()) {
      change.chunks(List.of(broken(any(rows.chunks(), random), random)));
    }
    return change.digests(state.digest(), state.digest() + 1).build();
  }

  private static <T> T any(List<T> all, SplittableRandom random) {
    return all.get(random.nextInt(all.size()));
  }

  private static <T> T with(Shape<T> shape, T row, String field, Object value) {
    return shape.with(row, field, value);
  }

  private static ChunkRow broken(ChunkRow row, SplittableRandom random) {
    ChunkState[] states = ChunkState.values();
    ChunkState state = random.nextInt(3) == 0 ? row.state() : states[random.nextInt(states.length)];
    ChunkRow changed = with(Shape.of(ChunkRow.class), row, "state", state);
    changed =
        with(Shape.of(ChunkRow.class), changed, "marked", row.marked() ^ (random.nextInt(4) == 0));
    boolean isPossessed = row.oncePossessed() || random.nextInt(3) == 0;
    changed = with(Shape.of(ChunkRow.class), changed, "once_possessed", isPossessed);
    return random.nextInt(4) == 0
        ? with(Shape.of(ChunkRow.class), changed, "established_at", 0)
        : changed;
  }

  private static SwapRow broken(SwapRow row, SplittableRandom random) {
    SwapState[] states = SwapState.values();
    return with(Shape.of(SwapRow.class), row, "state", states[random.nextInt(states.length)]);
  }

  private static WorkerRow broken(WorkerRow row, SplittableRandom random) {
    return broken(row, random.nextInt(6), random);
  }

  /** Only what a cycle looks at: its replicas stay where they are. */
  private static WorkerRow broken(WorkerRow row, int dice, SplittableRandom random) {
    Worker worker = row.description();
    return switch (dice) {
      case 0 ->
          with(
              Shape.of(WorkerRow.class),
              row,
              "incarnation",
              Incarnation.of(row.incarnation().value() / 2));
      case 1 ->
          with(
              Shape.of(WorkerRow.class),
              row,
              "last_applied",
              random.nextLong(-1, row.lastApplied() + 3));
      case 2 -> with(Shape.of(WorkerRow.class), row, "caught_up", !row.caughtUp());
      case 3 -> with(Shape.of(WorkerRow.class), row, "owes_inventory", !row.owesInventory());
      case 4 -> with(Shape.of(WorkerRow.class), row, "description", worker.withCapacityBytes(1));
      default ->
          with(Shape.of(WorkerRow.class), row, "description", worker.withCapacityBytes(MUCH_ROOM));
    };
  }

  private static ReplicaRows broken(ReplicaRows rows, SplittableRandom random) {
    int row = random.nextInt(rows.size());
    long off = random.nextInt(-3, 4);
    ReplicaRows.Builder one = ReplicaRows.builder(1);
    one.add(rows.chunk(row), rows.worker(row));
    one.stamps(
        Math.max(0, rows.since(row) + (random.nextBoolean() ? off : 0)),
        off < 0 ? Math.max(0, rows.supersededAt(row) + off) : rows.supersededAt(row),
        off > 1 ? rows.releasedAt(row) + off : rows.releasedAt(row));
    one.window(
        random.nextInt(3) == 0 ? 1 : rows.readableUntil(row),
        random.nextInt(4) == 0 ? 1 : rows.missingSince(row),
        random.nextBoolean() ? random.nextInt(2) : rows.flags(row));
    return one.build();
  }

  /** One more of each chunk, as a plan of this cycle would want it, if the worker had room. */
  private static ReplicaRows added(LifecycleState state, List<ChunkRow> chunks, WorkerRow worker) {
    // A cycle that minted nothing would pass these for those of an inventory.
    long since = state.newestWorkerAssignment().value() + 1;
    ReplicaRows.Builder all = ReplicaRows.builder(chunks.size());
    for (ChunkRow chunk : chunks) {
      if (state.findReplica(chunk.position(), worker.position()) == LifecycleView.NONE) {
        all.add(chunk.position(), worker.position());
        all.stamps(since, 0, 0);
        all.window(0, -1, 0);
      }
    }
    return all.build();
  }

  /** A replica, or each of its chunk. */
  private static ReplicaRows some(ReplicaRows rows, int drawn, boolean isEach) {
    ReplicaRows.Builder some = ReplicaRows.builder(1);
    for (int row = 0; row < rows.size(); row++) {
      if (row == drawn || (isEach && rows.chunk(row) == rows.chunk(drawn))) {
        some.add(rows.chunk(row), rows.worker(row));
        some.stamps(rows.since(row), rows.supersededAt(row), rows.releasedAt(row));
        some.window(rows.readableUntil(row), rows.missingSince(row), rows.flags(row));
      }
    }
    return some.build();
  }

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void corruption_isFoundInParts_asByAnAuditOfTheWhole(@ForAll long seed) {
    Told told = corrupted(seed);
    if (told != null) {
      told.expectAlikeByExcerpts();
    }
  }

  /** Else the property above would compare nothing with nothing. */
  @Test
  void corruption_inManyStories_breaksEveryInvariantThatACycleCanBreak() {
    Set<Invariant> missing = new HashSet<>(BREAKABLE);
    for (int seed = 0; !missing.isEmpty() && seed < MOST_STORIES; seed++) {
      Told told = corrupted(seed);
      if (told != null) {
        told.found.forEach(each -> missing.remove(each.invariant()));
        told.expectAlikeByExcerpts();
      }
    }
    assertThat(missing).isEmpty();
  }

  /** A worker turns out to have had room for what a cycle left out. */
  @Test
  void deferral_ofWhatHasRoom_isFound() {
    SmallWorld world = SmallWorld.of(1).workers(1, "a");
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    List<ProposedChunk> chunks =
        List.of(SmallWorld.chunk("d/x", 0, 9), SmallWorld.chunk("d/y", 10, 19));
    lifecycle.execute(world.state, new Command.Ingest(chunks), Tick.of(1));
    LifecycleSnapshot before = world.state.snapshot();
    LeaderCommand.Schedule command = new LeaderCommand.Schedule();
    Result.Scheduled result = lifecycle.execute(world.state, command, Tick.of(2)).result();
    assertThat(result.deferred()).hasSize(1);
    WorkerRow roomy = broken(world.state.workerRow(0), 5, new SplittableRandom(1));
    world.state.apply(
        new ChangeSet.Parts()
            .workers(List.of(roomy))
            .digests(world.state.digest(), world.state.digest() + 1)
            .build());
    assertThat(judged(before, command, result, world.state))
        .extracting(Violation::invariant)
        .containsExactly(Invariant.JUSTIFIED_DEFERRAL);
  }

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void story_thatKeepsItsPromises_isFine(@ForAll long seed) {
    Told told = new Told(seed);
    Audit.Rolling rolling = new Audit.Rolling(RUN);
    for (int step = 0; step < 100; step++) {
      boolean isCycle = told.next(null);
      assertThat(rolling.changed(told.state, told.changes)).as("step %d", step).isEmpty();
      assertThat(rolling.next(told.state)).as("step %d", step).isEmpty();
      if (isCycle) {
        assertThat(told.found).as("step %d", step).isEmpty();
      }
    }
  }

  @Test
  void runs_goThroughTheFleetInCanonicalOrder_andBeginAnew() {
    Told told = new Told(3);
    for (int step = 0; step < 120; step++) {
      told.next(null);
    }
    LifecycleState state = told.state;
    List<Integer> all = new ArrayList<>();
    state.forEachChunk(all::add);
    assertThat(all).hasSizeGreaterThan(2 * RUN);
    List<Integer> seen = new ArrayList<>();
    int[] run = state.chunksBehind(null, 0, RUN);
    while (run.length > 0) {
      for (int chunk : run) {
        seen.add(chunk);
      }
      int last = run[run.length - 1];
      run = state.chunksBehind(state.chunkKey(last), state.chunkRange(last).first(), RUN);
    }
    assertThat(seen).isEqualTo(all);
  }

  @Test
  void fleetWithoutChunks_isFine() {
    LifecycleState state = LifecycleState.empty(RandomStory.config(1), Lineage.of(7));
    Audit.Rolling rolling = new Audit.Rolling();
    assertThat(rolling.next(state)).isEmpty();
    assertThat(rolling.changed(state, new ChangeSet.Parts().build())).isEmpty();
  }
}
