package dev.stowage.benchmarks.placement;

import dev.stowage.benchmarks.peers.Event;
import dev.stowage.benchmarks.peers.Subjects;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The options of the table, from arguments of the form {@code name=value}.
 *
 * @param shapes shapes, in order
 * @param planners planners, in order
 * @param events events, in the table's order
 * @param runs measured calls of each cell, whose median counts
 * @param threads threads that our planner may use
 * @param warmUpSeconds seconds of warm-up in each process
 * @param limitSeconds the most seconds of a cell; when all calls of a planner at a shape have taken
 *     longer, no further event of it is begun there
 * @param budgetSeconds the seconds after which nothing new is begun
 * @param heap largest heap of each process, as the launcher writes it
 * @param keep a folder in which finished cells are kept, and from which a repeated run takes them;
 *     null for none
 * @param out the file of the table besides standard output; null for none
 */
record TableOptions(
    List<String> shapes,
    List<String> planners,
    List<Event> events,
    int runs,
    int threads,
    int warmUpSeconds,
    int limitSeconds,
    int budgetSeconds,
    String heap,
    @Nullable Path keep,
    @Nullable Path out) {
  private static final List<String> SHAPES = Shape.all().stream().map(Shape::name).toList();

  private static final List<String> NAMES =
      List.of(
          "shapes",
          "planners",
          "events",
          "runs",
          "threads",
          "warmup",
          "limit",
          "budget",
          "heap",
          "keep",
          "out");

  static final String USAGE =
      "options: shapes="
          + String.join(",", SHAPES)
          + " planners="
          + String.join(",", all())
          + " events=scratch,steady,leave,join,tenth,growth runs=5 threads=1 warmup=10 limit=600"
          + " budget=36000 heap=10g keep=FOLDER out=FILE (warmup, limit and budget in seconds); or"
          + " the word short for a run of a few minutes";

  static TableOptions of(String... arguments) {
    List<String> words = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.equals("short")) {
        words.addAll(List.of("shapes=10k50,10k", "runs=3", "warmup=3", "limit=120"));
      } else {
        words.add(argument);
      }
    }
    for (String word : words) {
      String name = word.substring(0, Math.max(0, word.indexOf('=')));
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException("unknown option " + word + "; " + USAGE);
      }
    }
    return new TableOptions(
        list(value(words, "shapes", String.join(",", SHAPES))),
        list(value(words, "planners", String.join(",", all()))),
        list(value(words, "events", "scratch,steady,leave,join,tenth,growth")).stream()
            .map(Event::of)
            .toList(),
        number(words, "runs", 5),
        number(words, "threads", 1),
        number(words, "warmup", 10),
        number(words, "limit", 600),
        number(words, "budget", 36_000),
        value(words, "heap", "10g"),
        path(value(words, "keep", "")),
        path(value(words, "out", "")));
  }

  TableOptions {
    shapes.forEach(Shape::byName);
    planners.forEach(planner -> Subjects.byName(planner, 1));
    if (runs < 1 || warmUpSeconds < 0 || limitSeconds < 1) {
      throw new IllegalArgumentException(
          "runs is "
              + runs
              + ", warmup is "
              + warmUpSeconds
              + " and limit is "
              + limitSeconds
              + "; at least 1, 0 and 1 are accepted");
    }
  }

  /** Returns seconds in words, as whole minutes where possible. */
  static String minutes(int seconds) {
    return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
  }

  private static List<String> all() {
    return Stream.concat(Subjects.OURS.stream(), Subjects.PEERS.stream()).toList();
  }

  private static List<String> list(String text) {
    return Arrays.asList(text.split(","));
  }

  private static @Nullable Path path(String text) {
    return text.isEmpty() ? null : Path.of(text);
  }

  private static int number(List<String> words, String name, int preset) {
    return Integer.parseInt(value(words, name, Integer.toString(preset)));
  }

  /** Returns the last value given, so that a later word overrides the meaning of {@code short}. */
  private static String value(List<String> words, String name, String preset) {
    String value = preset;
    for (String word : words) {
      if (word.startsWith(name + "=")) {
        value = word.substring(name.length() + 1);
      }
    }
    return value;
  }
}
