package dev.stowage.sim.tool.plan;

import dev.stowage.command.Command;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.placement.PlacementInput.PlacementInputBuilder;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.placement.PlanRequest;
import dev.stowage.shape.Field;
import dev.stowage.shape.Shape;
import dev.stowage.sim.kit.scenario.words.SettingText;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import dev.stowage.sim.tool.yaml.YamlKeys;
import dev.stowage.sim.tool.yaml.YamlNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The settings of {@code plan.yaml}, with defaults for absent ones. */
final class PlanSettings {
  static final String MAX_PER_DOMAIN = "max_per_domain";
  static final String PREVIOUS_FACTORS = "previous_factors";
  static final String WEIGHT_POLICY = "weight_policy";
  static final String PINS = "pins";
  static final String BANS = "bans";
  static final String FROZEN = "frozen";
  static final String DELETIONS_HELD = "deletions_held";
  static final String DEBT_BYTES = "debt_bytes";
  static final String DEBT_REPLICAS = "debt_replicas";
  static final String RECENTLY_LOST = "recently_lost";
  static final String SETTINGS = "settings";

  /** The settings of a fleet beside those of its planner that change plans. */
  private static final List<String> OF_A_PLAN =
      List.of("min_replication", "max_replication", WEIGHT_POLICY);

  private static final BigDecimal ONE_MILLION = BigDecimal.valueOf(PlacementConfig.ONE);
  private static final BigDecimal MOST_FACTOR = BigDecimal.valueOf(Integer.MAX_VALUE);

  /**
   * A chunk and a worker that the operator named.
   *
   * @param text {@code dataset/chunk_id@worker_id}
   */
  record Wish(long line, String text) {
    /** The positions of a chunk and a worker. */
    record Pair(int chunk, int worker) {}

    /**
     * Returns the pair that it names; empty if one of them is not listed. A worker's id may hold
     * the separator, so the first reading that names listed things counts.
     */
    Optional<Pair> pair(ChunkList chunks, WorkerList workers) {
      int least = Math.max(1, text.length() - 1 - Command.Bounds.NAME_CHARACTERS);
      for (int at = text.lastIndexOf('@'); at >= least; at = text.lastIndexOf('@', at - 1)) {
        int worker = workers.position(text.substring(at + 1));
        String named = worker < 0 ? "" : text.substring(0, at);
        Optional<ChunkKey> chunk = ChunkNames.find(named, each -> chunks.position(each) >= 0);
        if (chunk.isPresent()) {
          return Optional.of(new Pair(chunks.position(chunk.get()), worker));
        }
      }
      return Optional.empty();
    }
  }

  /**
   * A factor of the plan before, of the chunks of one weight and constraint.
   *
   * @param eligibility null for the chunks of every constraint
   */
  record Factor(int weight, long millionths, @Nullable Eligibility eligibility) {}

  /**
   * The replicas of a chunk that were lost not long ago.
   *
   * @param text {@code dataset/chunk_id}
   */
  record Lost(long line, String text, int replicas) {}

  final List<Wish> pins = new ArrayList<>();
  final List<Wish> bans = new ArrayList<>();

  final List<Factor> previousFactors = new ArrayList<>();
  final List<Lost> recentlyLost = new ArrayList<>();

  /** The line of each level that has a limit. */
  private final SortedMap<Integer, Long> limitLines = new TreeMap<>();

  /** The line of each dataset that has segments. */
  private final Map<DatasetId, Long> datasetLines = new LinkedHashMap<>();

  private final ProblemList problems;
  private final String file;
  private LifecycleConfig config = LifecycleConfig.builder().minReplication(1).build();
  private WeightPolicy weightPolicy = WeightPolicy.DEFAULTS;
  private boolean lacksFloor = true;
  private boolean stateless;
  private boolean frozen;
  private boolean deletionsHeld;
  private long debtBytes;
  private long debtReplicas;
  private long settingsLine;

  private PlanSettings(String file, ProblemList problems) {
    this.file = file;
    this.problems = problems;
  }

  static PlanSettings defaults() {
    return new PlanSettings("", new ProblemList());
  }

