package dev.stowage.sim.kit.scenario.words;

import java.util.Collection;
import java.util.Optional;

/** The word that somebody may have meant, by the edit distance of Levenshtein (1966). Stateless. */
public final class Nearest {
  private Nearest() {}

  /**
   * Returns the nearest of these words, at most a third of the letters and not all of them away;
   * the first of equals. Nobody meant another word than one of these: it is wrong for another
   * reason.
   */
  public static Optional<String> of(String word, Collection<String> words) {
    if (words.contains(word)) {
      return Optional.empty();
    }
    String nearest = null;
    int least = Math.min(word.length(), (word.length() + 2) / 3 + 1);
    for (String each : words) {
      int distance = distance(word, each);
      if (distance < least) {
        least = distance;
        nearest = each;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** Returns {@code "did you mean 'X'? "} for the nearest of these words, if one is near. */
  public static String hint(String word, Collection<String> words) {
    return of(word, words).map(near -> "did you mean '" + near + "'? ").orElse("");
  }

  private static int distance(String one, String other) {
    int[] above = new int[other.length() + 1];
    for (int j = 0; j < above.length; j++) {
      above[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[above.length];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int change = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(row[j - 1], above[j]));
      }
      above = row;
    }
    return above[other.length()];
  }
}
