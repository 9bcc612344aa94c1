package dev.stowage.sim.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/**
 * Asks the suite about every mutant: the state machine, then the scenarios, the unit tests of the
 * room that the mutant is in, the walks of deep builds, and the test that its list names, and no
 * further than the first that fails. No test of every build: it takes minutes, and is asked for by
 * name (docs/internals/what-catches-what.md).
 */
class FirstFinder {
  private static final String WALKS = System.getProperty("stowage.walks", "5");
  private static final String STEPS = "200";
  private static final String CHAINS = System.getProperty("stowage.chains", "100");
  private static final String ACTIONS = "60";
  private static final int MOST_MINUTES = 5;

  @Test
  void everyMutant_isFoundByTheLeanSuite() throws Exception {
    List<String> wanted = List.of(System.getProperty("stowage.mutants", "").split(","));
    List<Mutant> mutants =
        Mutant.all().stream()
            .filter(each -> wanted.contains("") || wanted.contains(each.name()))
            .toList();
    List<String> table = new ArrayList<>();
    table.add("| mutant | section | what it breaks | found by | where |");
    table.add("| --- | --- | --- | --- | --- |");
    List<String> escaped = new ArrayList<>();
    ExecutorService both = Executors.newFixedThreadPool(2);
    List<Future<String>> rows = new ArrayList<>();
    mutants.forEach(mutant -> rows.add(both.submit(() -> row(mutant))));
    for (int at = 0; at < rows.size(); at++) {
      String row = rows.get(at).get();
      System.out.println(row);
      table.add(row);
      if (row.contains("| nothing |")) {
        escaped.add(mutants.get(at).name());
      }
    }
    both.shutdown();
    Files.write(Path.of("target", "what-catches-what.md"), table);
    assertThat(escaped).isEmpty();
  }

  private static String row(Mutant mutant) throws Exception {
    return String.join(
        " | ",
        "| `" + mutant + "`",
        mutant.section(),
        mutant.breaks(),
        String.join(" | ", finder(mutant)) + " |");
  }

  /** Returns who finds a mutant first, and where. */
  private static List<String> finder(Mutant mutant) throws Exception {
    BrokenCore core = BrokenCore.with(mutant);
    String home = mutant.type().substring(0, mutant.type().lastIndexOf('.'));
    List<List<String>> questions =
        List.of(
            List.of("machine", CHAINS, ACTIONS),
            List.of("scenarios"),
            List.of("room", room(home), home),
            List.of("walks", WALKS, STEPS),
            mutant.question());
    List<String> names =
        List.of("state machine", "scenario", "unit test", "walk", "test elsewhere");
    for (int at = 0; at < questions.size(); at++) {
      List<String> answer = ask(core, questions.get(at));
      if (!answer.isEmpty()) {
        return List.of(
            names.get(at),
            at == names.size() - 1 ? mutant.question().get(1) : String.join(": ", answer));
      }
    }
    return List.of("nothing", "-");
  }

  /** Returns the room that a package belongs to: {@code dev.stowage.lifecycle} of its steps. */
  private static String room(String home) {
    String[] parts = home.split("\\.");
    int most = parts.length > 2 && parts[2].equals("sim") ? 5 : 3;
    return String.join(".", List.of(parts).subList(0, Math.min(most, parts.length)));
  }

  /** Returns what a question finds; that it throws, or does not end, is a finding too. */
  private static List<String> ask(BrokenCore core, List<String> question) throws Exception {
    ExecutorService runner = Executors.newSingleThreadExecutor(FirstFinder::daemon);
    try {
      return runner.submit(() -> core.trial().apply(question)).get(MOST_MINUTES, TimeUnit.MINUTES);
    } catch (TimeoutException endless) {
      return List.of("does not end in " + MOST_MINUTES + " minutes");
    } catch (ExecutionException thrown) {
      return List.of(thrown.getCause().getClass().getSimpleName());
    } finally {
      runner.shutdownNow();
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "trial");
    thread.setDaemon(true);
    return thread;
  }
}
