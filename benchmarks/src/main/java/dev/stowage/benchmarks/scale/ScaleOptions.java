package dev.stowage.benchmarks.scale;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds the arguments of a scale run.
 *
 * @param zones zones over which workers are dealt out; 0 for none
 * @param seconds length of a phase that lasts a given time
 * @param fleets fleets of the phase {@code fleets}
 * @param jdbcUrl the address of a PostgreSQL server, or {@link #EMBEDDED}; empty for memory
 * @param phases the named phases; empty for the default ones
 */
record ScaleOptions(
    int chunks,
    int workers,
    int copies,
    int zones,
    int seconds,
    int fleets,
    Optional<String> jdbcUrl,
    List<String> phases) {
  static final String EMBEDDED = "embedded";

  static final String USAGE =
      "Scale CHUNKS WORKERS COPIES [--zones N] [--seconds N] [--fleets N] [--jdbc-url URL|"
          + EMBEDDED
          + "] [phase..]";

  /**
   * Reads arguments.
   *
   * @throws IllegalArgumentException if one is missing, unknown or out of its bounds
   */
  static ScaleOptions of(String... arguments) {
    Deque<String> words = new ArrayDeque<>(List.of(arguments));
    int chunks = number("CHUNKS", words.poll(), 1, 100_000_000);
    int workers = number("WORKERS", words.poll(), 1, 1_000_000);
    int copies = number("COPIES", words.poll(), 1, workers);
    int zones = 0;
    int seconds = 10;
    int fleets = 200;
    Optional<String> url = Optional.empty();
    List<String> phases = new ArrayList<>();
    while (!words.isEmpty()) {
      String word = words.remove();
      switch (word) {
        case "--zones" -> zones = number(word, words.poll(), 0, workers);
        case "--seconds" -> seconds = number(word, words.poll(), 1, 86_400);
        case "--fleets" -> fleets = number(word, words.poll(), 1, 10_000);
        case "--jdbc-url" -> url = Optional.of(address(words.poll()));
        default -> phases.add(phase(word));
      }
    }
    return new ScaleOptions(
        chunks, workers, copies, zones, seconds, fleets, url, List.copyOf(phases));
  }

  /** Returns a thousand, or the number of chunks if that is less. */
  int thousand() {
    return Math.min(1_000, chunks);
  }

  private static int number(String name, @Nullable String word, int least, int most) {
    String bounds = name + " must be a number from " + least + " to " + most;
    if (word == null) {
      throw new IllegalArgumentException(bounds + ", and is missing");
    }
    try {
      int number = Integer.parseInt(word);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(bounds + ", not '" + word + "'", e);
    }
    throw new IllegalArgumentException(bounds + ", not " + word);
  }

  private static String address(@Nullable String word) {
    if (word == null || !(word.equals(EMBEDDED) || word.startsWith("jdbc:postgresql:"))) {
      throw new IllegalArgumentException(
          "--jdbc-url must be jdbc:postgresql:... or " + EMBEDDED + ", not '" + word + "'");
    }
    return word;
  }

  private static String phase(String word) {
    if (!Scale.PHASES.containsKey(word)) {
      throw new IllegalArgumentException(
          "no phase is called '"
              + word
              + "'; there are "
              + String.join(" ", Scale.PHASES.keySet()));
    }
    return word;
  }
}
