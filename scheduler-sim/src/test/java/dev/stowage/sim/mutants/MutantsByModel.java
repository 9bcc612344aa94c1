package dev.stowage.sim.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.sim.kit.walk.WalkModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/**
 * Which model's walks find which mutant, by which oracle, after how many steps; 200 steps of eight
 * walks at the most. No test of every build: it takes minutes, and is asked for by name
 * (docs/what-catches-what.md).
 */
class MutantsByModel {
  /** Of each section and each kind of rule some. */
  private static final List<String> NAMES =
      List.of(
          "window-one-tick-short",
          "drop-without-window",
          "drain-without-window",
          "gate-skipped",
          "shown-without-confirmation",
          "swap-half-fired",
          "swap-keeps-its-old-side",
          "swap-not-awaited",
          "since-forgotten",
          "watermark-goes-back",
          "floor-not-kept",
          "routed-while-draining",
          "routed-to-departed",
          "missing-ignored",
          "lost-ignored",
          "never-recalled",
          "report-repeated",
          "no-inventory-after-departure",
          "overlap-admitted",
          "minted-for-nothing");

  private static final String WALKS = "8";
  private static final String STEPS = "200";
  private static final int MOST_MINUTES = 5;

  private ExecutorService runner = newRunner();

  @Test
  void everyMutant_isFoundByAModel() throws Exception {
    List<String> table = new ArrayList<>();
    show(table, "| mutant | " + String.join(" | ", WalkModel.titles()) + " |");
    show(table, "| --- |" + " --- |".repeat(WalkModel.titles().size()));
    List<String> escaped = new ArrayList<>();
    for (Mutant mutant : Mutant.all()) {
      if (!NAMES.contains(mutant.name())) {
        continue;
      }
      BrokenCore core = BrokenCore.with(mutant);
      List<String> row = new ArrayList<>();
      for (String model : WalkModel.titles()) {
        row.add(killed(core, model));
      }
      if (row.stream().allMatch("-"::equals)) {
        escaped.add(mutant.name());
      }
      show(table, "| `" + mutant + "` | " + String.join(" | ", row) + " |");
    }
    Files.write(Path.of("target", "mutants-by-model.md"), table);
    assertThat(escaped).isEmpty();
  }

  private String killed(BrokenCore core, String model) throws Exception {
    List<String> question = List.of("kill", model, WALKS, STEPS);
    try {
      List<String> answer =
          runner.submit(() -> core.trial().apply(question)).get(MOST_MINUTES, TimeUnit.MINUTES);
      return answer.isEmpty() ? "-" : answer.get(0) + ": " + answer.get(1);
    } catch (TimeoutException endless) {
      runner = newRunner();
      return "never ends";
    }
  }

  private static ExecutorService newRunner() {
    return Executors.newSingleThreadExecutor(work -> {
      Thread thread = new Thread(work, "trial");
      thread.setDaemon(true);
      return thread;
    });
  }

  private static void show(List<String> table, String row) {
    System.out.println(row);
    table.add(row);
  }
}
