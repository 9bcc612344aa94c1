package dev.stowage.sim.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * The whole table: for every mutant the scenarios that fail (before them the tests that are its
 * witness), the invariants that do not hold in drawn stories, and where the reference model differs
 * first. No test of every build: it takes minutes, and is asked for by name
 * (docs/what-catches-what.md).
 */
class WhatCatchesWhat {
  private static final String STORIES = "24";
  private static final String STEPS = "120";
  private static final int MOST_MINUTES = 10;
  private static final int MOST_NAMED = 6;

  private final List<String> escaped = new ArrayList<>();

  @Test
  void everyMutant_failsItsWitness() throws Exception {
    List<String> table = new ArrayList<>();
    show(table, "| mutant | section | what it breaks | scenarios | audits | model |");
    show(table, "| --- | --- | --- | --- | --- | --- |");
    ExecutorService runner = Executors.newSingleThreadExecutor(WhatCatchesWhat::daemon);
    List<String> wanted = List.of(System.getProperty("stowage.mutants", "").split(","));
    for (Mutant mutant : Mutant.all()) {
      if (!wanted.contains("") && !wanted.contains(mutant.name())) {
        continue;
      }
      try {
        show(table, runner.submit(() -> row(mutant)).get(MOST_MINUTES, TimeUnit.MINUTES));
      } catch (TimeoutException endless) {
        show(table, "| `" + mutant + "` | " + mutant.section() + " | never ends | | | |");
        runner = Executors.newSingleThreadExecutor(WhatCatchesWhat::daemon);
      }
    }
    Files.write(Path.of("target", "what-catches-what.md"), table);
    assertThat(escaped).isEmpty();
  }

  private static void show(List<String> table, String row) {
    System.out.println(row);
    table.add(row);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "trial");
    thread.setDaemon(true);
    return thread;
  }

  private String row(Mutant mutant) throws Exception {
    Function<List<String>, List<String>> trial = BrokenCore.with(mutant).trial();
    List<String> scenarios = new ArrayList<>(trial.apply(List.of("scenarios")));
    List<String> invariants = trial.apply(List.of("audits", STORIES, STEPS));
    List<String> model = trial.apply(List.of("model", STORIES, STEPS));
    if (trial.apply(mutant.question()).isEmpty()) {
      escaped.add(mutant.name());
    } else if (mutant.question().get(0).equals("tests")) {
      scenarios.add(0, mutant.question().get(1) + "-");
    }
    return String.join(
        " | ",
        "| `" + mutant + "`",
        mutant.section(),
        mutant.breaks(),
        numbers(scenarios),
        invariants.isEmpty() ? "-" : String.join(", ", invariants),
        (model.isEmpty() ? "-" : model.get(0)) + " |");
  }

  /** Of a class of tests its name. */
  private static String number(String file) {
    String number = file.substring(0, file.indexOf('-'));
    return number.substring(number.lastIndexOf('.') + 1);
  }

  /** The numbers of the first few files. */
  private static String numbers(List<String> files) {
    List<String> numbers = files.stream().map(WhatCatchesWhat::number).toList();
    int more = numbers.size() - MOST_NAMED;
    List<String> named = more > 0 ? numbers.subList(0, MOST_NAMED) : numbers;
    return named.isEmpty() ? "-" : String.join(" ", named) + (more > 0 ? " +" + more : "");
  }
}
