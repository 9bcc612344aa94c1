package dev.stowage.sim.tool.simulate;

import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;

/**
 * A timed event of a profile.
 *
 * @param text as it is written
 * @param line its line in the file
 * @param window when it happens
 * @param action what happens
 */
record Event(String text, long line, Window window, Action action) {
  /** Reads {@code TIME: ACTION}, such as {@code at 40: drain w3}. */
  static Event read(String text, long line) throws UnreadableWord {
    int colon = text.indexOf(": ");
    UnreadableWord.unless(colon > 0, text, Window.EXPECTED + ", a colon and an event");
    WordReader time = WordReader.of(text.substring(0, colon));
    Window window = Window.take(time);
    time.end();
    String happens = text.substring(colon + 2).strip();
    return new Event(text, line, window, Action.read(WordReader.of(happens), happens));
  }

  /** Returns what happens, without the time. */
  String happens() {
    return text.substring(text.indexOf(": ") + 2).strip();
  }
}
