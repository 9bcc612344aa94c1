package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.lifecycle.state.RowDrafts;
import dev.stowage.lifecycle.state.WorkSets;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A state that is built from rows, however a store hands them over. */
class StateBuilderTest {
  /** All rows of a state, in another order, with a guess of their number that is another one. */
  static LifecycleState shuffled(LifecycleState state, long seed) {
    ChangeSet rows = state.rows().build();
    Random random = new Random(seed);
    LifecycleState.Builder builder =
        LifecycleState.builder(state.fleetRow(), random.nextInt(2 * rows.chunks().size() + 1));
    shuffled(rows.workers(), random).forEach(builder::worker);
    shuffled(rows.swaps(), random).forEach(builder::swap);
    shuffled(rows.chunks(), random).forEach(builder::chunk);
    List<Integer> replicas = new ArrayList<>();
    for (int row = 0; row < rows.replicas().size(); row++) {
      replicas.add(row);
    }
    for (int row : shuffled(replicas, random)) {
      builder.replica(
          rows.replicas().chunk(row), rows.replicas().worker(row), rows.replicas().since(row));
      builder.ending(rows.replicas().supersededAt(row), rows.replicas().releasedAt(row));
      builder.window(
          rows.replicas().readableUntil(row),
          rows.replicas().missingSince(row),
          rows.replicas().flags(row));
    }
    return builder.build();
  }

  private static <T> List<T> shuffled(List<T> rows, Random random) {
    List<T> other = new ArrayList<>(rows);
    Collections.shuffle(other, random);
    return other;
  }

  /** Both take in a chunk, at the same place, and run two cycles; all of that is rolled back. */
  static void goOnAlike(LifecycleState one, LifecycleState other, Tick now, int step) {
    Chunk fresh =
        Chunk.of(SmallWorld.key("fresh/c" + step), BlockRange.of(step, step), SmallWorld.MIB);
    for (Command<?> command :
        List.of(
            new Command.Ingest(ProposedChunk.listOf(List.of(fresh))),
            new LeaderCommand.Schedule(),
            LeaderCommand.Publish.now(),
            new LeaderCommand.Purge())) {
      Lifecycle.Outcome<?> expected =
          new Lifecycle(PlacementPlanner.sticky()).execute(one, command, now);
      Lifecycle.Outcome<?> outcome =
          new Lifecycle(PlacementPlanner.sticky()).execute(other, command, now);
      assertThat(outcome.result()).as("%s", command).isEqualTo(expected.result());
      assertThat(other.digest()).as("%s", command).isEqualTo(one.digest());
      assertThat(RowDrafts.describe(other.tables())).isEqualTo(RowDrafts.describe(one.tables()));
      if (command instanceof LeaderCommand.Publish) {
        assertThat(other.portalAssignment().full()).isEqualTo(one.portalAssignment().full());
      }
      one.rollback(expected.changes());
      other.rollback(outcome.changes());
    }
  }

  // ---- work sets ----

  @Test
  void builtState_looksAtWhatALoadedOneWouldLookAt() {
    SmallWorld world = SmallWorld.of(2).workers(10, "a", "b", "c");
    for (int i = 0; i < 9; i++) {
      world.ingest("d/c" + i, 10L * i, 10L * i + 9);
    }
    world.settle();
    world.remove("d/c4");
    world.offer("d/o", 200, 209);
    LifecycleState built = shuffled(world.state, 1);
    WorkSets work = built.tables().work;
    int marked = world.state.chunkPosition(SmallWorld.key("d/c4"));
    int offered = world.state.chunkPosition(SmallWorld.key("d/o"));
    assertThat(work.touched.size()).isEqualTo(10);
    assertThat(work.unfed.size()).isEqualTo(10);
    assertThat(work.dark.size()).isEqualTo(10);
    assertThat(work.ending.toArray()).containsExactly(marked);
    assertThat(work.offered.toArray()).containsExactly(offered);
    assertThat(RowDrafts.sorted(work.reporting)).hasSize(3);
    assertThat(work.routes.isEmpty()).as("all routes are published").isTrue();
    assertThat(work.pairs.sorted()).as("all slices are published").isEmpty();
  }

  // ---- rows that do not fit together ----

  private final LifecycleState.Builder builder =
      LifecycleState.builder(RowDrafts.tables().fleet, 4)
          .worker(RowDrafts.unsummed(0, "a"))
          .worker(RowDrafts.unsummed(2, "b"))
          .chunk(RowDrafts.chunk(3, "d", 10, 5));

  @Test
  void replicaOfAChunkThatIsNotThere_isRefused() {
    for (int chunk : new int[] {-1, 2, 4, 100_000}) {
      assertThatThrownBy(() -> builder.replica(chunk, 0, 1))
          .as("chunk %d", chunk)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("position " + chunk);
    }
  }

  @Test
  void replicaOnAWorkerThatIsNotThere_isRefused() {
    for (int worker : new int[] {-1, 1, 3, 100_000}) {
      assertThatThrownBy(() -> builder.replica(3, worker, 1))
          .as("worker %d", worker)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("position " + worker);
    }
  }

  @Test
  void replicaThatIsThereAlready_isRefused() {
    builder.replica(3, 0, 1).replica(3, 2, 1);
    assertThatThrownBy(() -> builder.replica(3, 2, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
  }

  @Test
  void chunkAtThePlaceOfAnother_isRefused() {
    assertThatThrownBy(() -> builder.chunk(RowDrafts.chunk(3, "d", 40, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("position 3")
        .hasMessageContaining("d/c40");
  }

  @Test
  void wildGuess_ofHowManyChunksCome_doesNoHarm() {
    LifecycleState built =
        LifecycleState.builder(RowDrafts.tables().fleet, Integer.MAX_VALUE)
            .chunk(RowDrafts.chunk(0, "d", 10, 5))
            .build();
    assertThat(built.chunkPosition(SmallWorld.key("d/c10"))).isZero();
  }

  @Test
  void builder_isGoodForOneState() {
    LifecycleState built = builder.build();
    assertThat(built.chunkPosition(SmallWorld.key("d/c10"))).isEqualTo(3);
    assertThatThrownBy(builder::build).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> builder.chunk(RowDrafts.chunk(4, "d", 40, 5)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void stampsOfAReplica_areThoseThatWereGiven() {
    SplittableRandom random = new SplittableRandom(4);
    ReplicaRows.Builder given = ReplicaRows.builder(4);
    for (int i = 0; i < 50; i++) {
      builder.chunk(RowDrafts.chunk(10 + i, "d", 100 + 10L * i, 5));
      long[] stamps = random.longs(4, 0, 3).toArray();
      int flags = random.nextInt(4);
      builder.replica(10 + i, 2, i + 1).ending(stamps[0], stamps[1]);
      builder.window(stamps[2], stamps[3] - 1, flags);
      given.add(10 + i, 2).stamps(i + 1, stamps[0], stamps[1]);
      given.window(stamps[2], stamps[3] - 1, flags);
    }
    ReplicaRows kept = builder.build().rows().build().replicas();
    assertThat(RowDrafts.describe(kept)).isEqualTo(RowDrafts.describe(given.build()));
  }
}
