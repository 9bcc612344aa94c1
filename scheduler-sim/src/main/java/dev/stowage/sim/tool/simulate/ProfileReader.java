package dev.stowage.sim.tool.simulate;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.sim.kit.scenario.words.SettingKeys;
import dev.stowage.sim.kit.scenario.words.SettingText;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.world.WorldFaults;
import dev.stowage.sim.kit.world.WorldParts;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import dev.stowage.sim.tool.plan.FleetFolder;
import dev.stowage.sim.tool.yaml.YamlFile;
import dev.stowage.sim.tool.yaml.YamlKeys;
import dev.stowage.sim.tool.yaml.YamlNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads a profile, with up to ten of its problems at once. Not thread-safe. */
public final class ProfileReader {
  /** The names of the ready profiles, in the order in which they are listed. */
  public static final List<String> READY =
      List.of(
          "steady-growth",
          "burst",
          "rolling-upgrade",
          "rack-loss",
          "zone-loss",
          "decommission-three",
          "turn-back",
          "narrow-link",
          "floor-raise",
          "correction-storm",
          "fleet-doubling",
          "nearly-full",
          "debian-12");

  /** Begins the keys of changes that add an event. */
  public static final String ADDED = "+";

  private static final String FAULTS = "faults.";
  private static final int MOST_STEPS = 1_000_000;
  private static final int MOST_STEP_SECONDS = 3_600;
  private static final int MOST_PORTALS = 1_000;

  /** Settings that say how a simulation is made, not what the fleet does. */
  private static final List<String> NOT_HERE =
      List.of(
          "clock", "pins", "bans", "previous_factors", "planner", "scorer", "governor", "fan_out");

  private final String name;
  private final ProblemList problems;

  private ProfileReader(String name, ProblemList problems) {
    this.name = name;
    this.problems = problems;
  }

  /** Reads a value of a profile. */
  @FunctionalInterface
  private interface Reading<T> {
    T read(String text) throws UnreadableWord;
  }

  /**
   * Reads a ready profile or a file.
   *
   * @param profile the name of a ready profile, or else a file
   * @param changes settings and keys that win over those of the profile, by key; the value of
   *     {@code events} and {@code expect} is one of them, or a file that has them, and that of a
   *     key which begins with {@link #ADDED} is one more event
   * @param from the fleet that takes the place of the profile's; empty for the profile's
   * @throws BadInputException if it is missing, unreadable or malformed
   */
  public static Profile read(
      String profile, Map<String, String> changes, Optional<FleetFolder> from)
      throws BadInputException {
    ProblemList problems = new ProblemList();
    Optional<YamlNode.Mapping> root =
        READY.contains(profile)
            ? YamlFile.read(profile, ready(profile), problems)
            : YamlFile.read(Path.of(profile), problems);
    problems.refuseIfAny();
    YamlNode.Mapping all = changed(root.orElseThrow(), changes, problems);
    problems.refuseIfAny();
    YamlKeys keys = new YamlKeys(profile, "", all, problems);
    Profile read = new ProfileReader(profile, problems).profile(keys, all, from);
    problems.refuseIfAny();
    new Roll().refuseUnknown(read, problems);
    problems.refuseIfAny();
    return read;
  }

  /** Returns the keys of a profile; those of faults follow with the path to them. */
  public static List<String> keys() {
    ProblemList none = new ProblemList();
    YamlNode.Mapping empty = new YamlNode.Mapping(1, new TreeMap<>());
    YamlKeys keys = new YamlKeys("", "", empty, none);
    new ProfileReader("", none).profile(keys, empty, Optional.empty());
    List<String> all = new ArrayList<>(keys.known());
    WorldFaults.all().forEach(each -> all.add(FAULTS + each.name()));
    return all;
  }

  /**
   * Returns the text of a ready profile.
   *
   * @throws BadInputException if there is none of this name
   */
  public static String shown(String profile) throws BadInputException {
    ProblemList problems = new ProblemList();
    if (!READY.contains(profile)) {
      String expected = "one of " + String.join(", ", READY);
      problems.add(InputProblem.ofFile("--show", expected, InputProblem.quoted(profile)));
    }
    problems.refuseIfAny();
    return ready(profile);
  }