  /** Returns all keys of {@code plan.yaml}, and below {@link #SETTINGS} those of the fleet. */
  static SortedMap<String, List<String>> keys() {
    ProblemList none = new ProblemList();
    YamlNode.Mapping empty = new YamlNode.Mapping(1, new LinkedHashMap<>());
    YamlKeys all = new YamlKeys("", "", empty, none);
    new PlanSettings("", none).read(all);
    SortedMap<String, List<String>> keys = new TreeMap<>();
    all.known().forEach(key -> keys.put(key, List.of()));
    List<String> ofTheFleet =
        SettingText.settings(Shape.of(LifecycleConfig.class)).stream()
            .filter(PlanSettings::isOfTheFleet)
            .map(SettingText::word)
            .toList();
    keys.put(SETTINGS, ofTheFleet);
    return keys;
  }

  static PlanSettings of(String file, YamlNode.Mapping root, ProblemList problems) {
    PlanSettings settings = new PlanSettings(file, problems);
    YamlKeys keys = new YamlKeys(file, "", root, problems);
    settings.read(keys);
    keys.refuseUnknown();
    return settings;
  }

  private void read(YamlKeys keys) {
    readNumbers(keys);
    readMaxPerDomain(keys);
    readPreviousFactors(keys);
    readWeightPolicy(keys);
    readWishes(keys, PINS, pins);
    readWishes(keys, BANS, bans);
    readState(keys);
    readSettings(keys);
  }

  /** Returns the configuration. */
  PlacementConfig config() {
    return config.placement();
  }

  /** Returns all settings of the fleet that the file names, over the defaults. */
  LifecycleConfig lifecycle() {
    return config.toBuilder().weights(weightPolicy).unchecked();
  }

  /** Reports whether nobody named the floor of chunks whose segments name none. */
  boolean lacksFloor() {
    return lacksFloor;
  }

  /** Returns the floor of a chunk whose segment names none. */
  int minReplication() {
    return config.minReplication();
  }

  /** Returns the cap of a chunk whose segment names none. */
  int maxReplication() {
    return config.maxReplication();
  }

  WeightPolicy weightPolicy() {
    return weightPolicy;
  }

  /** Tells a planner what is not in the chunks: factors, debt, and what must not be done. */
  void addTo(PlacementInputBuilder builder, PlanRequest.Builder wishes) {
    for (Factor factor : previousFactors) {
      Eligibility eligibility = factor.eligibility();
      if (eligibility == null) {
        wishes.previousFactor(factor.weight(), factor.millionths());
      } else {
        int pool = builder.pool(PoolKey.of(eligibility));
        wishes.previousFactor(pool, factor.weight(), factor.millionths());
      }
    }
    wishes.movementDebt(debtBytes, debtReplicas);
    if (frozen) {
      wishes.freeze();
    }
    if (deletionsHeld) {
      wishes.holdDeletions();
    }
  }

  boolean isStateless() {
    return stateless;
  }

  private void readNumbers(YamlKeys keys) {
    for (Field<?, ?> field : SettingText.settings(Shape.of(LifecycleConfig.class))) {
      String word = SettingText.word(field);
      if (word.equals("min_replication") || isOfThePlanner(field)) {
        boolean isList = word.equals("keep_apart");
        String expected = SettingText.expected(field);
        (isList
                ? keys.words(word, expected, text -> with(word, text))
                : keys.value(word, expected, text -> with(word, text)))
            .ifPresent(changed -> {
              config = changed;
              lacksFloor &= !word.equals("min_replication");
            });
      }
    }
    OptionalInt cap = keys.cap("max_replication", minReplication());
    if (cap.isPresent()) {
      config = config.toBuilder().maxReplication(cap.getAsInt()).build();
    }
    stateless =
        keys.word("planner", "stowage", "stateless").filter("stateless"::equals).isPresent();
  }

