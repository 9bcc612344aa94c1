package dev.stowage.sim.kit.scenario.words;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Words of the form {@code key=value} that stand together, each key once. A key that is allowed
 * with a dot at its end is followed by a name, up to the last equals sign.
 */
public final class Options {
  private static final int MOST_NAMED = 10;

  private final Map<String, String> values = new TreeMap<>();

  /** Takes words as long as they are options; {@code allowed} are the keys that mean something. */
  public Options(WordReader words, List<String> allowed) throws UnreadableWord {
    while (words.peek().contains("=") && !endsSwap(words.peek(), allowed)) {
      String word = words.takeBalanced("KEY=VALUE");
      String part = word.substring(0, word.indexOf('.') + 1);
      boolean isOfPart = allowed.contains(part);
      int equals = isOfPart ? word.lastIndexOf('=') : word.indexOf('=');
      String key = word.substring(0, equals);
      if (!isOfPart && !allowed.contains(key)) {
        int more = allowed.size() - MOST_NAMED;
        String expected =
            "one of "
                + String.join("=, ", allowed.subList(0, Math.min(MOST_NAMED, allowed.size())))
                + (more > 0 ? "= and " + more + " more" : "=");
        throw UnreadableWord.unknown(
            key.contains(".") ? part : key + "=",
            allowed.stream().map(it -> it.endsWith(".") ? it : it + "=").toList(),
            expected);
      }
      UnreadableWord.unless(
          values.put(key, word.substring(equals + 1)) == null, word, key + "= once");
    }
  }

  /** Reports whether an option belongs to the whole swap after the last chunk's options. */
  private static boolean endsSwap(String word, List<String> allowed) {
    return word.startsWith("coverage=") && !allowed.contains("coverage");
  }

  public Map<String, String> all() {
    return values;
  }

  public String required(String key, String expected) throws UnreadableWord {
    String value = values.get(key);
    if (value == null) {
      throw UnreadableWord.end(key + "=, " + expected);
    }
    return value;
  }

  public String orElse(String key, String otherwise) {
    return values.getOrDefault(key, otherwise);
  }
}
