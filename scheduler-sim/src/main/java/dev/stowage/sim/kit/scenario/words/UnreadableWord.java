package dev.stowage.sim.kit.scenario.words;

import dev.stowage.store.StorageException;
import java.util.Collection;

/** A word of a line that cannot be read, and what would have been. */
public final class UnreadableWord extends Exception {
  private static final long serialVersionUID = 1L;

  private UnreadableWord(String message) {
    super(message);
  }

  /** Creates the problem of a word of another kind than {@code expected}. */
  public static UnreadableWord found(String word, String expected) {
    return new UnreadableWord(
        "expected " + expected + ", found '" + StorageException.printable(word) + "'");
  }

  /** Creates the problem of a word that is none of {@code words}; one may have been meant. */
  public static UnreadableWord unknown(String word, Collection<String> words, String expected) {
    return new UnreadableWord(Nearest.hint(word, words) + found(word, expected).getMessage());
  }

  /** Throws it unless the word is of the expected kind. */
  public static void unless(boolean holds, String word, String expected) throws UnreadableWord {
    if (!holds) {
      throw found(word, expected);
    }
  }

  static UnreadableWord within(String option, UnreadableWord value) {
    return new UnreadableWord(option + ": " + value.getMessage());
  }

  /** Creates the problem of a line that ends too early. */
  public static UnreadableWord end(String expected) {
    return new UnreadableWord("expected " + expected + ", found the end of the line");
  }
}