  /** Reads what {@code export} alone writes: the state of a live fleet beside its settings. */
  private void readState(YamlKeys keys) {
    frozen = keys.word(FROZEN, "true", "false").filter("true"::equals).isPresent();
    deletionsHeld = keys.word(DELETIONS_HELD, "true", "false").filter("true"::equals).isPresent();
    debtBytes = keys.whole(DEBT_BYTES, 0, Long.MAX_VALUE).orElse(0);
    debtReplicas = keys.whole(DEBT_REPLICAS, 0, Long.MAX_VALUE).orElse(0);
    Optional<YamlNode.Mapping> lost =
        keys.mapping(RECENTLY_LOST, "counts by chunk, such as {logs/mon: 1}");
    if (lost.isPresent()) {
      YamlKeys inner = new YamlKeys(file, RECENTLY_LOST + ".", lost.get(), problems);
      lost.get()
          .values()
          .forEach((chunk, node) ->
              inner
                  .whole(chunk, 0, Integer.MAX_VALUE)
                  .ifPresent(count ->
                      recentlyLost.add(new Lost(node.line(), chunk, Math.toIntExact(count)))));
    }
  }

  /** Reads the settings of the fleet that change no plan; their bounds are judged later. */
  private void readSettings(YamlKeys keys) {
    Optional<YamlNode.Mapping> given =
        keys.mapping(SETTINGS, "settings of the fleet, such as {drain_window: 300}");
    if (given.isEmpty()) {
      return;
    }
    settingsLine = given.get().line();
    YamlKeys inner = new YamlKeys(file, SETTINGS + ".", given.get(), problems);
    for (Field<?, ?> field : SettingText.settings(Shape.of(LifecycleConfig.class))) {
      String word = SettingText.word(field);
      if (isOfTheFleet(field)) {
        inner
            .value(word, SettingText.expected(field), text -> unchecked(word, text))
            .ifPresent(changed -> config = changed);
      }
    }
    inner.refuseUnknown();
  }

  /** Records a problem for each bound that the settings of the fleet violate together. */
  void refuseViolations() {
    for (String each : lifecycle().violations()) {
      problems.add(new InputProblem(file, settingsLine, SETTINGS, "settings in bounds", each));
    }
  }

  /** Reports whether a setting of a fleet changes no plan, so that it stands apart. */
  static boolean isOfTheFleet(Field<?, ?> field) {
    return SettingText.settings(Shape.of(LifecycleConfig.class)).contains(field)
        && !SettingText.settings(Shape.of(PlacementConfig.class)).contains(field)
        && !OF_A_PLAN.contains(field.name());
  }

  static boolean isOfThePlanner(Field<?, ?> field) {
    return SettingText.settings(Shape.of(PlacementConfig.class)).contains(field)
        && !field.name().equals(MAX_PER_DOMAIN);
  }

  private LifecycleConfig with(String word, String text) {
    return Shape.of(LifecycleConfig.class).checked(unchecked(word, text));
  }

  private LifecycleConfig unchecked(String word, String text) {
    return SettingText.with(Shape.of(LifecycleConfig.class), config, word, text).orElseThrow();
  }

  private void readMaxPerDomain(YamlKeys keys) {
    Optional<YamlNode.Mapping> limits =
        keys.mapping(MAX_PER_DOMAIN, "counts by level, such as {1: 2}");
    if (limits.isEmpty()) {
      return;
    }
    YamlKeys inner = new YamlKeys(file, MAX_PER_DOMAIN + ".", limits.get(), problems);
    Map<Integer, Integer> counts = new TreeMap<>();
    limits
        .get()
        .values()
        .forEach((level, node) -> {
          OptionalLong count = inner.whole(level, 1, Integer.MAX_VALUE);
          boolean isLevel = level.matches("[1-9][0-9]?");
          int number = isLevel ? Integer.parseInt(level) : 0;
          if (!isLevel || number > PlacementConfig.MOST_LEVELS) {
            keys.refuse(
                node.line(),
                MAX_PER_DOMAIN,
                "levels from 1 to " + PlacementConfig.MOST_LEVELS + " as keys",
                "the key '" + level + "'");
          } else if (count.isPresent()) {
            counts.put(number, Math.toIntExact(count.getAsLong()));
            limitLines.put(number, node.line());
          }
        });
    config =
        config.toBuilder()
            .placement(config.placement().toBuilder().maxPerDomain(counts).build())
            .build();
  }

