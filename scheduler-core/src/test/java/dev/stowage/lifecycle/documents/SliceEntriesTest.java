package dev.stowage.lifecycle.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.store.MirrorView;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An entry is compared with a slice without being made, by all that it says. */
class SliceEntriesTest {
  private static List<WorkerSlice> slices(long seed) {
    LifecycleState state = LifecycleState.empty(RandomStory.config(seed), Lineage.of(7));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    RandomStory story = new RandomStory(seed, state);
    List<WorkerSlice> slices = new ArrayList<>();
    for (int step = 0; step < 80; step++) {
      lifecycle.execute(state, story.next(), Tick.of(story.now()));
      state.forEachWorker(
          worker -> MirrorView.of(state).slice(state.workerId(worker)).ifPresent(slices::add));
    }
    return slices;
  }

  @Test
  void entry_ofASlice_isThatEntryAndNoOther() {
    int seen = 0;
    for (long seed = 0; seed < 20; seed++) {
      for (WorkerSlice slice : slices(seed)) {
        for (int i = 0; i < slice.size(); i++) {
          SliceEntry entry = slice.entry(i);
          assertThat(slice.number(i)).isEqualTo(entry.number());
          assertThat(slice.isEntry(i, entry)).isTrue();
          others(entry, i, slice);
          seen++;
        }
      }
    }
    assertThat(seen).isPositive();
  }

  private static void others(SliceEntry entry, int i, WorkerSlice slice) {
    ChunkKey key = new ChunkKey(entry.key().dataset(), entry.key().id() + "x");
    Lineage lineage = entry.number().lineage();
    ChunkNumber number = new ChunkNumber(lineage, entry.number().counter() + 1);
    ChunkNumber stranger =
        new ChunkNumber(Lineage.of(lineage.token() + 1), entry.number().counter());
    long size = entry.sizeBytes();
    long since = entry.since();
    assertThat(slice.isEntry(i, new SliceEntry(key, entry.number(), size, since))).isFalse();
    assertThat(slice.isEntry(i, new SliceEntry(entry.key(), number, size, since))).isFalse();
    assertThat(slice.isEntry(i, new SliceEntry(entry.key(), stranger, size, since))).isFalse();
    assertThat(slice.isEntry(i, new SliceEntry(entry.key(), entry.number(), size + 1, since)))
        .isFalse();
    assertThat(slice.isEntry(i, new SliceEntry(entry.key(), entry.number(), size, since + 1)))
        .isFalse();
  }
}
