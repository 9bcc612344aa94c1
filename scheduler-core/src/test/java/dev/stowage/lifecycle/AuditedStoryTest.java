package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.audit.Audit;
import dev.stowage.command.Command;
import dev.stowage.contract.RandomStory;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/**
 * Whatever workers, hosts and ingesters say, in whatever order: every audit holds at every step.
 */
class AuditedStoryTest {
  @Tag("long-story")
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void everyStep_passesEveryAudit(@ForAll long seed) {
    LifecycleState state = LifecycleState.empty(RandomStory.config(seed), Lineage.of(7));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    RandomStory story = new RandomStory(seed, state);
    LifecycleSnapshot before = state.snapshot();
    for (int step = 0; step < 120; step++) {
      Command<?> command = story.next();
      Lifecycle.Outcome<?> outcome = lifecycle.execute(state, command, Tick.of(story.now()));
      LifecycleSnapshot after = state.snapshot();
      assertThat(Audit.check(after)).as("step %d: %s", step, command).isEmpty();
      assertThat(Audit.checkStep(before, command, outcome.result(), after))
          .as("step %d: %s -> %s", step, command, outcome.result())
          .isEmpty();
      before = after;
    }
  }
}
