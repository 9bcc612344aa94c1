package dev.stowage.sim.kit.scenario.words;

import dev.stowage.config.KeepApart;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.model.DatasetId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.baseline.StatelessPlanner;
import dev.stowage.shape.Field;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Unit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** The keys of {@code config} and {@code set}. */
public final class SettingKeys {
  /** Sets a value that the shape of a configuration does not describe. */
  interface Change {
    void apply(Settings settings, String value) throws UnreadableWord;
  }

  /** Changes what a setting says of one dataset, or of one pair of them. */
  interface PartChange {
    void apply(Settings settings, String dataset, String value) throws UnreadableWord;
  }

  private static final Map<String, Change> CHANGES = changes();

  /** By the beginning of a key that ends with a dataset, and by a whole key. */
  private static final Map<String, PartChange> PARTS = new TreeMap<>();

  private static final Map<String, Field<?, ?>> SETTINGS = new LinkedHashMap<>();

  static {
    PARTS.put("floor.", SettingKeys::floor);
    PARTS.put("newest.", SettingKeys::newest);
    PARTS.put("keep_apart+", (to, none, pair) -> to.keepApart(pair(pair)));
    SettingText.settings(Shape.of(LifecycleConfig.class))
        .forEach(field -> SETTINGS.put(SettingText.word(field), field));
  }

  private SettingKeys() {}

  public static List<String> names() {
    Set<String> names = new LinkedHashSet<>(SETTINGS.keySet());
    names.addAll(CHANGES.keySet());
    return List.copyOf(names);
  }

  /** Returns the keys that {@code set} takes: all, and those that change a part of a setting. */
  public static List<String> changing() {
    List<String> all = new ArrayList<>(names());
    all.addAll(PARTS.keySet());
    return all;
  }

  /** Returns the datasets that changes of a part of a setting name. */
  public static List<String> datasets(Map<String, String> values) throws UnreadableWord {
    List<String> all = new ArrayList<>();
    for (Map.Entry<String, String> each : values.entrySet()) {
      String key = each.getKey();
      if (key.equals("keep_apart+")) {
        KeepApart.Pair pair = pair(each.getValue());
        all.addAll(List.of(pair.one().value(), pair.other().value()));
      } else if (PARTS.containsKey(part(key))) {
        all.add(key.substring(part(key).length()));
      }
    }
    return all;
  }

  private static String part(String key) {
    return key.contains(".") ? key.substring(0, key.indexOf('.') + 1) : key;
  }

  /** Writes values into a configuration; each one that cannot be read is named. */
  public static void apply(Settings settings, Map<String, String> values) throws UnreadableWord {
    List<String> keys = new ArrayList<>(values.keySet());
    // The change of a part comes after that of the whole.
    keys.sort(Comparator.comparing(key -> PARTS.containsKey(part(key))));
    for (String key : keys) {
      String value = Objects.requireNonNull(values.get(key), key);
      try {
        Change change = CHANGES.get(key);
        PartChange ofPart = PARTS.get(part(key));
        if (ofPart != null) {
          ofPart.apply(settings, key.substring(part(key).length()), value);
        } else if (change != null) {
          change.apply(settings, value);
        } else {
          set(settings, key, value);
        }
      } catch (UnreadableWord unreadable) {
        throw UnreadableWord.within(key, unreadable);
      }
    }
  }

  private static void set(Settings settings, String word, String value) throws UnreadableWord {
    Field<?, ?> field = Objects.requireNonNull(SETTINGS.get(word), word);
    boolean isTime = field.unit() == Unit.TICKS;
    try {
      boolean hasUnit = isTime && value.matches("[0-9]{1,18}[smhd]");
      settings.set(word, hasUnit ? TimeSpan.read(value).ticks(settings.tickLength) + "" : value);
    } catch (IllegalArgumentException refused) {
      throw UnreadableWord.found(
          value,
          isTime
              ? TimeSpan.EXPECTED + ", " + SettingText.accepted(field)
              : SettingText.expected(field));
    }
  }

