package dev.stowage.sim.tool.plan;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.HoldUntil;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.lifecycle.CyclePlan;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.shape.Field;
import dev.stowage.shape.Shape;
import dev.stowage.sim.kit.scenario.words.SettingSink;
import dev.stowage.sim.kit.scenario.words.SettingText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The files from which {@link PlanReader} makes the plan that the leader of a fleet would make next
 * without a host's advice. All new chunks are among them, also where a cycle would take a part. Not
 * thread-safe.
 */
public final class FleetExport {
  /** A text that YAML reads as it stands. */
  private static final Pattern PLAIN = Pattern.compile("[\\w.+-]+");

  /** The separator of the items of a list in a CSV file. */
  private static final String ITEMS = ";";

  private final LifecycleState state;
  private final Tick now;
  private final PlacementPlan plan;
  private final PlacementInput input;
  private final List<ChunkKey> keys = new ArrayList<>();
  private final Map<DatasetId, List<ChunkKey>> keysOf = new HashMap<>();
  private final Set<ChunkKey> listed;

  private FleetExport(LifecycleState state, PlacementPlan plan, IntFunction<ChunkKey> chunks) {
    this.state = state;
    this.plan = plan;
    now = state.largestTick();
    input = plan.input();
    for (int chunk = 0; chunk < input.chunkCount(); chunk++) {
      ChunkKey key = chunks.apply(chunk);
      keys.add(key);
      keysOf.computeIfAbsent(key.dataset(), dataset -> new ArrayList<>()).add(key);
    }
    listed = new HashSet<>(keys);
  }

  /** Returns what the files of a fleet say, and the plan that they are to give. */
  public static FleetExport of(LifecycleState state) {
    // A planner without an index is given the whole input.
    PlacementPlanner sticky = PlacementPlanner.sticky();
    Lifecycle lifecycle = new Lifecycle(whole -> sticky.plan(whole));
    CyclePlan next = lifecycle.foresee(state, new LeaderCommand.Schedule(), state.largestTick());
    return new FleetExport(state, next.plan(), next::chunk);
  }

  /**
   * Returns what the files of a fleet without a leader say.
   *
   * @param state the settings and the chunks; workers and replicas are those of the plan's input
   * @param plan the plan that the files are to give
   * @param chunks the chunk at each position of the input
   */
  public static FleetExport of(
      LifecycleState state, PlacementPlan plan, IntFunction<ChunkKey> chunks) {
    return new FleetExport(state, plan, chunks);
  }

  /** Returns the names of the files. */
  public static List<String> names() {
    return List.of(PlanInputs.WORKERS, PlanInputs.CHUNKS, PlanInputs.HELD, PlanInputs.CONFIG);
  }

  /** Returns the hash of the plan that the files give. */
  public String planHash() {
    return plan.planHash();
  }

  /** Returns the input that the files say. */
  PlacementInput input() {
    return input;
  }

  /** Returns a line that counts what the files hold and names the hash of their plan. */
  public String summary() {
    return input.workerCount()
        + " workers, "
        + input.chunkCount()
        + " chunks, "
        + input.replicaCount()
        + " replicas; plan "
        + planHash();
  }

