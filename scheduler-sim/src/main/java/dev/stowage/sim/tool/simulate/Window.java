package dev.stowage.sim.tool.simulate;

import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;

/**
 * The steps at which something happens. Those of {@code then} are counted from the one in which the
 * fleet is at rest after the event before it.
 *
 * @param first the first step, counted from 1
 * @param last the last step
 * @param every the steps from one to the next
 * @param isSpread true if an amount is spread over all of them, false if each has it
 * @param isThen true while the step is unknown from which they are counted
 */
record Window(int first, int last, int every, boolean isSpread, boolean isThen) {
  static final String EXPECTED =
      "a time: at STEP, every COUNT from STEP to STEP, from STEP to STEP, then, or then over COUNT";

  private static final int MOST = 1_000_000;

  static Window take(WordReader words) throws UnreadableWord {
    String word = words.take(EXPECTED);
    switch (word) {
      case "at" -> {
        int step = step(words);
        return new Window(step, step, 1, false, false);
      }
      case "every" -> {
        int every = step(words);
        words.literal("from");
        return range(words, every, false);
      }
      case "from" -> {
        return range(words, 1, true);
      }
      case "then" -> {
        int count = words.skip("over") ? step(words) : 1;
        return new Window(1, count, 1, true, true);
      }
      default -> throw UnreadableWord.found(word, EXPECTED);
    }
  }

  private static Window range(WordReader words, int every, boolean isSpread) throws UnreadableWord {
    int first = step(words);
    words.literal("to");
    int last = step(words);
    UnreadableWord.unless(first <= last, "to " + last, "a step from " + first);
    return new Window(first, last, every, isSpread, false);
  }

  static int step(WordReader words) throws UnreadableWord {
    String expected = "a step from 1 to " + MOST;
    String word = words.take(expected);
    long step = WordReader.number(word, 1, expected);
    UnreadableWord.unless(step <= MOST, word, expected);
    return (int) step;
  }

  /** Returns the same number of steps, counted from a known one. */
  Window from(int step) {
    return new Window(step, step + last - first, every, isSpread, false);
  }

  boolean has(int step) {
    return !isThen && first <= step && step <= last && (step - first) % every == 0;
  }

  /** Returns how many steps of {@code steps} it has. */
  int count() {
    return (last - first) / every + 1;
  }

  /** Returns the place of one of its steps among them, from 0. */
  int place(int step) {
    return (step - first) / every;
  }
}