  private static void floor(Settings to, String dataset, String value) throws UnreadableWord {
    to.weights(to.weights().withFloor(dataset(dataset), copies(value)));
  }

  private static void newest(Settings to, String dataset, String value) throws UnreadableWord {
    String[] parts = value.split(":", 2);
    UnreadableWord.unless(parts.length == 2, value, "BLOCKS:COPIES, such as 1000:5");
    long blocks = WordReader.number(parts[0], 1, "a number of blocks");
    to.weights(to.weights().withNewest(dataset(dataset), blocks, copies(parts[1])));
  }

  private static int copies(String value) throws UnreadableWord {
    String copies = "a number of copies";
    long number = WordReader.number(value, 1, copies);
    UnreadableWord.unless(number <= Integer.MAX_VALUE, value, copies);
    return (int) number;
  }

  private static DatasetId dataset(String name) throws UnreadableWord {
    return WordReader.checked(name, "the name of a dataset", DatasetId::of);
  }

  private static KeepApart.Pair pair(String value) throws UnreadableWord {
    String pair = "two different datasets as in lake<>logs";
    return WordReader.checked(value, pair, KeepApart.Pair::of);
  }

  private static Map<String, Change> changes() {
    Map<String, Change> all = new LinkedHashMap<>();
    all.put("floor", (to, value) -> set(to, "min_replication", value));
    all.put(
        "confirmation", (to, value) -> set(to, "confirmation", value.replaceFirst("^quorum:", "")));
    all.put("raise_budget", (to, value) -> set(to, "raise_budget_bytes", value));
    all.put("retention", SettingKeys::retention);
    all.put("weight_policy", (to, value) -> to.weights(WeightPolicyReader.read(value)));
    all.put("clock", SettingKeys::clock);
    all.put("pins", (to, value) -> to.pins = Optional.of(pairs(value)));
    all.put("bans", (to, value) -> to.bans = Optional.of(pairs(value)));
    all.put("previous_factors", (to, value) -> to.previousFactors = FactorReader.read(value));
    all.put("planner", (to, value) -> to.planner = planner(value));
    all.put("scorer", (to, value) -> to.scorer = drawn(value, "a scorer"));
    all.put("governor", (to, value) -> to.governor = drawn(value, "the load of a governor"));
    all.put("fan_out", (to, value) -> to.fanOut = fanOut(value));
    return all;
  }

  private static void clock(Settings to, String value) throws UnreadableWord {
    String clock = WordReader.of(value).oneOf(List.of("none", "trusted", "own"));
    to.isClockTrusted = clock.equals("trusted");
    to.isClockOwn = clock.equals("own");
  }

  private static void retention(Settings to, String value) throws UnreadableWord {
    for (String word : SETTINGS.keySet()) {
      if (word.endsWith("_retention")) {
        set(to, word, value);
      }
    }
  }

  private static int fanOut(String value) throws UnreadableWord {
    String expected = "none, or a number of portals from 2 to 100";
    long count = value.equals("none") ? 0 : WordReader.number(value, 2, expected);
    UnreadableWord.unless(count <= 100, value, expected);
    return (int) count;
  }

  private static OptionalLong drawn(String value, String what) throws UnreadableWord {
    String expected = "none, or the number that " + what + " is drawn from";
    return value.equals("none")
        ? OptionalLong.empty()
        : OptionalLong.of(WordReader.number(value, 0, expected));
  }

  private static List<Pair> pairs(String value) throws UnreadableWord {
    String expected = "replicas as [D/C@W, D/C@W]";
    UnreadableWord.unless(value.startsWith("[") && value.endsWith("]"), value, expected);
    String inside = value.substring(1, value.length() - 1).strip();
    List<Pair> pairs = new ArrayList<>();
    for (String word : inside.isEmpty() ? new String[0] : inside.split(",", -1)) {
      pairs.add(Pair.take(WordReader.of(word.strip())));
    }
    return pairs;
  }

  private static PlacementPlanner planner(String value) throws UnreadableWord {
    return WordReader.of(value)
        .either("stowage", PlacementPlanner.sticky(), "stateless", StatelessPlanner.create());
  }
}
