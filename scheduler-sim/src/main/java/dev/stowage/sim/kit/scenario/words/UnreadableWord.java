package dev.stowage.sim.kit.scenario.words;

/** A word of a line that cannot be read, and what would have been. */
public final class UnreadableWord extends Exception {
  private static final long serialVersionUID = 1L;

  private UnreadableWord(String message) {
    super(message);
  }

  /** There is a word, but not one of the expected kind. */
  public static UnreadableWord found(String word, String expected) {
    return new UnreadableWord("expected " + expected + ", found '" + word + "'");
  }

  /** Throws it unless the word is of the expected kind. */
  public static void unless(boolean holds, String word, String expected) throws UnreadableWord {
    if (!holds) {
      throw found(word, expected);
    }
  }

  /** The value of an option cannot be read. */
  static UnreadableWord within(String option, UnreadableWord value) {
    return new UnreadableWord(option + ": " + value.getMessage());
  }

  /** The line is over too early. */
  public static UnreadableWord end(String expected) {
    return new UnreadableWord("expected " + expected + ", found the end of the line");
  }
}
