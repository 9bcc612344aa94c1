package dev.stowage.sim.kit.scenario.words;

import dev.stowage.shape.Unit;
import java.util.OptionalLong;

/** Sizes as people write them: {@code 512KiB}, {@code 1.5GiB}, {@code 500GB}. */
public final class Sizes {
  public static final String EXPECTED =
      "a whole number of bytes with a unit, B, kB, MB, GB, TB, KiB, MiB, GiB or TiB, such as 1MiB";

  private Sizes() {}

  /** Returns the bytes that {@code word} states. */
  public static long read(String word) throws UnreadableWord {
    OptionalLong bytes = Unit.readBytes(word);
    UnreadableWord.unless(bytes.isPresent(), word, EXPECTED);
    return bytes.getAsLong();
  }

  /** Returns the bytes in the largest unit that divides them. */
  public static String inWords(long bytes) {
    return Unit.wholeBytes(bytes);
  }
}
