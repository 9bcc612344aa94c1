package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.answering.Heads;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;

/** Snapshots share pages with the state and with each other, and yet none follows. */
class SnapshotsTest {
  private static final int EVERY = 7;

  private record Kept(LifecycleSnapshot snapshot, LifecycleState deep, List<String> told) {}

  @Tag("long-story")
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void snapshot_keptWhileCommandsAreExecutedAndUndone_isADeepCopy(@ForAll long seed) {
    LifecycleState state = LifecycleState.empty(RandomStory.config(seed), Lineage.of(7));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    RandomStory story = new RandomStory(seed, state);
    SplittableRandom random = new SplittableRandom(seed);
    List<Kept> kept = new ArrayList<>();
    for (int step = 0; step < 84; step++) {
      Command<?> command = story.next();
      Tick now = Tick.of(story.now());
      ChangeSet changes = lifecycle.execute(state, command, now).changes();
      if (random.nextInt(5) == 0) {
        // A refused commit leaves a snapshot of what is undone.
        state.snapshot();
        state.rollback(changes);
        lifecycle.execute(state, command, now);
      }
      if (step % EVERY == 0) {
        LifecycleSnapshot snapshot = state.snapshot();
        LifecycleState deep = LifecycleState.load(state.fleetRow(), state.rows());
        kept.add(new Kept(snapshot, deep, told(snapshot)));
        assertThat(kept.get(kept.size() - 1).told()).isEqualTo(told(state));
      }
    }
    for (Kept each : kept) {
      assertThat(each.snapshot().digest()).isEqualTo(each.snapshot().fullDigest());
      assertThat(told(each.snapshot())).isEqualTo(each.told()).isEqualTo(told(each.deep()));
    }
  }

  @Test
  void snapshotAfterAReport_sharesAllTablesButThatOfTheWorkers() {
    SmallWorld world = SmallWorld.of(2).workers(9, "a");
    Tables before = world.state.snapshot().tables();
    assertThat(world.state.snapshot().tables().workers).isSameAs(before.workers);
    world.run(new Command.Heartbeat(world.header("a")));
    Tables after = world.state.snapshot().tables();
    assertThat(after.workers).isNotSameAs(before.workers);
    assertThat(after.chunks).isSameAs(before.chunks);
    assertThat(after.replicas).isSameAs(before.replicas);
    assertThat(after.swaps).isSameAs(before.swaps);
    assertThat(after.fleet).isSameAs(before.fleet);
  }

  /** Tells all that a view answers from its own tables, in one order. */
  private static List<String> told(LifecycleView view) {
    List<String> told = new ArrayList<>();
    told.add(view.fleetRow() + " " + view.waitingChunks() + " " + view.waitingBytes());
    told.add(view.datasets() + " " + view.replicaCount() + " " + view.chunkCount());
    view.forEachChunk(chunk -> told.add(chunk(view, chunk)));
    view.forEachWorker(worker -> told.add(worker(view, worker)));
    view.swaps().forEach(swap -> told.add(swap.toString()));
    for (DatasetId dataset : view.datasets()) {
      told.add(Heads.of(view, dataset).toString());
    }
    return told;
  }

  private static String chunk(LifecycleView view, int chunk) {
    ChunkRow row = view.chunkRow(chunk);
    assertThat(view.chunkPosition(row.key())).isEqualTo(chunk);
    if (row.number() != null) {
      assertThat(view.chunkPosition(Objects.requireNonNull(row.number()))).isEqualTo(chunk);
    }
    StringBuilder text = new StringBuilder(row.toString());
    text.append(view.overlapsAnother(chunk)).append(view.swapOf(row.key()));
    for (int slot = view.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = view.nextReplica(slot)) {
      text.append(' ').append(view.workerId(view.replicaWorker(slot)));
      text.append(' ').append(view.since(slot)).append(' ').append(view.supersededAt(slot));
      text.append(' ').append(view.releasedAt(slot)).append(' ').append(view.readableUntil(slot));
      text.append(' ').append(view.missingSince(slot)).append(view.isNamed(slot));
    }
    return text.toString();
  }

  private static String worker(LifecycleView view, int worker) {
    assertThat(view.workerPosition(view.workerId(worker))).isEqualTo(worker);
    TreeSet<String> chunks = new TreeSet<>();
    for (int slot = view.firstReplicaOn(worker);
        slot != LifecycleView.NONE;
        slot = view.nextReplicaOn(slot)) {
      chunks.add(view.chunkRow(view.replicaChunk(slot)).key() + " " + view.since(slot));
    }
    assertThat(chunks).hasSize(view.replicasOn(worker));
    return view.workerRow(worker) + " " + view.footprintBytes(worker) + " " + chunks;
  }
}
