package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

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
        .contains("(no_room); 3 workers without a replica may take it")
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
        .filteredOn(line -> line.contains("short"))
        .containsExactly(
            "What stays short: 2,000 chunks, 39.1 KiB of floors do not fit; add 39.1 KiB on 2"
                + " workers or more");
    assertThat(lines).contains("  20 replicas of new chunks added, 200 B");
    World larger = small(100, 100, 20_000, 20_000);
    assertThat(larger.plan().isFeasible()).isTrue();
    assertThat(small(100, 100, 19_989, 20_000).plan().isFeasible()).isFalse();
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
