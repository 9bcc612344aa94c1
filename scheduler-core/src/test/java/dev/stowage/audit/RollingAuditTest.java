package dev.stowage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Invariant;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.Violation;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.ReplicaRows;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** An audit of what changed, and one of a run after the other, find what one of the whole finds. */
class RollingAuditTest {
  private static final Lineage LINEAGE = Lineage.of(7);

  /** Fewer than a fleet of a story has: runs begin and end anywhere. */
  private static final int RUN = 3;

  private static LifecycleState told(long seed, int steps) {
    LifecycleState state = LifecycleState.empty(RandomStory.config(seed), LINEAGE);
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    RandomStory story = new RandomStory(seed, state);
    for (int step = 0; step < steps; step++) {
      Command<?> command = story.next();
      lifecycle.execute(state, command, Tick.of(story.now()));
    }
    return state;
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

  private static Set<Violation> whole(LifecycleState state) {
    return new LinkedHashSet<>(Audit.check(FleetSnapshot.of(state)));
  }

  // ---- what is broken ----

  /** A fleet of which one row was changed, and the change. */
  private record Broken(LifecycleState state, ChangeSet change) {}

  private static Broken broken(LifecycleState fine, SplittableRandom random) {
    ChangeSet rows = fine.rows().build();
    List<ChunkRow> chunks = new ArrayList<>(rows.chunks());
    List<SwapRow> swaps = new ArrayList<>(rows.swaps());
    ReplicaRows replicas = rows.replicas();
    ChangeSet.Parts change = new ChangeSet.Parts();
    int dice = random.nextInt(10);
    if (dice < 3 && replicas.size() > 0) {
      int at = random.nextInt(replicas.size());
      replicas = copy(rows.replicas(), at, random);
      change.replicas(one(replicas, at));
    } else if (dice < 5 && !swaps.isEmpty()) {
      int at = random.nextInt(swaps.size());
      swaps.set(at, broken(swaps.get(at), random));
      change.swaps(List.of(swaps.get(at)));
    } else if (!chunks.isEmpty()) {
      int at = random.nextInt(chunks.size());
      chunks.set(at, broken(chunks.get(at), random));
      change.chunks(List.of(chunks.get(at)));
    }
    ChangeSet.Parts all =
        new ChangeSet.Parts()
            .chunks(chunks)
            .replicas(replicas)
            .workers(rows.workers())
            .swaps(swaps);
    return new Broken(LifecycleState.loadPart(fine.fleetRow(), all, 0, 0), change.build());
  }

  private static ChunkRow broken(ChunkRow row, SplittableRandom random) {
    ChunkState[] states = ChunkState.values();
    boolean isWider = random.nextBoolean();
    BlockRange range = row.range();
    return new ChunkRow(
        row.position(),
        row.key(),
        isWider
            ? BlockRange.of(Math.max(0, range.first() - 30), range.last() + random.nextInt(60))
            : range,
        row.sizeBytes(),
        row.weight(),
        row.eligibility(),
        isWider ? row.state() : states[random.nextInt(states.length)],
        row.marked() ^ (random.nextInt(3) == 0),
        row.number(),
        row.oncePossessed(),
        row.staleRoutes(),
        random.nextInt(4) == 0 ? 0 : row.establishedAt(),
        row.admittedTick(),
        row.endTick(),
        row.rejectedBy(),
        row.lostTicks(),
        row.goneNames());
  }

  private static SwapRow broken(SwapRow row, SplittableRandom random) {
    SwapState[] states = SwapState.values();
    return new SwapRow(
        row.id(),
        row.oldChunks(),
        row.newChunks(),
        row.coverage(),
        states[random.nextInt(states.length)],
        row.registeredTick(),
        row.endTick());
  }

  private static ReplicaRows copy(ReplicaRows rows, int broken, SplittableRandom random) {
    ReplicaRows.Builder copy = ReplicaRows.builder(rows.size());
    for (int row = 0; row < rows.size(); row++) {
      boolean isBroken = row == broken;
      add(copy, rows, row, isBroken ? random.nextInt(-3, 4) : 0, isBroken && random.nextBoolean());
    }
    return copy.build();
  }

  private static ReplicaRows one(ReplicaRows rows, int row) {
    ReplicaRows.Builder one = ReplicaRows.builder(1);
    add(one, rows, row, 0, false);
    return one.build();
  }

  private static void add(
      ReplicaRows.Builder to, ReplicaRows rows, int row, long off, boolean isNamed) {
    to.add(rows.chunk(row), rows.worker(row))
        .stamps(
            Math.max(0, rows.since(row) + off),
            off < 0 ? Math.max(0, rows.supersededAt(row) + off) : rows.supersededAt(row),
            off > 1 ? rows.releasedAt(row) + off : rows.releasedAt(row))
        .window(rows.readableUntil(row), rows.missingSince(row), isNamed ? 1 : rows.flags(row));
  }

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void brokenRow_isFoundByEach(@ForAll long seed) {
    new SplittableRandom(seed).longs(10).forEach(RollingAuditTest::isFoundByEach);
  }

  private static void isFoundByEach(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    LifecycleState fine = told(seed, 20 + random.nextInt(60));
    Broken broken = broken(fine, random);
    Set<Violation> whole = whole(broken.state());
    assertThat(rolled(broken.state(), RUN)).as("runs").containsExactlyInAnyOrderElementsOf(whole);
    assertThat(rolled(broken.state(), 1)).as("one each").containsExactlyInAnyOrderElementsOf(whole);
    assertThat(new Audit.Rolling().changed(broken.state(), broken.change()))
        .as("what changed")
        .containsExactlyInAnyOrderElementsOf(whole);
  }

  /** Else the property above would compare nothing with nothing. */
  @Test
  void brokenRows_breakEachInvariant_often() {
    int[] found = new int[Invariant.values().length];
    for (long seed = 0; seed < 600; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      for (Violation each : whole(broken(told(seed, 20 + random.nextInt(60)), random).state())) {
        found[each.invariant().ordinal()]++;
      }
    }
    assertThat(found[Invariant.STAMPS_ARE_SANE.ordinal()]).isGreaterThan(30);
    assertThat(found[Invariant.NO_OVERLAP.ordinal()]).isGreaterThan(30);
    assertThat(found[Invariant.TWO_PHASE_IN.ordinal()]).isGreaterThan(6);
    assertThat(found[Invariant.SWAP_ATOMICITY.ordinal()]).isGreaterThan(6);
  }

  // ---- what is not ----

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void story_thatKeepsItsPromises_isFine(@ForAll long seed) {
    LifecycleState state = LifecycleState.empty(RandomStory.config(seed), LINEAGE);
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    RandomStory story = new RandomStory(seed, state);
    Audit.Rolling rolling = new Audit.Rolling(RUN);
    for (int step = 0; step < 150; step++) {
      Command<?> command = story.next();
      Lifecycle.Outcome<?> outcome = lifecycle.execute(state, command, Tick.of(story.now()));
      assertThat(rolling.changed(state, outcome.changes())).as("%d: %s", step, command).isEmpty();
      assertThat(rolling.next(state)).as("%d: %s", step, command).isEmpty();
    }
  }

  @Test
  void runs_goThroughTheFleetInCanonicalOrder_andBeginAnew() {
    LifecycleState state = told(3, 120);
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
    LifecycleState state = LifecycleState.empty(RandomStory.config(1), LINEAGE);
    Audit.Rolling rolling = new Audit.Rolling();
    assertThat(rolling.next(state)).isEmpty();
    assertThat(rolling.changed(state, new ChangeSet.Parts().build())).isEmpty();
  }
}
