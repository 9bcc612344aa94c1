package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.sim.kit.walk.WalkBackend;
import dev.stowage.sim.kit.walk.WalkModel;
import dev.stowage.sim.kit.walk.WalkPlan;
import dev.stowage.sim.kit.walk.WalkText;
import dev.stowage.sim.kit.walk.Walks;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Walks of every model on memory, and on memory and PostgreSQL in step: minutes in a build, hours
 * at night. The knobs are {@code stowage.walk.cases}, {@code .server-cases}, {@code .steps}, {@code
 * .seed} and {@code .minutes} (a limit for each model on each backend), as system properties or in
 * the environment ({@code STOWAGE_WALK_CASES}). Without them nothing depends on luck or on time,
 * but at night, when {@code stowage.walk.night} is the seed.
 */
@Tag("model-walks")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelWalksTest {
  /** Of fewer walks one in twenty is a matter of luck: then what is met too rarely is printed. */
  private static final long ENOUGH_WALKS = 100;

  private static final long NANOS_PER_MINUTE = 60_000_000_000L;

  private final long night = knob("night", 0);
  private final long cases = knob("cases", night == 0 ? 120 : 3_000);
  private final long serverCases = knob("server-cases", night == 0 ? 28 : 400);
  private final int steps = Math.toIntExact(knob("steps", WalkPlan.DEFAULT_STEPS));
  private final long seed = knob("seed", night == 0 ? 1_000 : night);
  private final long minutes = knob("minutes", 0);
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
    return walks("memory", WalkBackend.memory(), cases);
  }

  @TestFactory
  Stream<DynamicTest> walks_onBothBackends_findNothing() {
    return walks("both", WalkBackend.memoryAnd(server).killable(), serverCases);
  }

  private Stream<DynamicTest> walks(String backend, WalkBackend worlds, long count) {
    return Stream.of(WalkModel.values())
        .map(model ->
            DynamicTest.dynamicTest(
                model.title() + " on " + backend, () -> walk(model, backend, worlds, count)));
  }

  private void walk(WalkModel model, String backend, WalkBackend worlds, long count) {
    long nanos = minutes == 0 ? Long.MAX_VALUE : minutes * NANOS_PER_MINUTE;
    WalkPlan plan = new WalkPlan(List.of(model), count, steps, seed, nanos);
    Console console = Console.ofProcess();
    Walks walks = new Walks(plan, worlds, console.nanos());
    walks.run((over, all, next) -> {});
    PrintWriter out = console.out();
    out.println("walks on " + backend + ", seed " + seed);
    WalkText.of(walks.totals().get(0)).forEach(out::println);
    assertThat(walks.found().map(it -> it.file().lines().toList()).orElse(List.of())).isEmpty();
    List<String> shortages = walks.totals().get(0).shortages();
    out.println("  met too rarely: " + (shortages.isEmpty() ? "nothing" : shortages));
    if (walks.totals().get(0).walks() >= ENOUGH_WALKS) {
      assertThat(shortages).isEmpty();
    }
  }

  private static long knob(String name, long otherwise) {
    String key = "stowage.walk." + name;
    String inEnvironment =
        System.getenv(key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'));
    String said = System.getProperty(key, inEnvironment);
    return said == null || said.isEmpty() ? otherwise : Long.parseLong(said);
  }
}