  /** Records a problem for each limit of a level that the zone paths do not have. */
  void refuseLevelsBeyond(int levels) {
    String expected =
        levels == 0
            ? "no level, since no worker has a zone"
            : levels == 1
                ? "level 1, the only one of the zones"
                : "a level from 1 to " + levels + ", as the zones have";
    limitLines
        .tailMap(levels + 1)
        .forEach((level, line) ->
            problems.add(
                new InputProblem(
                    file, line, MAX_PER_DOMAIN + "." + level, expected, "level " + level)));
  }

  private void readPreviousFactors(YamlKeys keys) {
    if (keys.take(PREVIOUS_FACTORS).orElse(null) instanceof YamlNode.Sequence list) {
      readFactors(keys, list);
      return;
    }
    Optional<YamlNode.Mapping> factors =
        keys.mapping(PREVIOUS_FACTORS, "factors by weight, such as {12: 5}");
    if (factors.isEmpty()) {
      return;
    }
    YamlKeys inner = new YamlKeys(file, PREVIOUS_FACTORS + ".", factors.get(), problems);
    Set<Integer> weights = new HashSet<>();
    for (String weight : factors.get().values().keySet()) {
      Optional<BigDecimal> factor = factor(inner, weight);
      try {
        int number = (int) YamlKeys.wholeNumber(weight, 1, Integer.MAX_VALUE);
        if (!weights.add(number)) {
          inner.refuse(factors.get().line(), weight, "each weight once", number + " twice");
        }
        factor.ifPresent(it -> previousFactors.add(new Factor(number, millionths(it), null)));
      } catch (ArithmeticException | IllegalArgumentException noWeight) {
        keys.refuse(
            factors.get().line(),
            PREVIOUS_FACTORS,
            "weights of at least 1 as keys",
            "the key '" + weight + "'");
      }
    }
  }

  private static Optional<BigDecimal> factor(YamlKeys keys, String key) {
    return keys.number(
        key,
        "a factor from 0 to " + MOST_FACTOR,
        number -> number.signum() >= 0 && number.compareTo(MOST_FACTOR) <= 0);
  }

  /** Reads factors of chunks of one weight and constraint each. */
  private void readFactors(YamlKeys keys, YamlNode.Sequence list) {
    for (YamlNode node : list.values()) {
      if (!(node instanceof YamlNode.Mapping mapping)) {
        keys.refuse(
            node.line(), PREVIOUS_FACTORS, "factors with weight and factor", YamlKeys.kind(node));
        continue;
      }
      YamlKeys inner = new YamlKeys(file, PREVIOUS_FACTORS + ".", mapping, problems);
      OptionalLong weight = inner.whole("weight", 1, Integer.MAX_VALUE);
      Optional<BigDecimal> factor = factor(inner, "factor");
      Eligibility eligibility = eligibility(inner);
      requireKeys(inner, "weight", "factor");
      if (weight.isPresent() && factor.isPresent()) {
        previousFactors.add(
            new Factor(Math.toIntExact(weight.getAsLong()), millionths(factor.get()), eligibility));
      }
    }
  }

  private static Eligibility eligibility(YamlKeys keys) {
    Optional<WorkerVersion> version =
        keys.value("min_version", "major.minor.patch, such as 1.2.0", WorkerVersion::parse);
    return new Eligibility(version.orElse(WorkerVersion.ZERO), readLabels(keys));
  }

  private static void requireKeys(YamlKeys keys, String... required) {
    for (String each : required) {
      if (keys.take(each).isEmpty()) {
        keys.refuse(keys.line(), each, "this key", "nothing");
      }
    }
    keys.refuseUnknown();
  }

  private static long millionths(BigDecimal factor) {
    return factor.setScale(6, RoundingMode.HALF_UP).multiply(ONE_MILLION).longValueExact();
  }

  private void readWeightPolicy(YamlKeys keys) {
    Optional<YamlNode.Mapping> policy =
        keys.mapping(WEIGHT_POLICY, "datasets, each with a list of segments");
    if (policy.isEmpty()) {
      return;
    }
    WeightPolicy.Builder builder = WeightPolicy.builder();
    YamlKeys datasets = new YamlKeys(file, "weight_policy.", policy.get(), problems);
    policy
        .get()
        .values()
        .forEach((name, node) -> {
          Optional<DatasetId> dataset = dataset(datasets, node.line(), name);
          dataset.ifPresent(id -> datasetLines.put(id, node.line()));
          for (WeightPolicy.Segment segment : segments(datasets, name)) {
            dataset.ifPresent(id -> builder.segment(id, segment));
          }
        });
    weightPolicy = builder.build();
  }

