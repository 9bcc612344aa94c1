package dev.stowage.sim.kit.scenario;

import dev.stowage.evidence.EvidenceSink;
import dev.stowage.sim.kit.scenario.words.Options;
import dev.stowage.sim.kit.scenario.words.SettingKeys;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A story of a fleet, read from a file: one step or expectation a line, {@code #} starts a comment.
 * Immutable; it can be run any number of times.
 */
public final class Scenario {
  private static final int MOST_PROBLEMS = 10;
  private static final Pattern GROUP = Pattern.compile("(?:beside\\s+)?together\\s+(\\d{1,9})");
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final String name;
  private final List<Line> lines;
  private final Map<String, String> configuration;

  /** The number of the first line that remembers or restores the store; 0 for none. */
  private final int restoredAt;

  private final EvidenceSink recorder;

  record Line(
      int number, String text, Optional<ScenarioStep> step, Optional<ExpectedEvent> expectation) {}

  private Scenario(
      String name,
      List<Line> lines,
      Map<String, String> configuration,
      int restoredAt,
      EvidenceSink recorder) {
    this.restoredAt = restoredAt;
    this.recorder = recorder;
    this.name = name;
    this.lines = List.copyOf(lines);
    this.configuration = new TreeMap<>(configuration);
  }

  /**
   * Reads a file: UTF-8, with or without a byte-order mark.
   *
   * @throws ScenarioProblems if it cannot be read, or naming the first ten lines that cannot
   */
  public static Scenario read(Path file) throws ScenarioProblems {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException unreadable) {
      String what = Files.exists(file) ? unreadable.toString() : "nothing";
      throw new ScenarioProblems(List.of(file + ": expected a scenario file, found " + what));
    }
    try {
      return parse(
          file.toString(),
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException malformed) {
      throw new ScenarioProblems(
          List.of(
              file + ":" + firstMalformed(bytes) + ": expected UTF-8, found bytes that are not"));
    }
  }

  private static long firstMalformed(byte[] bytes) {
    CharSequence text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
    int end = text.toString().indexOf('\uFFFD');
    return 1 + text.chars().limit(Math.max(0, end)).filter(each -> each == '\n').count();
  }

  /**
   * Reads a text.
   *
   * @param name what messages call it
   * @param text lines that end with LF or CRLF
   * @throws ScenarioProblems naming the first ten lines that cannot be read
   */
  public static Scenario parse(String name, String text) throws ScenarioProblems {
    List<Line> lines = new ArrayList<>();
    Map<String, String> configuration = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    int restoredAt = 0;
    for (Written written : steps(text)) {
      int number = written.number();
      String line = written.text();
      if (problems.size() == MOST_PROBLEMS) {
        break;
      }
      boolean loses = line.equals("checkpoint") || line.equals("restore");
      restoredAt = restoredAt == 0 && loses ? number : restoredAt;
      try {
        if (WordReader.of(line).skip("config")) {
          configure(line, configuration, lines.isEmpty());
        } else {
          lines.add(read(number, line, !lines.isEmpty()));
        }
      } catch (UnreadableWord unreadable) {
        problems.add(name + ":" + number + ": " + unreadable.getMessage());
      } catch (IllegalArgumentException outOfBounds) {
        problems.add(
            name
                + ":"
                + number
                + ": expected a value within its bounds: "
                + outOfBounds.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new ScenarioProblems(problems);
    }
    return new Scenario(name, lines, configuration, restoredAt, EvidenceSink.NONE);
  }

  record Written(int number, String text) {}

  /** Returns the lines that say something, those of a group as one. */
  static List<Written> steps(String text) {
    String whole = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    List<Written> steps = new ArrayList<>();
    int number = 0;
    long missing = 0;
    for (String raw : whole.split("\r?\n", -1)) {
      number++;
      String line = raw.replaceFirst("#.*", "").strip();
      if (line.isEmpty()) {
        continue;
      }
      if (missing > 0) {
        Written group = steps.remove(steps.size() - 1);
        steps.add(new Written(group.number(), group.text() + "\n" + line));
        missing--;
      } else {
        steps.add(new Written(number, line));
        Matcher group = GROUP.matcher(line);
        missing = group.matches() ? Long.parseLong(group.group(1)) : 0;
      }
    }
    return steps;
  }

  private static Line read(int number, String line, boolean isLater) throws UnreadableWord {
    WordReader words = WordReader.of(line);
    if (!words.skip("expect")) {
      return new Line(number, line, Optional.of(StepReader.read(line)), Optional.empty());
    }
    UnreadableWord.unless(isLater, "expect", "a step before the first expectation");
    return new Line(number, line, Optional.empty(), Optional.of(ExpectationReader.read(words)));
  }

  private static void configure(String line, Map<String, String> configuration, boolean isFirst)
      throws UnreadableWord {
    UnreadableWord.unless(isFirst, "config", "config before anything else; set changes it later");
    WordReader words = WordReader.of(line);
    words.literal("config");
    if (!words.hasNext()) {
      throw UnreadableWord.end("settings as KEY=VALUE");
    }
    Map<String, String> values = new Options(words, SettingKeys.names()).all();
    words.end();
    Settings settings = Settings.defaults();
    Map<String, String> all = new TreeMap<>(configuration);
    all.putAll(values);
    SettingKeys.apply(settings, all);
    List<String> violated = settings.unchecked().violations();
    UnreadableWord.unless(
        violated.isEmpty(), line, "a valid configuration (" + String.join("; ", violated) + ")");
    configuration.putAll(values);
  }

  /** Returns the name of the scenario in messages. */
  public String name() {
    return name;
  }

  /** Returns the number of steps and expectations. */
  public int length() {
    return lines.size();
  }

  /**
   * Reports whether the scenario restores an earlier state of the store, which only the memory
   * backend supports.
   */
  public boolean losesCommits() {
    return restoredAt > 0;
  }

  /**
   * Runs it in a new world, with every invariant audited after every step.
   *
   * @return where it did not go as expected; empty if everything did
   */
  public Optional<ScenarioFailure> run() {
    return run(Story.MEMORY);
  }

  /** Runs it in a new world on this backend. */
  public Optional<ScenarioFailure> run(ScenarioStore.Backend backend) {
    return run(backend, Story.Beside.NOTHING);
  }

  /**
   * Runs it on this backend, with a second world in memory and the naive reference model beside it:
   * after every step the answers, the states, and what both publish must agree. Faults of the store
   * happen in the first world alone.
   */
  public Optional<ScenarioFailure> runBesideTheModel(ScenarioStore.Backend backend) {
    return run(backend, Story.Beside.WORLD);
  }

  /**
   * Runs it in a new world, with the naive reference model beside it; a second world stands between
   * them if the store of the first one fails.
   */
  Optional<ScenarioFailure> runBesideTheModel() {
    boolean isFailing = lines.stream().anyMatch(line -> line.text().startsWith("fault "));
    return run(Story.MEMORY, isFailing ? Story.Beside.WORLD : Story.Beside.MODEL);
  }

  private Optional<ScenarioFailure> run(ScenarioStore.Backend backend, Story.Beside beside) {
    return new ScenarioRun(this).tell(Story.begun(this, backend, beside));
  }

  /**
   * Returns a copy whose runs write every record of evidence to {@code sink}, up to the first line
   * that fails. The caller closes the sink. Of two worlds the first is recorded.
   *
   * @throws IllegalStateException if it cannot be recorded, see {@link #obstacleToRecording}
   */
  public Scenario recordedBy(EvidenceSink sink) {
    obstacleToRecording()
        .ifPresent(obstacle -> {
          throw new IllegalStateException(obstacle);
        });
    return new Scenario(name, lines, configuration, restoredAt, sink);
  }

  /**
   * Returns why a recording of the scenario could not be replayed: lost commits, a custom planner
   * and foreign plans are no recorded inputs.
   *
   * @return the first line, the expectation and the observation; empty if it can be recorded
   */
  public Optional<String> obstacleToRecording() {
    if (restoredAt > 0) {
      return Optional.of(
          name
              + ":"
              + restoredAt
              + ": expected a scenario that loses no commits, found checkpoint or restore");
    }
    if (configuration.containsKey("previous_factors")) {
      return Optional.of(
          name
              + ": expected a fleet that begins without a plan, found previous_factors="
              + configuration.get("previous_factors"));
    }
    return "stateless".equals(configuration.get("planner"))
        ? Optional.of(name + ": expected planner=stowage, found planner=stateless")
        : Optional.empty();
  }

  Settings recordedSettings() {
    Settings settings = settings();
    settings.recorder = recorder;
    return settings;
  }

  List<Line> lines() {
    return lines;
  }

  Settings settings() {
    Settings settings = Settings.defaults();
    try {
      SettingKeys.apply(settings, configuration);
    } catch (UnreadableWord readBefore) {
      throw new IllegalStateException("settings were read before: " + configuration, readBefore);
    }
    return settings;
  }
}
