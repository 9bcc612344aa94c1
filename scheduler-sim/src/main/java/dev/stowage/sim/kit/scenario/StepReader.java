package dev.stowage.sim.kit.scenario;

import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads the steps of a scenario. Stateless. */
final class StepReader {
  private static final Map<String, Word> WORDS = words();

  static final String COMMAND = "a command, such as ingest or leave";

  private StepReader() {}

  private static Map<String, Word> words() {
    Map<String, Word> all = new LinkedHashMap<>();
    Stream.of(
            WorkerWords.all(),
            ChunkWords.all(),
            OperatorWords.all(),
            TransferWords.all(),
            WorldWords.all())
        .flatMap(List::stream)
        .forEach(word -> all.put(word.name(), word));
    return all;
  }

  static List<String> names() {
    return List.copyOf(WORDS.keySet());
  }

  static List<DrawnAction> deeds() {
    return WORDS.values().stream().flatMap(word -> word.deeds().stream()).toList();
  }

  static ScenarioStep read(String line) throws UnreadableWord {
    return read(
        line, "a step or expectation: expect, config, " + String.join(", ", names()), false);
  }

  /** Reads a command that any process can send. */
  static ScenarioStep readCommand(String line) throws UnreadableWord {
    return read(line, COMMAND, true);
  }

  /** Reads a step of any kind. */
  static ScenarioStep read(String line, String expected) throws UnreadableWord {
    return read(line, expected, false);
  }

  private static ScenarioStep read(String line, String expected, boolean isCommand)
      throws UnreadableWord {
    boolean isSwap = line.matches("(elsewhere |meanwhile |beside )?swap .*");
    WordReader words = isSwap ? WordReader.ofSwap(line) : WordReader.of(line);
    ScenarioStep step = word(words, expected, isCommand).form().read(words);
    words.end();
    return step;
  }

  /** Takes the name of a word; if {@code commands}, only of one that any process can send. */
  static Word word(WordReader words, String expected, boolean commands) throws UnreadableWord {
    String name = words.take(commands ? expected : "a step");
    Word word = WORDS.get(name);
    if (word == null || (commands && !word.isCommand())) {
      List<String> known = new ArrayList<>(List.of("expect", "config"));
      WORDS.values().stream()
          .filter(each -> !commands || each.isCommand())
          .map(Word::name)
          .forEach(known::add);
      throw UnreadableWord.unknown(name, known, expected);
    }
    return word;
  }
}
