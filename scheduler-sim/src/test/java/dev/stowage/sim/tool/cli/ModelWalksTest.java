package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.sim.kit.walk.WalkBackend;
import dev.stowage.sim.kit.walk.WalkModel;
import dev.stowage.sim.kit.walk.WalkPlan;
import dev.stowage.sim.kit.walk.WalkText;
import dev.stowage.sim.kit.walk.Walks;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Walks of every model on memory, and on memory and PostgreSQL in step. {@code stowage.walks} is
 * the number of walks of each model in memory, the one budget of walks in a deep build; a fifth as
 * many run on both. {@code stowage.walk.seed} is the seed of the first walk: it is fixed, so that
 * no build fails by luck.
 */
@Tag("deep")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelWalksTest {
  /** Of fewer walks one in twenty is a matter of luck: then what is met too rarely is printed. */
  private static final long ENOUGH_WALKS = 100;

  private final long cases = Long.getLong("stowage.walks", 3);
  private final long seed = Long.getLong("stowage.walk.seed", 1_000);
  private PostgresWorlds server;

  @BeforeAll
  void start() throws UnreadableException {
    server = PostgresWorlds.at(null);
  }

  @AfterAll
  void end() {
    server.close();
  }

  @TestFactory
  Stream<DynamicTest> walks_inMemory_findNothing() {
    return walks("memory", WalkBackend.memory(), cases, WalkPlan.DEFAULT_STEPS);
  }

  @TestFactory
  Stream<DynamicTest> walks_onBothBackends_findNothing() {
    int steps = cases < ENOUGH_WALKS ? WalkPlan.DEFAULT_STEPS / 3 : WalkPlan.DEFAULT_STEPS;
    return walks("both", WalkBackend.memoryAnd(server).killable(), Math.max(1, cases / 5), steps);
  }

  private Stream<DynamicTest> walks(String backend, WalkBackend worlds, long count, int steps) {
    return Stream.of(WalkModel.values())
        .map(model ->
            DynamicTest.dynamicTest(
                model.title() + " on " + backend,
                () -> walk(model, backend, worlds, count, steps)));
  }

  private void walk(WalkModel model, String backend, WalkBackend worlds, long count, int steps) {
    WalkPlan plan = WalkPlan.of(List.of(model), count, steps, seed);
    Console console = Console.ofProcess();
    Walks walks = new Walks(plan, worlds, console.nanos());
    walks.run((over, all, next) -> {});
    PrintWriter out = console.text();
    out.println("walks on " + backend + ", seed " + seed);
    WalkText.of(walks.totals().get(0)).forEach(out::println);
    assertThat(walks.found().map(it -> it.file().lines().toList()).orElse(List.of())).isEmpty();
    List<String> shortages = walks.totals().get(0).shortages();
    out.println("  met too rarely: " + (shortages.isEmpty() ? "nothing" : shortages));
    if (walks.totals().get(0).walks() >= ENOUGH_WALKS) {
      assertThat(shortages).isEmpty();
    }
  }
}
