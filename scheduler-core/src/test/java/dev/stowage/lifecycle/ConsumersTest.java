package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.store.FleetView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/**
 * Whoever applies deltas holds what the full document says, since every assignment that was ever
 * given out, whoever answers: the leader, a store that follows it, or whoever loaded the rows.
 */
class ConsumersTest {
  private static final int STEPS = 60;
  private static final int LONG = 160;

  @Tag("long-story")
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void consumers_thatApplyDeltas_holdTheFullDocument(@ForAll long seed) {
    Told told = tell(seed, STEPS, false);
    assertThat(told.wrong).isEmpty();
  }

  @Tag("long-story")
  @Example
  void consumers_ofDeltasThatForgetSomething_areCaught() {
    int caught = 0;
    int deltas = 0;
    for (long seed = 1; seed <= 3; seed++) {
      Told told = tell(seed, LONG, true);
      caught += told.wrong.isEmpty() ? 0 : 1;
      deltas += told.deltas;
    }
    assertThat(caught).isGreaterThanOrEqualTo(2);
    assertThat(deltas).isGreaterThan(300);
  }

  private record Told(List<String> wrong, int deltas) {}

  /**
   * A story with crashes, where somebody else loads the rows and leads on, and with failovers,
   * after which the store has lost commits and another lineage uses their ids again.
   */
  private static Told tell(long seed, int steps, boolean forgetful) {
    LifecycleState state = LifecycleState.empty(RandomStory.config(seed), Lineage.of(7));
    LifecycleState follower = LifecycleState.empty(RandomStory.config(seed), Lineage.of(7));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    RandomStory story = new RandomStory(seed, state);
    Consumers consumers = new Consumers(WorkerId.of("b"));
    List<String> wrong = new ArrayList<>();
    for (Command<?> command : beginning()) {
      follower.apply(lifecycle.execute(state, command, Tick.of(0)).changes());
    }
    FleetRow keptFleet = state.fleetRow();
    ChangeSet.Parts keptRows = state.rows();
    for (int step = 0; step < steps; step++) {
      if (step % 50 == 20) {
        keptFleet = state.fleetRow();
        keptRows = state.rows();
      } else if (step % 50 == 30) {
        state = LifecycleState.load(keptFleet, keptRows);
        follower = LifecycleState.load(keptFleet, keptRows);
        Command<?> lineage = new LeaderCommand.BeginLineage(Lineage.of(1_000 + step));
        follower.apply(lifecycle.execute(state, lineage, Tick.of(story.now())).changes());
        story.goOnWith(state);
      }
      Command<?> command = story.next();
      Lifecycle.Outcome<?> outcome = lifecycle.execute(state, command, Tick.of(story.now()));
      if (step % 5 == 0) {
        state.rollback(outcome.changes());
        outcome = lifecycle.execute(state, command, Tick.of(story.now()));
      }
      follower.apply(outcome.changes());
      if (step % 4 == 0) {
        List<LifecycleState> loaded =
            List.of(
                LifecycleState.load(state.fleetRow(), state.rows()),
                LifecycleState.load(
                    state.fleetRow(), state.rows(), follower.retainedAssignments()));
        for (LifecycleState one : List.of(state, follower, loaded.get(0), loaded.get(1))) {
          wrong.addAll(consumers.ask(view(one, forgetful)));
        }
        if (step % 40 == 36) {
          state = loaded.get(step / 40 % 2);
          lifecycle = new Lifecycle(PlacementPlanner.sticky());
          story.goOnWith(state);
        }
      }
      consumers.listen(new FleetView(state));
    }
    assertThat(Consumers.lost(state.portalAssignment())).isEmpty();
    return new Told(wrong, consumers.deltas());
  }

  /** A fleet that works: the story would seldom come to that by itself. */
  static List<Command<?>> beginning() {
    List<Command<?>> all = new ArrayList<>();
    for (String name : List.of("a", "b", "c", "d")) {
      WorkerId id = WorkerId.of(name);
      all.add(Command.Describe.of(Worker.of(id, 20 * SmallWorld.MIB)));
      all.add(new Command.Register(id, "disk-" + (name.charAt(0) - 'a')));
    }
    List<ProposedChunk> chunks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      chunks.add(SmallWorld.chunk("d/first" + i, i * 10L, i * 10L + 9));
    }
    all.add(new Command.Ingest(chunks));
    all.add(new LeaderCommand.Schedule());
    return all;
  }

  private static FleetView view(LifecycleState state, boolean forgetful) {
    FleetView honest = new FleetView(state);
    return forgetful ? new Forgetful(honest) : honest;
  }

  /** Leaves the last removal out of every delta, and the last addition where nothing is removed. */
  private static final class Forgetful extends FleetView {
    Forgetful(FleetView honest) {
      super(honest);
    }

    @Override
    public Optional<SliceDocument> sliceSince(
        WorkerId worker, Lineage lineage, WorkerAssignmentId known) {
      return super.sliceSince(worker, lineage, known)
          .map(delta ->
              new SliceDocument(
                  delta.header(),
                  delta.keep(),
                  shorter(delta.removed()),
                  delta.removed().isEmpty() ? shorter(delta.put()) : delta.put()));
    }

    @Override
    public RoutesDocument portalSince(Lineage lineage, PortalAssignmentId known) {
      RoutesDocument delta = super.portalSince(lineage, known);
      return new RoutesDocument(
          delta.lineage(),
          delta.id(),
          delta.from(),
          shorter(delta.removed()),
          delta.removed().isEmpty() ? shorter(delta.put()) : delta.put());
    }

    private static <T> List<T> shorter(List<T> list) {
      return list.isEmpty() ? list : list.subList(0, list.size() - 1);
    }
  }
}
