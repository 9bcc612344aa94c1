package dev.stowage.sim.kit.scenario;

import dev.stowage.sim.kit.scenario.draw.Odds;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A word of scenario files: how it is read, and the deeds that draw lines of it.
 *
 * @param name the first word of the line
 * @param isCommand whether another process can say it too
 * @param form reads what stands behind the name
 * @param deeds the ways in which it is drawn
 */
record Word(String name, boolean isCommand, Form form, List<Deed> deeds) {
  Word {
    deeds = List.copyOf(deeds);
  }

  /** Reads the words after the name of a step. */
  @FunctionalInterface
  interface Form {
    ScenarioStep read(WordReader words) throws UnreadableWord;
  }

  /** Returns a word that only the leader, or the world around it, can say. */
  static Word of(String name, Form form) {
    return new Word(name, false, form, List.of());
  }

  /** Returns a word that any process can say. */
  static Word command(String name, Form form) {
    return new Word(name, true, form, List.of());
  }

  /** Returns this word with one more way to draw lines. */
  Word drawn(String title, Odds odds, Deed.Draw draw) {
    List<Deed> more = new ArrayList<>(deeds);
    more.add(new Deed(title, odds, isCommand, draw));
    return new Word(name, isCommand, form, more);
  }

  /** Returns this word with a deed that draws one line, or none where that makes no sense. */
  Word drawnOne(String title, Odds odds, Function<Drawing, Optional<String>> draw) {
    return drawn(title, odds, of -> draw.apply(of).stream().toList());
  }

  /** Returns this word with a deed that says the name of the word alone. */
  Word drawn(String title, Odds odds) {
    return drawn(title, odds, of -> List.of(name));
  }
}
