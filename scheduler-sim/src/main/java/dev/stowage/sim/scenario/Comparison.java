package dev.stowage.sim.scenario;

/** How a number must stand to another. */
enum Comparison {
  EQUAL("="),
  AT_LEAST(">="),
  AT_MOST("<=");

  private static final String EXPECTED = "one of =, >=, <=";

  private final String sign;

  Comparison(String sign) {
    this.sign = sign;
  }

  static Comparison take(WordReader words) throws UnreadableWord {
    String word = words.take(EXPECTED);
    for (Comparison each : values()) {
      if (each.sign.equals(word)) {
        return each;
      }
    }
    throw UnreadableWord.found(word, EXPECTED);
  }

  boolean holds(long found, long bound) {
    return switch (this) {
      case EQUAL -> found == bound;
      case AT_LEAST -> found >= bound;
      case AT_MOST -> found <= bound;
    };
  }

  String sign() {
    return sign;
  }
}
