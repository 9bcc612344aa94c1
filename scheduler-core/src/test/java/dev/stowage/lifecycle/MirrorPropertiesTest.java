package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.state.RowDrafts;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;

/** However a mirror came to its state, it is the same state. */
class MirrorPropertiesTest {
  private static final int STEPS = 45;

  /** As long as the stories of the seeds that are named here. */
  private static final int LONG = 160;

  @Tag("long-story")
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void followerAndReload_goOnLikeTheLeader(@ForAll long seed) {
    goOnLikeTheLeader(seed, STEPS);
  }

  private static void goOnLikeTheLeader(long seed, int steps) {
    LifecycleState state = LifecycleState.empty(RandomStory.config(seed), Lineage.of(7));
    LifecycleState follower = LifecycleState.empty(RandomStory.config(seed), Lineage.of(7));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    RandomStory story = new RandomStory(seed, state);
    for (int step = 0; step < steps; step++) {
      Command<?> command = story.next();
      Tick now = Tick.of(story.now());
      Lifecycle.Outcome<?> outcome = lifecycle.execute(state, command, now);
      follower.apply(outcome.changes());
      assertThat(follower.fullDigest()).as("follows %s", command).isEqualTo(state.digest());
      assertThat(follower.waitingBytes()).isEqualTo(state.waitingBytes());
      if (step % 8 == 0) {
        LifecycleState reloaded = StateBuilderTest.shuffled(state, seed + step);
        assertThat(reloaded.digest()).as("reloaded after %s", command).isEqualTo(state.digest());
        assertThat(RowDrafts.describe(reloaded.tables()))
            .isEqualTo(RowDrafts.describe(state.tables()));
        assertThat(slices(reloaded)).as("slices after %s", command).isEqualTo(slices(state));
        assertThat(slices(follower)).as("follower after %s", command).isEqualTo(slices(state));
        StateBuilderTest.goOnAlike(state, reloaded, Tick.of(story.now() + 1), step);
        StateBuilderTest.goOnAlike(state, follower, Tick.of(story.now() + 1), step);
      }
    }
  }

  /** In this story silence is given another length after the follower has looked at it. */
  @Test
  void follower_ofAnotherConfiguration_judgesSilenceByIt() {
    goOnLikeTheLeader(17, LONG);
  }

  /** In this story the pause of a new lineage is given another length while it lasts. */
  @Test
  void slices_ofAnotherPause_sayFromWhenToObey() {
    goOnLikeTheLeader(5377, LONG);
  }

  /** Returns the slice of each worker, header and entries. */
  private static List<SliceDocument> slices(LifecycleState state) {
    return state.workerAssignment().slices().stream().map(SliceDocument::of).toList();
  }
}