  private List<WeightPolicy.Segment> segments(YamlKeys datasets, String name) {
    List<WeightPolicy.Segment> segments = new ArrayList<>();
    Map<Long, Integer> starts = new HashMap<>();
    int number = 0;
    for (YamlNode node : datasets.sequence(name, "a list of segments")) {
      int at = number++;
      if (node instanceof YamlNode.Mapping mapping) {
        YamlKeys keys =
            new YamlKeys(file, "weight_policy." + name + "[" + at + "].", mapping, problems);
        Optional<WeightPolicy.Segment> segment = segment(keys);
        segment.ifPresent(each -> refuseSameStart(keys, each.from(), starts, at));
        segment.ifPresent(segments::add);
      } else {
        datasets.refuse(node.line(), name, "segments with from and weight", YamlKeys.kind(node));
      }
    }
    return segments;
  }

  /** Records a problem if two segments begin at one block: the first would never hold. */
  private static void refuseSameStart(
      YamlKeys keys, long from, Map<Long, Integer> starts, int segment) {
    Integer earlier = starts.putIfAbsent(from, segment);
    if (earlier != null) {
      keys.refuse(
          keys.line(),
          "from",
          "a block at which no other segment of the dataset begins",
          from + ", as in segment [" + earlier + "]");
    }
  }

  /** Records a problem for each dataset with segments that no chunk belongs to. */
  void refuseDatasetsBeyond(Set<DatasetId> listed) {
    datasetLines.forEach((dataset, line) -> {
      if (!listed.contains(dataset)) {
        problems.add(
            new InputProblem(
                file,
                line,
                "weight_policy",
                "datasets of listed chunks",
                InputProblem.quoted(dataset.value())));
      }
    });
  }

  private Optional<WeightPolicy.Segment> segment(YamlKeys keys) {
    OptionalLong from = keys.whole("from", Long.MIN_VALUE, Long.MAX_VALUE);
    OptionalLong weight = keys.whole("weight", 1, Integer.MAX_VALUE);
    OptionalLong floor = keys.whole("floor", 1, Integer.MAX_VALUE);
    int least = (int) Math.max(minReplication(), floor.orElse(1));
    OptionalInt max = keys.cap("max", least);
    Eligibility eligibility = eligibility(keys);
    requireKeys(keys, "from", "weight");
    if (from.isEmpty() || weight.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new WeightPolicy.Segment(
            from.getAsLong(),
            Math.toIntExact(weight.getAsLong()),
            floor.isPresent()
                ? OptionalInt.of(Math.toIntExact(floor.getAsLong()))
                : OptionalInt.empty(),
            max,
            eligibility));
  }

  private static Optional<DatasetId> dataset(YamlKeys datasets, long line, String name) {
    try {
      return Optional.of(DatasetId.of(name));
    } catch (IllegalArgumentException noName) {
      datasets.refuse(line, name, "a dataset of " + PlanFields.NAME, InputProblem.quoted(name));
      return Optional.empty();
    }
  }

  /** Reads labels: a list, or one text separated by semicolons as in the CSV files. */
  private static Labels readLabels(YamlKeys keys) {
    String expected = "a list of labels, " + PlanFields.NO_BLANK;
    Optional<YamlNode> node = keys.take("labels");
    if (node.isPresent() && node.get() instanceof YamlNode.Sequence list) {
      List<String> labels = new ArrayList<>();
      for (YamlNode each : list.values()) {
        keys.value(each, "labels", expected, PlanFields::label).ifPresent(labels::add);
      }
      return Labels.copyOf(labels);
    }
    return keys.value("labels", expected, PlanFields::labelsOf).orElse(Labels.NONE);
  }

  private void readWishes(YamlKeys keys, String key, List<Wish> wishes) {
    String expected = "a list of dataset/chunk_id@worker_id";
    for (YamlNode node : keys.sequence(key, expected)) {
      keys.value(node, key, expected, text -> new Wish(node.line(), text)).ifPresent(wishes::add);
    }
  }
}