  /** Returns the counts and the hash of {@link #summary} as a document. */
  public ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("workers", input.workerCount())
        .put("chunks", input.chunkCount())
        .put("replicas", input.replicaCount())
        .put("plan_hash", planHash());
  }

  /** Returns the texts of all files by name. */
  public Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(PlanInputs.WORKERS, workers());
    texts.put(PlanInputs.CHUNKS, chunks());
    texts.put(PlanInputs.HELD, held());
    texts.put(PlanInputs.CONFIG, settings());
    return texts;
  }

  private String workers() {
    List<Field<Worker.Description, ?>> fields = Shape.of(Worker.Description.class).fields();
    List<String> header = new ArrayList<>(List.of(PlanFields.WORKER));
    fields.forEach(field -> header.add(field.name()));
    header.add(PlanFields.STATUS);
    header.add(PlanFields.REPLACED_BY);
    CsvText text = new CsvText(header.toArray(String[]::new));
    Set<String> zonesOfOthers = new HashSet<>();
    for (int at = 0; at < input.workerCount(); at++) {
      Worker worker = input.worker(at);
      if (!isOwnZone(worker)) {
        zonesOfOthers.add(worker.domain());
      }
    }
    for (int at = 0; at < input.workerCount(); at++) {
      Worker worker = input.worker(at);
      String own = zonesOfOthers.contains(worker.id().value()) ? "" : worker.id().value();
      Map<Field<?, ?>, String> usual =
          SettingSink.of(Shape.of(Worker.Description.class), Worker.Description.of(-1, own), ITEMS);
      Map<Field<?, ?>, String> said =
          SettingSink.of(Shape.of(Worker.Description.class), worker.description(), ITEMS);
      text.field(worker.id().value());
      for (Field<Worker.Description, ?> field : fields) {
        String value = said.getOrDefault(field, "");
        text.field(value.equals(usual.get(field)) ? "" : value);
      }
      text.field(PlanFields.lower(worker.status()));
      text.field(worker.replacedBy().map(WorkerId::value).orElse("")).end();
    }
    return text.toString();
  }

  private static boolean isOwnZone(Worker worker) {
    return worker.zone().equals(worker.id().value());
  }

  private String chunks() {
    List<String> columns = PlanFields.all(PlanFields.CHUNKS_FILE);
    CsvText text = new CsvText(columns.toArray(String[]::new));
    Map<ChunkKey, String> replaces = replaces();
    for (int chunk = 0; chunk < keys.size(); chunk++) {
      for (String column : columns) {
        text.field(chunkField(column, chunk, replaces));
      }
      text.end();
    }
    return text.toString();
  }

  private String chunkField(String column, int chunk, Map<ChunkKey, String> replaces) {
    ChunkKey key = keys.get(chunk);
    ChunkRow row = state.chunkRow(state.chunkPosition(key));
    int bits = input.chunkBits(chunk);
    return switch (column) {
      case PlanFields.DATASET -> key.dataset().value();
      case PlanFields.CHUNK -> key.id();
      case PlanFields.FIRST -> Long.toString(row.range().first());
      case PlanFields.LAST -> Long.toString(row.range().last());
      case PlanFields.SIZE -> Long.toString(row.sizeBytes());
      case PlanFields.WEIGHT -> row.weight() == 0 ? "" : Integer.toString(row.weight());
      case PlanFields.MIN_VERSION -> row.eligibility().minVersion().toString();
      case PlanFields.LABELS -> String.join(ITEMS, row.eligibility().requiredLabels().sorted());
      case PlanFields.VISIBLE -> is(bits, ChunkBits.VISIBLE);
      case PlanFields.MARKED -> is(bits, ChunkBits.PINNED);
      case PlanFields.ESTABLISHED -> is(bits, ChunkBits.ESTABLISHED);
      case PlanFields.ONCE_POSSESSED -> is(bits, ChunkBits.ONCE_POSSESSED);
      case PlanFields.ADMITTED ->
          Long.toString(row.number() == null ? now.value() : row.admittedTick());
      case PlanFields.REPLACES -> replaces.getOrDefault(key, "");
      case PlanFields.FLOOR -> plannedFloor(chunk);
      case PlanFields.RAISING -> is(bits, ChunkBits.RAISING);
      default -> throw new IllegalStateException("no value of column " + column);
    };
  }

  /**
   * Returns a floor that the settings do not say: of a chunk that a worker holds which is away, or
   * whose raised floor is met step by step.
   */
  private String plannedFloor(int chunk) {
    int floor = input.floor(chunk);
    int said = state.floor(state.chunkPosition(keys.get(chunk)));
    return floor == said ? "" : Integer.toString(floor);
  }

  private static String is(int bits, int bit) {
    return Boolean.toString((bits & bit) != 0);
  }

  private Map<ChunkKey, String> replaces() {
    Map<ChunkKey, String> replaces = new HashMap<>();
    for (SwapRow swap : state.pendingSwaps()) {
      String old =
          swap.oldChunks().stream()
              .filter(listed::contains)
              .map(ChunkKey::id)
              .collect(Collectors.joining(ITEMS));
      swap.newChunks().forEach(key -> replaces.put(key, old));
    }
    return replaces;
  }

  private String held() {
    List<String> columns = PlanFields.all(PlanFields.HELD_FILE);
    CsvText text = new CsvText(columns.toArray(String[]::new));
    for (int chunk = 0; chunk < keys.size(); chunk++) {
      for (int at = input.replicaStart(chunk); at < input.replicaStart(chunk + 1); at++) {
        for (String column : columns) {
          text.field(heldField(column, chunk, at));
        }
        text.end();
      }
    }
    return text.toString();
  }

  private String heldField(String column, int chunk, int at) {
    int bits = input.replicaBits(at);
    HeldTable.State held = HeldTable.State.values()[bits & ReplicaBits.STATE_MASK];
    return switch (column) {
      case PlanFields.DATASET -> keys.get(chunk).dataset().value();
      case PlanFields.CHUNK -> keys.get(chunk).id();
      case PlanFields.WORKER -> input.worker(input.replicaWorker(at)).id().value();
      case PlanFields.STATE -> PlanFields.lower(held);
      case PlanFields.POSSESSED -> is(bits, ReplicaBits.POSSESSED);
      case PlanFields.ROUTED -> is(bits, ReplicaBits.ROUTED);
      // What is readable says all that a plan reads of it.
      case PlanFields.DRAINED -> "";
      case PlanFields.READABLE -> is(bits, ReplicaBits.READABLE);
      case PlanFields.GIVEN_UP -> is(bits, ReplicaBits.GIVEN_UP);
      default -> throw new IllegalStateException("no value of column " + column);
    };
  }

  // --- plan.yaml

  private String settings() {
    StringBuilder yaml = new StringBuilder();
    LifecycleConfig config = state.config();
    line(yaml, "min_replication", Integer.toString(config.minReplication()));
    line(yaml, "max_replication", cap(config.maxReplication()));
    SettingSink.of(Shape.of(PlacementConfig.class), input.config(), ",")
        .forEach((field, value) -> {
          if (PlanSettings.isOfThePlanner(field)) {
            line(
                yaml,
                SettingText.word(field),
                PLAIN.matcher(value).matches() ? value : quoted(value));
          }
        });
    line(yaml, PlanSettings.MAX_PER_DOMAIN, limits());
    FleetRow fleet = state.fleetRow();
    line(yaml, PlanSettings.FROZEN, Boolean.toString(input.isFrozen()));
    line(yaml, PlanSettings.DELETIONS_HELD, Boolean.toString(input.isDeletionHeld()));
    line(yaml, PlanSettings.DEBT_BYTES, Long.toString(fleet.debtBytes()));
    line(yaml, PlanSettings.DEBT_REPLICAS, Long.toString(fleet.debtReplicas()));
    list(
        yaml,
        PlanSettings.PREVIOUS_FACTORS,
        fleet.factors().stream()
            .filter(each -> each.pool().keys().isEmpty())
            .map(this::factor)
            .toList());
    policy(yaml, config.weights());
    wishes(yaml, fleet);
    lost(yaml);
    yaml.append(PlanSettings.SETTINGS).append(":\n");
    LifecycleConfig plain = config.toBuilder().weights(WeightPolicy.DEFAULTS).unchecked();
    String hold = state.held().map(it -> it.until()).orElse(HoldUntil.NONE).toString();
    SettingSink.of(Shape.of(LifecycleConfig.class), plain, ",")
        .forEach((field, value) -> {
          if (PlanSettings.isOfTheFleet(field)) {
            String word = SettingText.word(field);
            line(yaml, "  " + word, word.equals("hold_until") ? hold : value);
          }
        });
    return yaml.toString();
  }

  /** Returns the limits of levels that zones have; no other binds, and the reader refuses it. */
  private String limits() {
    int levels = 0;
    for (int at = 0; at < input.workerCount(); at++) {
      Worker worker = input.worker(at);
      int own = isOwnZone(worker) ? 0 : worker.zone().split("/", -1).length;
      levels = Math.max(levels, own);
    }
    StringJoiner limits = new StringJoiner(", ", "{", "}");
    input
        .config()
        .maxPerDomain()
        .headMap(levels + 1)
        .forEach((level, most) -> limits.add(level + ": " + most));
    return limits.toString();
  }

  private static void line(StringBuilder yaml, String key, String value) {
    yaml.append(key).append(": ").append(value).append('\n');
  }

  private static String cap(int most) {
    return switch (most) {
      case WeightPolicy.UNCAPPED -> "none";
      case WeightPolicy.AT_FLOOR -> "floor";
      default -> Integer.toString(most);
    };
  }

  private static void list(StringBuilder yaml, String key, List<String> items) {
    if (!items.isEmpty()) {
      yaml.append(key).append(":\n");
      items.forEach(item -> yaml.append("  - ").append(item).append('\n'));
    }
  }

  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  private String factor(FleetRow.Factor factor) {
    return "{weight: "
        + factor.weight()
        + ", factor: "
        + BigDecimal.valueOf(factor.millionths(), 6).stripTrailingZeros().toPlainString()
        + eligibility(factor.pool().eligibility())
        + "}";
  }

  private static String eligibility(Eligibility eligibility) {
    List<String> labels =
        eligibility.requiredLabels().sorted().stream().map(FleetExport::quoted).toList();
    return ", min_version: " + eligibility.minVersion() + ", labels: " + labels;
  }

  private void policy(StringBuilder yaml, WeightPolicy policy) {
    List<Map.Entry<DatasetId, List<WeightPolicy.Segment>>> all =
        policy.all().entrySet().stream().filter(it -> keysOf.containsKey(it.getKey())).toList();
    if (all.isEmpty()) {
      return;
    }
    yaml.append(PlanSettings.WEIGHT_POLICY).append(":\n");
    for (Map.Entry<DatasetId, List<WeightPolicy.Segment>> of : all) {
      yaml.append("  ").append(quoted(of.getKey().value())).append(":\n");
      for (WeightPolicy.Segment segment : of.getValue()) {
        yaml.append("    - {from: ").append(segment.from());
        yaml.append(", weight: ").append(segment.weight());
        segment.floor().ifPresent(floor -> yaml.append(", floor: ").append(floor));
        segment.max().ifPresent(max -> yaml.append(", max: ").append(cap(max)));
        yaml.append(eligibility(segment.eligibility())).append("}\n");
      }
    }
  }

  private void wishes(StringBuilder yaml, FleetRow fleet) {
    Set<String> workers = new HashSet<>();
    for (int at = 0; at < input.workerCount(); at++) {
      workers.add(input.worker(at).id().value());
    }
    for (PlacementWish.Kind kind : PlacementWish.Kind.values()) {
      List<String> pairs = new ArrayList<>();
      for (PlacementWish wish : fleet.wishes()) {
        if (wish.kind() == kind && workers.contains(wish.worker().value())) {
          meant(wish).forEach(key -> pairs.add(quoted(key.path() + "@" + wish.worker().value())));
        }
      }
      list(yaml, kind == PlacementWish.Kind.PIN ? PlanSettings.PINS : PlanSettings.BANS, pairs);
    }
  }

  private List<ChunkKey> meant(PlacementWish wish) {
    if (wish.chunkId().isEmpty()) {
      return keysOf.getOrDefault(wish.dataset(), List.of());
    }
    ChunkKey key = new ChunkKey(wish.dataset(), wish.chunkId().get());
    return listed.contains(key) ? List.of(key) : List.of();
  }

  private void lost(StringBuilder yaml) {
    StringBuilder lost = new StringBuilder();
    for (ChunkKey key : keys) {
      int count = state.chunkRow(state.chunkPosition(key)).lostTicks().size();
      if (count > 0) {
        lost.append("  ").append(quoted(key.path())).append(": ").append(count).append('\n');
      }
    }
    if (lost.length() > 0) {
      yaml.append(PlanSettings.RECENTLY_LOST).append(":\n").append(lost);
    }
  }
}
