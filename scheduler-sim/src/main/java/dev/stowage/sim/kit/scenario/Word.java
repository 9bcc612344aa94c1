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
 * @param isCommand true if another process can send it too
 * @param form reads the rest of the line
 * @param deeds the ways of drawing it
 */
record Word(String name, boolean isCommand, Form form, List<DrawnAction> deeds) {
  Word {
    deeds = List.copyOf(deeds);
  }

  @FunctionalInterface
  interface Form {
    ScenarioStep read(WordReader words) throws UnreadableWord;
  }

  /** Creates a word that only the leader, or the world around it, can send. */
  static Word of(String name, Form form) {
    return new Word(name, false, form, List.of());
  }

  static Word command(String name, Form form) {
    return new Word(name, true, form, List.of());
  }

  Word drawn(String title, Odds odds, DrawnAction.Draw draw) {
    List<DrawnAction> more = new ArrayList<>(deeds);
    more.add(new DrawnAction(title, odds, isCommand, draw));
    return new Word(name, isCommand, form, more);
  }

  /** Returns this word with a deed that draws one line, or none where it makes no sense. */
  Word drawnOne(String title, Odds odds, Function<Drawing, Optional<String>> draw) {
    return drawn(title, odds, of -> draw.apply(of).stream().toList());
  }

  Word drawn(String title, Odds odds) {
    return drawn(title, odds, of -> List.of(name));
  }
}
