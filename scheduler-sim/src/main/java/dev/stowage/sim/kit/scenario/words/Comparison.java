package dev.stowage.sim.kit.scenario.words;

/** A comparison of two numbers. */
public enum Comparison {
  EQUAL("="),
  AT_LEAST(">="),
  AT_MOST("<=");

  private static final String EXPECTED = "one of =, >=, <=";

  private final String sign;

  Comparison(String sign) {
    this.sign = sign;
  }

  public static Comparison take(WordReader words) throws UnreadableWord {
    String word = words.take(EXPECTED);
    for (Comparison each : values()) {
      if (each.sign.equals(word)) {
        return each;
      }
    }
    throw UnreadableWord.found(word, EXPECTED);
  }

  public boolean holds(long found, long bound) {
    return switch (this) {
      case EQUAL -> found == bound;
      case AT_LEAST -> found >= bound;
      case AT_MOST -> found <= bound;
    };
  }

  public String sign() {
    return sign;
  }
}
