package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerAssignment;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/** Applies deltas of slices to any older slice, and compares slices with the rows. */
class DeltaPropertiesTest {
  @Tag("long-story")
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void deltasFromAnyRetainedAssignment_leadToTheFullDocument(@ForAll long seed) {
    LifecycleState state = LifecycleState.empty(RandomStory.config(seed), Lineage.of(7));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    RandomStory story = new RandomStory(seed, state);
    Map<WorkerAssignment, List<SliceEntry>> slices = new HashMap<>();
    WorkerId worker = WorkerId.of("b");
    for (int step = 0; step < 200; step++) {
      Command<?> command = story.next();
      state.rollback(lifecycle.execute(state, command, Tick.of(story.now())).changes());
      lifecycle.execute(state, command, Tick.of(story.now()));
      if (command instanceof LeaderCommand.Schedule) {
        checkSlices(state);
      }
      WorkerAssignment assigned = state.workerAssignment();
      slices.putIfAbsent(assigned, entries(assigned, worker));
      if (step % 10 == 0) {
        for (WorkerAssignment older : state.retainedAssignments().workers()) {
          checkWorker(older, assigned, worker);
        }
      }
    }
    slices.forEach((kept, full) -> assertThat(entries(kept, worker)).isEqualTo(full));
  }

  private static void checkSlices(LifecycleState state) {
    for (WorkerSlice slice : state.workerAssignment().slices()) {
      int worker = state.workerPosition(slice.worker());
      Map<ChunkKey, Long> held = new HashMap<>();
      for (int slot = state.firstReplicaOn(worker);
          slot != LifecycleView.NONE;
          slot = state.nextReplicaOn(slot)) {
        held.put(state.chunkKey(state.replicaChunk(slot)), state.since(slot));
      }
      Map<ChunkKey, Long> named = new HashMap<>();
      slice.entries().forEach(entry -> named.put(entry.key(), entry.since()));
      assertThat(named).as("slice of %s", slice.worker()).isEqualTo(held);
      assertThat(slice.size()).isEqualTo(held.size());
    }
  }

  private static void checkWorker(WorkerAssignment older, WorkerAssignment newest, WorkerId id) {
    newest
        .deltaSince(older, id)
        .ifPresent(delta -> {
          Map<ChunkNumber, SliceEntry> held = new HashMap<>();
          if (!delta.isFull()) {
            entries(older, id).forEach(entry -> held.put(entry.number(), entry));
          }
          delta.removed().forEach(held::remove);
          delta.put().forEach(entry -> held.put(entry.number(), entry));
          Map<ChunkNumber, SliceEntry> full = new HashMap<>();
          entries(newest, id).forEach(entry -> full.put(entry.number(), entry));
          assertThat(held).isEqualTo(full);
        });
  }

  private static List<SliceEntry> entries(WorkerAssignment assignment, WorkerId worker) {
    return assignment
        .slice(worker)
        .map(slice -> (List<SliceEntry>) new ArrayList<>(slice.entries()))
        .orElse(List.of());
  }
}
