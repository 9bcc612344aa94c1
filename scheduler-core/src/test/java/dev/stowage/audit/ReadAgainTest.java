package dev.stowage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** A snapshot that is read with an older one at hand says what one says that is read without. */
class ReadAgainTest {
  private static final int STEPS = 25;

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void snapshot_readWithAnOlderOne_isTheSame(@ForAll long seed) {
    LifecycleState state = LifecycleState.empty(RandomStory.config(seed), Lineage.of(7));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    RandomStory story = new RandomStory(seed, state);
    FleetSnapshot older = FleetSnapshot.of(state);
    for (int step = 0; step < STEPS; step++) {
      lifecycle.execute(state, story.next(), Tick.of(story.now()));
      if (step % 8 == 0) {
        FleetSnapshot again = FleetSnapshot.of(state, older);
        assertThat(again)
            .usingRecursiveComparison()
            .ignoringFields("chunks.names")
            .isEqualTo(FleetSnapshot.of(state));
        older = step % 3 == 0 ? again : older;
      }
    }
  }

  @Test
  void chunk_thatKeptItsName_keepsTheObject() {
    LifecycleState state = LifecycleState.empty(RandomStory.config(1), Lineage.of(7));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    RandomStory story = new RandomStory(1, state);
    while (state.chunkCount() < 3) {
      lifecycle.execute(state, story.next(), Tick.of(story.now()));
    }
    FleetSnapshot older = FleetSnapshot.of(state);
    FleetSnapshot again = FleetSnapshot.of(state, older);
    for (int chunk = 0; chunk < state.chunkCount(); chunk++) {
      assertThat(again.chunks().key(chunk)).isSameAs(older.chunks().key(chunk));
    }
  }
}
