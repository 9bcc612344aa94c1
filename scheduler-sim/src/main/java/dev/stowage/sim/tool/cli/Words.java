package dev.stowage.sim.tool.cli;

import dev.stowage.sim.kit.scenario.words.Sizes;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.imports.FleetFormat;
import dev.stowage.sim.tool.yaml.Nearest;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Reads the words of options, and names what was meant by a misspelt one. */
final class Words {
  private Words() {}

  /** Refuses a word of an option that is not one of these. */
  static void require(CommandSpec spec, String option, String word, List<String> words) {
    if (!words.contains(word)) {
      throw new ParameterException(
          spec.commandLine(), "Invalid value for option '" + option + "': " + refusal(word, words));
    }
  }

  private static String refusal(String word, Collection<String> words) {
    return "expected one of "
        + String.join(", ", words)
        + ", found "
        + InputProblem.quoted(word)
        + Nearest.hint(word, words);
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
