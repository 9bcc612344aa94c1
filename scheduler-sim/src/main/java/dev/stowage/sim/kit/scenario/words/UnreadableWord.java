package dev.stowage.sim.kit.scenario.words;

import dev.stowage.store.StorageException;
import java.util.Collection;

/** A word of a line that cannot be read, and what would have been. */
public final class UnreadableWord extends Exception {
  private static final long serialVersionUID = 1L;

  private final String hint;
  private final String expected;
  private final String found;

  private UnreadableWord(String hint, String expected, String found) {
    super((hint.isEmpty() ? "expected " + expected + ", " : hint) + "found " + found);
    this.hint = hint;
    this.expected = expected;
    this.found = found;
  }

  /** Creates the problem of a word of another kind than {@code expected}. */
  public static UnreadableWord found(String word, String expected) {
    return new UnreadableWord("", expected, "'" + StorageException.printable(word) + "'");
  }

  /**
   * Creates the problem of a word that is none of {@code words}. It names the nearest one, or what
   * was expected if none is near.
   */
  public static UnreadableWord unknown(String word, Collection<String> words, String expected) {
    return new UnreadableWord(Nearest.hint(word, words), expected, found(word, expected).found);
  }

  /** Throws it unless the word is of the expected kind. */
  public static void unless(boolean holds, String word, String expected) throws UnreadableWord {
    if (!holds) {
      throw found(word, expected);
    }
  }

  static UnreadableWord within(String option, UnreadableWord value) {
    return new UnreadableWord(value.hint, value.expected + " for " + option, value.found);
  }

  /** Creates the problem of a line that ends too early. */
  public static UnreadableWord end(String expected) {
    return new UnreadableWord("", expected, "the end of the line");
  }

  /** Returns the nearest word as a question with a blank at its end; empty if none is near. */
  public String hint() {
    return hint;
  }

  /** Returns what would have been read. */
  public String expected() {
    return expected;
  }

  /** Returns the word, quoted, or that the line ends. */
  public String found() {
    return found;
  }
}
