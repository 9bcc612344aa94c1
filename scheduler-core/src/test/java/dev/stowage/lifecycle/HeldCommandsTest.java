package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.Lifecycle.Outcome;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Commands that are held open together, taken back from the last to any earlier one. */
class HeldCommandsTest {
  private static final int BLOCKS = 12;
  private static final int BLOCK = 9;

  private record Given(Command<?> command, Tick tick) {}

  /** The state that is held, and one that decides each command for good. */
  private static final class Twins {
    private final LifecycleState held;
    private final LifecycleState plain;
    private final RandomStory story;

    private Twins(long seed) {
      held = LifecycleState.empty(RandomStory.config(seed), Lineage.of(7));
      plain = LifecycleState.empty(RandomStory.config(seed), Lineage.of(7));
      story = new RandomStory(seed, plain);
    }

    private List<Given> drawn(Lifecycle lifecycle) {
      List<Given> block = new ArrayList<>();
      for (int at = 0; at < BLOCK; at++) {
        block.add(new Given(story.next(), Tick.of(story.now())));
        lifecycle.decide(plain, block.get(at).command(), block.get(at).tick());
      }
      plain.settle();
      return block;
    }

    private static Lifecycle planning() {
      return new Lifecycle(PlacementPlanner.sticky());
    }

    private void live() {
      List<Given> block = drawn(planning());
      Lifecycle lifecycle = planning();
      held.hold();
      List<Outcome<?>> done = new ArrayList<>();
      List<List<Object>> published = new ArrayList<>();
      List<Long> digests = new ArrayList<>();
      for (Given each : block) {
        published.add(published(held));
        digests.add(held.digest());
        done.add(lifecycle.decide(held, each.command(), each.tick()));
      }
      for (int at = done.size() - 1; at >= 0; at--) {
        held.rollback(done.get(at).changes());
        assertThat(held.digest()).as("digest before %s", block.get(at)).isEqualTo(digests.get(at));
        assertThat(published(held))
            .as("published before %s", block.get(at))
            .usingElementComparator((one, other) -> one.equals(other) ? 0 : 1)
            .isEqualTo(published.get(at));
      }
      requireWhole(held);
      Lifecycle again = planning();
      for (Given each : block) {
        again.decide(held, each.command(), each.tick());
      }
      held.settle();
      requireWhole(held);
      assertThat(held.digest()).as("after %s", block).isEqualTo(plain.digest());
      assertThat(held.workerAssignment().id()).isEqualTo(plain.workerAssignment().id());
      assertThat(held.portalAssignment().routes()).isEqualTo(plain.portalAssignment().routes());
    }
  }

  /** Requires that the rows of a state make the same state anew. */
  private static void requireWhole(LifecycleState state) {
    LifecycleState loaded = LifecycleState.load(state.fleetRow(), state.rows());
    assertThat(loaded.digest()).isEqualTo(state.digest());
  }

  /** Returns what is published; a state that never published may keep its assignments or not. */
  private static List<Object> published(LifecycleState state) {
    List<Object> all = new ArrayList<>(state.retainedAssignments().workers());
    all.addAll(state.retainedAssignments().portals());
    all.removeAll(List.of(state.workerAssignment(), state.portalAssignment()));
    all.add(state.workerAssignment());
    all.add(state.portalAssignment());
    all.addAll(state.strainedWorkers());
    return all;
  }

  @Property(tries = 20)
  void commandsTakenBack_leaveWhatWasBeforeEach(
      @ForAll @LongRange(min = 0, max = 1L << 40) long seed) {
    Twins twins = new Twins(seed);
    for (int block = 0; block < BLOCKS; block++) {
      twins.live();
    }
  }
}