  /** Returns the text of a ready profile. */
  public static String ready(String profile) {
    String place = "/dev/stowage/sim/profiles/" + profile + ".yaml";
    try (InputStream text = ProfileReader.class.getResourceAsStream(place)) {
      if (text == null) {
        throw new IllegalStateException("the jar lacks " + place);
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static List<String> settingWords() {
    return SettingKeys.names().stream().filter(key -> !NOT_HERE.contains(key)).toList();
  }

  /**
   * Puts changes over the keys of a profile; settings go below {@code settings}, and faults below
   * {@code faults}.
   */
  private static YamlNode.Mapping changed(
      YamlNode.Mapping root, Map<String, String> changes, ProblemList problems) {
    Map<String, YamlNode> values = new TreeMap<>(root.values());
    changes.forEach((key, value) -> {
      YamlNode word = new YamlNode.Scalar(root.line(), value);
      boolean isList = key.equals("events") || key.equals("expect");
      YamlNode changed = isList ? new YamlNode.Sequence(root.line(), List.of(word)) : word;
      if (settingWords().contains(key)) {
        put(values, "settings", key, changed);
      } else if (key.startsWith(FAULTS)) {
        put(values, "faults", key.substring(FAULTS.length()), changed);
      } else if (key.startsWith(ADDED)) {
        List<YamlNode> events = new ArrayList<>();
        if (values.get("events") instanceof YamlNode.Sequence known) {
          events.addAll(known.values());
        }
        events.add(changed);
        values.put("events", new YamlNode.Sequence(root.line(), events));
      } else if (List.of("events", "expect").contains(key) && !value.contains(" ")) {
        YamlFile.read(Path.of(value), problems)
            .ifPresent(file ->
                values.put(
                    key,
                    file.values()
                        .getOrDefault(key, new YamlNode.Sequence(file.line(), List.of()))));
      } else {
        values.put(key, changed);
      }
    });
    return new YamlNode.Mapping(root.line(), values);
  }

  private static void put(Map<String, YamlNode> to, String below, String key, YamlNode value) {
    Map<String, YamlNode> inner = new TreeMap<>();
    if (to.get(below) instanceof YamlNode.Mapping known) {
      inner.putAll(known.values());
    }
    inner.put(key, value);
    to.put(below, new YamlNode.Mapping(value.line(), inner));
  }

  private Profile profile(YamlKeys keys, YamlNode.Mapping root, Optional<FleetFolder> from) {
    String about = keys.value("about", "a sentence", text -> text).orElse("");
    long seed = keys.whole("seed", 0, Long.MAX_VALUE).orElse(1);
    int steps = number(keys, "steps", 1, MOST_STEPS, 100);
    int seconds = number(keys, "step", 1, MOST_STEP_SECONDS, 20);
    int portals = number(keys, "portals", 0, MOST_PORTALS, 3);
    WorldFaults faults = faults(keys);
    boolean isFilled = keys.word("start", "filled", "empty").orElse("filled").equals("filled");
    boolean mayEndUnderWay =
        keys.word("ends", "whole", "under-way").orElse("whole").equals("under-way");
    String planner =
        keys.word("planner", "stowage", "stateless")
            .orElseGet(() -> from.flatMap(FleetFolder::planner).orElse("stowage"));
    WorldParts parts = parts(keys, portals, planner);
    String transfers = keys.word("transfers", "joined", "first-come").orElse("joined");
    List<DrawnWorkers> workers = each(keys, "workers", DrawnWorkers::read);
    Optional<String> catalogue =
        keys.value("catalogue", "debian12, debian12/2 or a file", text -> text);
    Optional<String> corrections = keys.value("corrections", "a file", text -> text);
    Optional<DrawnChunks> chunks = one(keys, "chunks", DrawnChunks::read);
    LifecycleConfig config = config(keys, seconds, from);
    List<Event> events = events(keys, steps);
    List<Expectation> expectations = each(keys, "expect", Expectation::read);
    keys.refuseUnknown(settingWords());
    if (from.isEmpty() && workers.isEmpty() && root.values().get("workers") == null) {
      keys.refuse(root.line(), "workers", "workers, such as 60 capacity=1TiB", "nothing");
    }
    if (from.isEmpty() && catalogue.isPresent() == root.values().containsKey("chunks")) {
      keys.refuse(
          root.line(), "chunks", "chunks or catalogue", catalogue.isPresent() ? "both" : "neither");
    }
    for (Expectation each : expectations) {
      if (each.step() > steps) {
        keys.refuse(root.line(), "expect", "a step up to " + steps, each.text());
      }
    }
    return new Profile(
        name,
        about,
        seed,
        steps,
        seconds,
        portals,
        faults,
        parts,
        isFilled,
        mayEndUnderWay,
        workers,
        chunks,
        catalogue,
        corrections,
        from,
        config,
        planner,
        transfers,
        events,
        expectations);
  }

  /** Reads the faults: those of a wire that loses a share, with others in their place or beside. */
  private WorldFaults faults(YamlKeys keys) {
    WorldFaults faults = WorldFaults.ofLoss(number(keys, "loss", 0, 90, 5));
    Optional<YamlNode.Mapping> given = keys.mapping("faults", "faults, such as {full: 5}");
    if (given.isEmpty()) {
      return faults;
    }
    YamlKeys inner = new YamlKeys(name, FAULTS, given.get(), problems);
    WorldFaults read = numbers(inner, WorldFaults.SHAPE, WorldFaults.all(), faults);
    inner.refuseUnknown();
    return read;
  }

  /** Reads the parts that run, and refuses those that do nothing or contradict each other. */
  private WorldParts parts(YamlKeys keys, int portals, String planner) {
    WorldParts parts = numbers(keys, WorldParts.SHAPE, WorldParts.all(), WorldParts.NONE);
    int inTree = portals - parts.interests();
    if (inTree < 0) {
      refuse(keys, "interests", "at most portals, " + portals, parts.interests());
    } else if (parts.fanOut() >= inTree) {
      refuse(
          keys,
          "fan_out",
          "less than the " + inTree + " portals that follow all datasets, so that one has a relay",
          parts.fanOut());
    }
    if (parts.rebalancer() > 0 && planner.equals("stateless")) {
      refuse(
          keys,
          "rebalancer",
          "planner stowage, which alone follows its wishes",
          "planner stateless");
    }
    return parts;
  }

  private static void refuse(YamlKeys keys, String key, String expected, Object found) {
    keys.refuse(keys.line(), key, expected, found.toString());
  }

  private static <T> T numbers(
      YamlKeys keys, Shape<T> shape, List<NumberField<T>> fields, T otherwise) {
    T row = otherwise;
    for (NumberField<T> field : fields) {
      T before = row;
      row =
          keys.value(
                  field.name(),
                  SettingText.expected(field),
                  text -> shape.read(before, field, new SettingText(text)))
              .orElse(before);
    }
    return row;
  }

  private static int number(YamlKeys keys, String key, int least, int most, int otherwise) {
    return Math.toIntExact(keys.whole(key, least, most).orElse(otherwise));
  }

  private LifecycleConfig config(YamlKeys keys, int seconds, Optional<FleetFolder> from) {
    Settings settings =
        Settings.from(from.map(FleetFolder::config).orElseGet(LifecycleConfig::defaults));
    Optional<YamlNode.Mapping> given = keys.mapping("settings", "settings, such as {floor: 3}");
    if (given.isPresent()) {
      YamlKeys inner = new YamlKeys(name, "settings.", given.get(), problems);
      for (String key : SettingKeys.names()) {
        if (!NOT_HERE.contains(key)) {
          inner.take(key).ifPresent(node -> set(settings, key, node));
        }
      }
      inner.refuseUnknown();
    }
    LifecycleConfig config = settings.unchecked();
    if (2L * seconds > config.suspectAfterTicks()) {
      keys.refuse(
          keys.line(),
          "step",
          "at most half of suspect_after, since a worker reports once in a step",
          seconds + " beside suspect_after " + config.suspectAfterTicks());
    }
    return config;
  }

  private void set(Settings settings, String key, YamlNode node) {
    String text = node instanceof YamlNode.Scalar scalar ? scalar.text() : inText(node);
    try {
      SettingKeys.apply(settings, Map.of(key, text));
      Shape.of(LifecycleConfig.class).checked(settings.unchecked());
    } catch (UnreadableWord | IllegalArgumentException refused) {
      problems.add(
          new InputProblem(
              name,
              node.line(),
              "settings." + key,
              "a value that is accepted",
              String.valueOf(refused.getMessage())));
    }
  }

  /** Returns a value in one line, as scenarios have it. */
  private static String inText(YamlNode node) {
    if (node instanceof YamlNode.Mapping mapping) {
      List<String> parts = new ArrayList<>();
      mapping.values().forEach((key, value) -> parts.add(key + ": " + inText(value)));
      return "{" + String.join(", ", parts) + "}";
    }
    if (node instanceof YamlNode.Sequence sequence) {
      return "["
          + String.join(", ", sequence.values().stream().map(ProfileReader::inText).toList())
          + "]";
    }
    return node instanceof YamlNode.Scalar scalar ? scalar.text() : "none";
  }

  private List<Event> events(YamlKeys keys, int steps) {
    List<Event> events = new ArrayList<>();
    for (YamlNode node : keys.sequence("events", "a list of events")) {
      int at = events.size();
      Optional<Event> event = read(keys, "events", node, text -> Event.read(text, node.line()));
      event.ifPresent(events::add);
      if (event.isPresent() && event.get().window().last() > steps) {
        keys.refuse(node.line(), "events[" + at + "]", "a step up to " + steps, event.get().text());
      }
    }
    return events;
  }

  private <T> Optional<T> one(YamlKeys keys, String key, Reading<T> reading) {
    return keys.take(key).flatMap(node -> read(keys, key, node, reading));
  }

  /** Reads a value, or each of a list. */
  private <T> List<T> each(YamlKeys keys, String key, Reading<T> reading) {
    YamlNode node = keys.take(key).orElse(null);
    List<T> all = new ArrayList<>();
    if (node instanceof YamlNode.Sequence list) {
      list.values().forEach(inner -> read(keys, key, inner, reading).ifPresent(all::add));
    } else if (node != null) {
      read(keys, key, node, reading).ifPresent(all::add);
    }
    return all;
  }

  private <T> Optional<T> read(YamlKeys keys, String key, YamlNode node, Reading<T> reading) {
    if (!(node instanceof YamlNode.Scalar scalar)) {
      keys.refuse(node.line(), key, "one line of text in quotes", YamlKeys.kind(node));
      return Optional.empty();
    }
    try {
      return Optional.of(reading.read(scalar.text()));
    } catch (UnreadableWord unreadable) {
      keys.refuse(scalar, key, unreadable);
      return Optional.empty();
    }
  }
}
