package dev.stowage.sim.tool.yaml;

import dev.stowage.config.WeightPolicy;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * The keys of one mapping, taken one by one. An unacceptable value is recorded as a problem and its
 * key counts as absent; a key that was never taken is unknown, and recorded too.
 */
public final class YamlKeys {
  private final String file;
  private final String path;
  private final YamlNode.Mapping mapping;
  private final ProblemList problems;
  private final Set<String> known = new LinkedHashSet<>();

  /**
   * Creates keys of which none is taken; {@code path} is put before the name of each in problems.
   */
  public YamlKeys(String file, String path, YamlNode.Mapping mapping, ProblemList problems) {
    this.file = file;
    this.path = path;
    this.mapping = mapping;
    this.problems = problems;
  }

  /** Returns the line of the mapping. */
  public long line() {
    return mapping.line();
  }

  /** Returns the keys that were taken, whether the mapping has them or not. */
  public Set<String> known() {
    return Collections.unmodifiableSet(known);
  }

  /** Returns the value of a key; empty if it is absent. */
  public Optional<YamlNode> take(String key) {
    known.add(key);
    return Optional.ofNullable(mapping.values().get(key));
  }

  /** Reads the value of a key; empty if it is absent or refused. */
  public <T> Optional<T> value(String key, String expected, Function<String, T> reading) {
    return take(key).flatMap(node -> value(node, key, expected, reading));
  }

  /** Reads a value that may also be a list of words, whose order means nothing. */
  public <T> Optional<T> words(String key, String expected, Function<String, T> reading) {
    Optional<YamlNode> node = take(key);
    if (node.isPresent() && node.get() instanceof YamlNode.Sequence list) {
      List<String> words = new ArrayList<>();
      list.values().forEach(each -> value(each, key, expected, words::add));
      Collections.sort(words);
      String text = words.isEmpty() ? "none" : String.join(",", words);
      node = Optional.of(new YamlNode.Scalar(list.line(), text));
    }
    return node.flatMap(it -> value(it, key, expected, reading));
  }

  /** Reads a node as the value of a key; empty, with a problem recorded, if it is refused. */
  public <T> Optional<T> value(
      YamlNode node, String key, String expected, Function<String, T> reading) {
    if (node instanceof YamlNode.Scalar scalar) {
      try {
        return Optional.of(reading.apply(scalar.text()));
      } catch (ArithmeticException | IllegalArgumentException refused) {
        refuse(node.line(), key, expected, InputProblem.quoted(scalar.text()));
        return Optional.empty();
      }
    }
    refuse(node.line(), key, expected, kind(node));
    return Optional.empty();
  }

  /** Reads a whole number within bounds. */
  public OptionalLong whole(String key, long least, long most) {
    String expected =
        most == Long.MAX_VALUE
            ? "a whole number of at least " + least
            : "a whole number from " + least + " to " + most;
    return value(key, expected, text -> wholeNumber(text, least, most))
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  /** Returns a cap: a count of at least {@code floor}, or {@code floor}, or {@code none}. */
  public OptionalInt cap(String key, int floor) {
    Optional<Integer> cap =
        value(
            key,
            "a count of at least " + floor + ", the floor, or none",
            text ->
                switch (text) {
                  case "none" -> WeightPolicy.UNCAPPED;
                  case "floor" -> WeightPolicy.AT_FLOOR;
                  default -> Math.toIntExact(wholeNumber(text, floor, Integer.MAX_VALUE));
                });
    return cap.isPresent() ? OptionalInt.of(cap.get()) : OptionalInt.empty();
  }

  /** Returns a whole number; throws if it is none within bounds. */
  public static long wholeNumber(String text, long least, long most) {
    BigDecimal number = new BigDecimal(text);
    if (number.compareTo(BigDecimal.valueOf(least)) < 0
        || number.compareTo(BigDecimal.valueOf(most)) > 0) {
      throw new IllegalArgumentException(text);
    }
    return number.longValueExact();
  }

  /** Reads a number that is accepted. */
  public Optional<BigDecimal> number(
      String key, String expected, Function<BigDecimal, Boolean> accepted) {
    return value(
        key,
        expected,
        text -> {
          BigDecimal number = new BigDecimal(text);
          if (!accepted.apply(number)) {
            throw new IllegalArgumentException(text);
          }
          return number;
        });
  }

  /** Reads one of these words. */
  public Optional<String> word(String key, String... words) {
    List<String> accepted = List.of(words);
    return value(
        key,
        String.join(" or ", accepted),
        text -> {
          if (!accepted.contains(text)) {
            throw new IllegalArgumentException(text);
          }
          return text;
        });
  }

  /** Reads a list; empty if it is absent. */
  public List<YamlNode> sequence(String key, String expected) {
    Optional<YamlNode> node = take(key);
    if (node.isEmpty()) {
      return List.of();
    }
    if (node.get() instanceof YamlNode.Sequence sequence) {
      return sequence.values();
    }
    refuse(node.get().line(), key, expected, kind(node.get()));
    return List.of();
  }

  /** Reads a mapping; empty if it is absent. */
  public Optional<YamlNode.Mapping> mapping(String key, String expected) {
    Optional<YamlNode> node = take(key);
    if (node.isPresent() && !(node.get() instanceof YamlNode.Mapping)) {
      refuse(node.get().line(), key, expected, kind(node.get()));
    }
    return node.filter(YamlNode.Mapping.class::isInstance).map(YamlNode.Mapping.class::cast);
  }

  /** Records a problem of a key. */
  public void refuse(long line, String key, String expected, String found) {
    problems.add(new InputProblem(file, line, path + key, expected, found));
  }

  /** Records a word that cannot be read in the value of a key. */
  public void refuse(YamlNode.Scalar value, String key, UnreadableWord word) {
    String found = word.found() + " in " + InputProblem.quoted(value.text());
    problems.add(
        new InputProblem(file, value.line(), path + key, word.expected(), found, word.hint()));
  }

  /** Records every key that was never taken. */
  public void refuseUnknown() {
    refuseUnknown(List.of());
  }

  /** Records every key that was never taken, which may mean one of {@code others} too. */
  public void refuseUnknown(Collection<String> others) {
    List<String> meant = new ArrayList<>(known);
    meant.addAll(others);
    for (var entry : mapping.values().entrySet()) {
      if (!known.contains(entry.getKey())) {
        String key = entry.getKey();
        String expected = "one of " + String.join(", ", known);
        long line = entry.getValue().line();
        problems.add(
            new InputProblem(file, line, path + key, expected, "an unknown key")
                .meaning(key, meant));
      }
    }
  }

  /** Returns what a node is, in words. */
  public static String kind(YamlNode node) {
    if (node instanceof YamlNode.Sequence) {
      return "a list";
    }
    if (node instanceof YamlNode.Mapping) {
      return "keys with values";
    }
    return node instanceof YamlNode.Empty ? "nothing" : "a single value";
  }
}
