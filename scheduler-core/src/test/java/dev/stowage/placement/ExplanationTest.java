package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.MovementBudget;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  private static String name(int chunk) {
    return "d/c" + chunk;
  }

  @Test
  void explain_ofADeferredChunk_saysWhatEachClassOfWorkersLacks() {
    World world = Fleets.uniform(3, 2, 2, 100);
    world.complete(world.plan());
    world.workers.add(Fleets.worker(3, 100).withStatus(WorkerStatus.CORDONED));
    world.chunk(10);
    PlacementPlan plan = world.plan();
    String text = plan.explain(3, ExplanationTest::name).text();
    assertThat(text)
        .startsWith("d/c3\n")
        .contains("deferred: 2 replicas missing, no room is left")
        .contains("(no_room); 3 workers may hold it, the most room on one without it is 0 B")
        .contains("elsewhere: 1 worker (w0003) takes nothing new")
        .contains(
            "elsewhere: 3 workers (w0000, w0001, w0002) have no room for it; the most on one is 0"
                + " B");
  }

  /** A fleet that gets what the line asks for has room for all floors. */
  @Test
  void report_ofAFleetThatIsTooSmall_saysInOneLineWhatToAdd() {
    World world = small(100, 100);
    List<String> lines = PlanReport.of(world.plan(), ExplanationTest::name).lines();
    assertThat(lines)
        .contains("What stays short: 2000 new chunks left out, 0 chunks below the floor")
        .filteredOn(line -> line.contains("missing"))
        .singleElement()
        .asString()
        .startsWith("  d/c10, d/c11,")
        .contains(" and 1990 more: 4000 replicas missing, no room is left")
        .endsWith("help to have 19.6 KiB free on each of 2 more active workers");
    World larger = small(100, 100, 20_000, 20_000);
    assertThat(larger.plan().isFeasible()).isTrue();
    assertThat(small(100, 100, 19_989, 20_000).plan().isFeasible()).isFalse();
  }

  @Test
  void explain_ofACopyThatWaitsToLeave_saysSo() {
    World world = World.of(100, 100, 100);
    world.hold(10, 0, 1).floor = 2;
    world.alter(0, it -> it.withStatus(WorkerStatus.LEAVING));
    world.configure(config -> config.budget(MovementBudget.ofBytes(0)));
    assertThat(world.plan().explain(0, ExplanationTest::name).text())
        .contains(
            "on w0000: kept for now, although the worker it was on is leaving (worker_leaving)")
        .contains("on w0001: kept, which costs nothing");
  }

  private static World small(long... capacities) {
    World world = World.of(capacities);
    world.floor = 2;
    for (int chunk = 0; chunk < 2_010; chunk++) {
      world.chunk(10);
    }
    return world;
  }
}
