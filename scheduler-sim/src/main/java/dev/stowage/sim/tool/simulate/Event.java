package dev.stowage.sim.tool.simulate;

import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;

/**
 * An event of a profile.
 *
 * @param text as it is written
 * @param title what happens, for people
 * @param line its line in the file
 * @param window when it happens
 * @param action what happens
 */
record Event(String text, String title, long line, Window window, Action action) {
  /** Reads {@code TIME: ACTION [# TITLE]}, such as {@code at 40: drain w3}. */
  static Event read(String text, long line) throws UnreadableWord {
    int colon = text.indexOf(": ");
    UnreadableWord.unless(colon > 0, text, Window.EXPECTED + ", a colon and an event");
    WordReader time = WordReader.of(text.substring(0, colon));
    Window window = Window.take(time);
    time.end();
    String[] parts = text.substring(colon + 2).split(" # ", 2);
    String happens = parts[0].strip();
    Action action = Action.read(WordReader.of(happens), happens);
    return new Event(text, parts[parts.length - 1].strip(), line, window, action);
  }

  /** Returns the word of its action. */
  String word() {
    return text.substring(text.indexOf(": ") + 2).strip().split(" ", 2)[0];
  }

  /** Returns the event with the steps of {@code then} counted from a known one. */
  Event from(int step) {
    return new Event(text, title, line, window.from(step), action);
  }
}
