package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.rows.ChangeSet;
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
  void rolledBackCommand_leavesEverythingAsItWas(@ForAll long seed) {
    LifecycleState state = LifecycleState.empty(RandomStory.config(seed), Lineage.of(7));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    RandomStory story = new RandomStory(seed, state);
    for (int step = 0; step < STEPS; step++) {
      Command<?> command = story.next();
      Tick now = Tick.of(story.now());
      long before = state.digest();
      long waiting = state.waitingBytes() + state.waitingChunks();
      String rows = describe(state);
      Lifecycle.Outcome<?> first = lifecycle.execute(state, command, now);
      long after = state.digest();
      assertThat(after).as("digest after %s", command).isEqualTo(state.fullDigest());
      String rowsAfter = describe(state);
      state.rollback(first.changes());
      assertThat(state.digest()).as("digest undone %s", command).isEqualTo(before);
      assertThat(state.fullDigest()).as("full digest undone %s", command).isEqualTo(before);
      assertThat(describe(state)).as("rows undone %s", command).isEqualTo(rows);
      assertThat(state.waitingBytes() + state.waitingChunks()).isEqualTo(waiting);
      Lifecycle.Outcome<?> second = lifecycle.execute(state, command, now);
      assertThat(second.result()).isEqualTo(first.result());
      assertThat(state.digest()).as("digest again %s", command).isEqualTo(after);
      assertThat(describe(state)).as("rows again %s", command).isEqualTo(rowsAfter);
    }
  }

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
        LifecycleState reloaded = LifecycleState.load(state.fleetRow(), state.rows());
        assertThat(reloaded.digest()).as("reloaded after %s", command).isEqualTo(state.digest());
        assertThat(reloaded.waitingChunks()).isEqualTo(state.waitingChunks());
        assertThat(slices(reloaded)).as("slices after %s", command).isEqualTo(slices(state));
        assertThat(slices(follower)).as("follower after %s", command).isEqualTo(slices(state));
        goOnAlike(state, reloaded, story.now() + 1);
        goOnAlike(state, follower, story.now() + 1);
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

  /** Both run two cycles, with fresh planners' memories; both are rolled back. */
  private static void goOnAlike(LifecycleState one, LifecycleState other, long tick) {
    for (Command<?> command : new Command<?>[] {new Command.Schedule(), Command.Publish.now()}) {
      Lifecycle.Outcome<?> expected =
          new Lifecycle(PlacementPlanner.sticky()).execute(one, command, Tick.of(tick));
      Lifecycle.Outcome<?> found =
          new Lifecycle(PlacementPlanner.sticky()).execute(other, command, Tick.of(tick));
      assertThat(found.result()).isEqualTo(expected.result());
      assertThat(other.digest()).as("after %s", command).isEqualTo(one.digest());
      if (command instanceof Command.Publish) {
        assertThat(other.portalAssignment().full()).isEqualTo(one.portalAssignment().full());
      }
      one.rollback(expected.changes());
      other.rollback(found.changes());
    }
  }

  private static String describe(LifecycleState state) {
    ChangeSet rows = state.rows().build();
    StringBuilder text = new StringBuilder();
    text.append(state.fleetRow()).append('\n');
    rows.chunks().forEach(row -> text.append(row).append('\n'));
    rows.workers().forEach(row -> text.append(row).append('\n'));
    rows.swaps().forEach(row -> text.append(row).append('\n'));
    for (int i = 0; i < rows.replicas().size(); i++) {
      text.append(rows.replicas().chunk(i)).append('@').append(rows.replicas().worker(i));
      text.append(' ').append(rows.replicas().since(i)).append(' ');
      text.append(rows.replicas().supersededAt(i)).append(' ');
      text.append(rows.replicas().releasedAt(i)).append(' ');
      text.append(rows.replicas().readableUntil(i)).append(' ');
      text.append(rows.replicas().missingSince(i)).append(' ');
      text.append(rows.replicas().flags(i)).append('\n');
    }
    text.append(state.portalAssignment().id()).append(state.portalAssignment().routes());
    text.append(slices(state));
    return text.toString();
  }

  /** Returns the slice of each worker, header and entries. */
  private static List<SliceDocument> slices(LifecycleState state) {
    return state.workerAssignment().slices().stream().map(SliceDocument::of).toList();
  }
}
