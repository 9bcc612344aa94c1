package dev.stowage.sim.tool.cli;

import dev.stowage.model.ChunkKey;
import dev.stowage.sim.kit.scenario.words.Nearest;
import dev.stowage.sim.kit.scenario.words.Sizes;
import dev.stowage.sim.kit.scenario.words.TimeSpan;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.imports.FleetFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Reads the words of options, and names what was meant by a misspelt one. */
final class Words {
  private static final int MOST_NAMES = 10;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration CENTURY = Duration.ofDays(36_500);

  private Words() {}

  /** Refuses a word of an option that is not one of these. */
  static void require(CommandSpec spec, String option, String word, List<String> words) {
    if (!words.contains(word)) {
      throw new ParameterException(
          spec.commandLine(), "Invalid value for option '" + option + "': " + refusal(word, words));
    }
  }

  /**
   * Returns the message for the first argument that a command does not know, if there is one: it
   * comes before what seems to lack because of it.
   */
  static Optional<String> unknown(CommandLine line) {
    List<String> unmatched = line.getUnmatchedArguments();
    if (unmatched.isEmpty()) {
      return Optional.empty();
    }
    String word = unmatched.get(0);
    boolean isOption = word.startsWith("-");
    String name = isOption ? word.replaceFirst("=.*", "") : word;
    List<String> known = new ArrayList<>();
    if (isOption) {
      line.getCommandSpec().options().forEach(option -> known.addAll(List.of(option.names())));
    } else {
      known.addAll(line.getSubcommands().keySet());
    }
    String kind = isOption ? "option" : known.isEmpty() ? "argument" : "command";
    return Optional.of(
        kind.equals("command") && OperatorLines.ALONE.contains(name)
            ? "'" + name + "' is a line of 'stowage apply', which reads a file, or - for input"
            : unknown(kind, name, known));
  }

  /** Returns the message for a name of a kind that is not known. */
  static String unknown(String kind, String name, Collection<String> known) {
    String near = Nearest.hint(name, known).strip();
    return "Unknown " + kind + ": '" + name + "'" + (near.isEmpty() ? "" : "; " + near);
  }

  /** Says that something is none of the named things of a kind, and which there are. */
  static String none(String kind, String name, String where, Collection<String> all) {
    String some = all.stream().sorted().limit(MOST_NAMES).collect(Collectors.joining(", "));
    String more = all.size() > MOST_NAMES ? " and " + (all.size() - MOST_NAMES) + " more" : "";
    String near = Nearest.of(name, all).map(it -> "; did you mean '" + it + "'?").orElse("");
    return "no "
        + kind
        + " "
        + InputProblem.quoted(name)
        + " in "
        + where
        + (all.isEmpty() ? ", which has none" : "; it has " + some + more)
        + near;
  }

  /** Says why a text names no chunk of {@code where}: no such dataset, or no such chunk in it. */
  static String noChunk(String text, String where, Collection<ChunkKey> keys) {
    SortedMap<String, List<String>> datasets = new TreeMap<>();
    for (ChunkKey key : keys) {
      datasets.computeIfAbsent(key.dataset().value(), name -> new ArrayList<>()).add(key.id());
    }
    for (int slash = text.lastIndexOf('/'); slash > 0; slash = text.lastIndexOf('/', slash - 1)) {
      List<String> ids = datasets.get(text.substring(0, slash));
      if (ids != null) {
        String dataset = "dataset " + text.substring(0, slash);
        return none("chunk", text.substring(slash + 1), dataset, ids);
      }
    }
    int slash = text.indexOf('/');
    if (slash > 0) {
      return none("dataset", text.substring(0, slash), where, datasets.keySet());
    }
    String near =
        keys.stream()
            .filter(key -> key.id().equals(text))
            .findFirst()
            .map(key -> "; did you mean '" + key.path() + "'?")
            .orElse("");
    return "expected DATASET/CHUNK_ID, found " + InputProblem.quoted(text) + near;
  }

  private static String refusal(String word, Collection<String> words) {
    String hint = Nearest.hint(word, words);
    return (hint.isEmpty() ? "expected one of " + String.join(", ", words) + ", " : hint)
        + "found "
        + InputProblem.quoted(word);
  }

  static final class Format implements ITypeConverter<FleetFormat> {
    @Override
    public FleetFormat convert(String text) {
      return Arrays.stream(FleetFormat.values())
          .filter(each -> each.word().equals(text))
          .findFirst()
          .orElseThrow(() ->
              new TypeConversionException(
                  refusal(
                      text, Arrays.stream(FleetFormat.values()).map(FleetFormat::word).toList())));
    }
  }

  /** A time with a unit, or 0. */
  static final class Time implements ITypeConverter<TimeSpan> {
    @Override
    public TimeSpan convert(String text) {
      try {
        TimeSpan span = TimeSpan.read(text);
        UnreadableWord.unless(span.number() == 0 || !span.unit().isZero(), text, "");
        return span;
      } catch (UnreadableWord refused) {
        throw new TypeConversionException(
            "expected " + TimeSpan.EXPECTED_TIME + ", found " + InputProblem.quoted(text));
      }
    }
  }

  /** A length of time: a number of seconds, or a number with a unit. */
  static class Length implements ITypeConverter<Duration> {
    private final Duration least;

    Length() {
      this(Duration.ZERO);
    }

    private Length(Duration least) {
      this.least = least;
    }

    @Override
    public Duration convert(String text) {
      try {
        TimeSpan span = TimeSpan.read(text);
        Duration unit = span.unit().isZero() ? SECOND : span.unit();
        Duration length = unit.multipliedBy(span.number());
        boolean isWithin = length.compareTo(least) >= 0 && length.compareTo(CENTURY) <= 0;
        UnreadableWord.unless(isWithin, text, "");
        return length;
      } catch (UnreadableWord | ArithmeticException refused) {
        throw new TypeConversionException(
            "expected "
                + (least.isZero() ? "" : "at least 1 of ")
                + "seconds, or "
                + TimeSpan.EXPECTED_TIME
                + ", found "
                + InputProblem.quoted(text));
      }
    }
  }

  /** A length of time above zero. */
  static final class Pause extends Length {
    Pause() {
      super(SECOND);
    }
  }

  static final class Bytes implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : Sizes.read(text);
      } catch (UnreadableWord refused) {
        throw new TypeConversionException(
            "expected " + Sizes.EXPECTED + ", found " + InputProblem.quoted(text));
      }
    }
  }
}
