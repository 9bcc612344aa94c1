package dev.stowage.placement;

import dev.stowage.columns.Avalanche;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.FactorMode;
import dev.stowage.config.PlacementConfig.Spread;
import dev.stowage.config.WeightPolicy;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.placement.PlacementPlan.PoolFactor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Writes a world as a few lines, and reads it back: the form in which counterexamples are reported
 * and kept.
 *
 * <pre>
 * config saturation=0.5 spread=zone limits=1:2 budget=9,-,-,-   (bounds left out are "-")
 * worker 10 z=a/b v=2 l=ssd n=3 leaving avoided #7      (capacity; n replicas at most; #id)
 * kind a seen f2 w12 cap=3 v=2 l=ssd t1 lost1           (attributes of the chunks "a")
 * chunks a10@0,1 a20@2:1 a5#9                           (size; holders; :bits; #hash)
 * pin 0@1 | ban 0@1 | intent 0@1>2 | score 0@1=250000 | side 3,4 | wait 1@0 | debt 5 | frozen
 * factor v=2 w12=9000000                                (of the previous plan)
 * </pre>
 */
final class WorldText {
  private WorldText() {}

  static String of(World world) {
    StringJoiner lines = new StringJoiner("\n");
    lines.add(config(world.config));
    for (int i = 0; i < world.workers.size(); i++) {
      lines.add(worker(world, i));
    }
    Map<String, Character> kinds = new LinkedHashMap<>();
    StringJoiner chunks = new StringJoiner(" ", "chunks ", "");
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      World.Piece piece = world.chunks.get(chunk);
      int known = kinds.size();
      char kind = kinds.computeIfAbsent(kind(piece), text -> (char) ('a' + known));
      chunks.add(kind + chunk(piece, chunk));
    }
    kinds.forEach((text, kind) -> lines.add("kind " + kind + text));
    lines.add(chunks.toString());
    world.pins.forEach(pin -> lines.add("pin " + pin[0] + "@" + pin[1]));
    world.bans.forEach(ban -> lines.add("ban " + ban[0] + "@" + ban[1]));
    world.intents.forEach(it -> lines.add("intent " + it[0] + "@" + it[1] + ">" + it[2]));
    world.scores.forEach(it -> lines.add("score " + it[0] + "@" + it[1] + "=" + it[2]));
    world.sides.forEach(side -> lines.add("side " + side.toString().replaceAll("[\\[\\] ]", "")));
    world.waits.forEach(it -> lines.add("wait " + it[0] + "@" + it[1]));
    if (world.debt != 0) {
      lines.add("debt " + world.debt);
    }
    for (PoolFactor each : world.previous) {
      lines.add(
          "factor"
              + eligibility(each.eligibility())
              + " w"
              + each.weight()
              + "="
              + each.targetMillionths());
    }
    return world.frozen ? lines.add("frozen").toString() : lines.toString();
  }

  private static String config(PlacementConfig config) {
    StringBuilder text = new StringBuilder("config saturation=");
    text.append(config.saturationMillionths() / 1e6);
    text.append(" spread=").append(config.spread().name().toLowerCase(Locale.ROOT));
    text.append(config.factorMode() == FactorMode.SMOOTH ? " smooth" : "");
    if (!config.maxPerDomain().isEmpty()) {
      text.append(" limits=")
          .append(config.maxPerDomain().toString().replaceAll("[{} ]", "").replace('=', ':'));
    }
    MovementBudget budget = config.budget();
    if (!budget.isUnlimited()) {
      long[] bounds = {
        budget.bytes(), budget.replicas(), budget.workerInBytes(), budget.workerOutBytes()
      };
      StringJoiner all = new StringJoiner(",", " budget=", "");
      Arrays.stream(bounds).forEach(it -> all.add(it == Long.MAX_VALUE ? "-" : "" + it));
      text.append(all);
    }
    return text.toString();
  }

  private static String worker(World world, int position) {
    Worker worker = world.workers.get(position);
    StringBuilder text = new StringBuilder("worker ").append(worker.capacityBytes());
    if (!worker.zone().equals(worker.id().value())) {
      text.append(" z=").append(worker.zone());
    }
    text.append(eligibility(new Eligibility(worker.version(), worker.labels())));
    text.append(worker.isLimited() ? " n=" + worker.maxReplicas() : "");
    if (worker.status() != WorkerStatus.ACTIVE) {
      text.append(' ').append(worker.status().name().toLowerCase(Locale.ROOT));
    }
    text.append(world.avoided.contains(position) ? " avoided" : "");
    int id = Integer.parseInt(worker.id().value().substring(1));
    return text.append(id == position ? "" : " #" + id).toString();
  }

  private static String eligibility(Eligibility eligibility) {
    String version =
        eligibility.minVersion().equals(WorkerVersion.ZERO)
            ? ""
            : " v=" + eligibility.minVersion().major();
    String labels = String.join(",", eligibility.requiredLabels().sorted());
    return version + (labels.isEmpty() ? "" : " l=" + labels);
  }

  private static String kind(World.Piece piece) {
    String bits = piece.bits == World.SEEN ? " seen" : piece.bits == 0 ? "" : " b=" + piece.bits;
    String cap =
        piece.cap == WeightPolicy.UNCAPPED
            ? ""
            : piece.cap == WeightPolicy.AT_FLOOR ? " cap=floor" : " cap=" + piece.cap;
    return bits
        + " f"
        + piece.floor
        + (piece.weight == 1 ? "" : " w" + piece.weight)
        + cap
        + eligibility(piece.eligibility)
        + (piece.admitted == 0 ? "" : " t" + piece.admitted)
        + (piece.recentlyLost == 0 ? "" : " lost" + piece.recentlyLost);
  }

  private static String chunk(World.Piece piece, int position) {
    StringJoiner held = new StringJoiner(",", "@", "").setEmptyValue("");
    piece.held.forEach(
        (worker, bits) -> held.add(bits == World.HELD ? "" + worker : worker + ":" + bits));
    int number = 0;
    while (piece.hash != Avalanche.of(number + 1)) {
      number++;
    }
    return piece.size + held.toString() + (number == position ? "" : "#" + number);
  }

  /** Reads a kept counterexample of {@code worlds.txt}, where a line with its name begins it. */
  static World named(String name) {
    try (InputStream file = WorldText.class.getResourceAsStream("worlds.txt")) {
      String all = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
      int begin = all.indexOf("== " + name + "\n");
      int end = all.indexOf("\n\n", begin);
      return parse(all.substring(all.indexOf('\n', begin), end < 0 ? all.length() : end));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static World parse(String text) {
    World world = new World();
    Map<String, List<String>> kinds = new TreeMap<>();
    for (String line : text.strip().split("\n")) {
      List<String> words = List.of(line.strip().split(" "));
      List<String> rest = words.subList(1, words.size());
      switch (words.get(0)) {
        case "config" -> readConfig(world, rest);
        case "worker" -> readWorker(world, rest);
        case "kind" -> kinds.put(rest.get(0), rest.subList(1, rest.size()));
        case "chunks" -> rest.forEach(each -> readChunk(world, kinds, each));
        case "pin" -> world.pins.add(numbers(rest.get(0)));
        case "ban" -> world.bans.add(numbers(rest.get(0)));
        case "intent" -> world.intents.add(numbers(rest.get(0)));
        case "score" -> world.scores.add(numbers(rest.get(0)));
        case "wait" -> world.waits.add(numbers(rest.get(0)));
        case "debt" -> world.debt = Long.parseLong(rest.get(0));
        case "side" -> world.sides.add(Arrays.stream(numbers(rest.get(0))).boxed().toList());
        case "factor" -> readFactor(world, rest);
        case "frozen" -> world.frozen = true;
        default -> throw new IllegalArgumentException(line);
      }
    }
    return world;
  }

  private static int[] numbers(String text) {
    return Arrays.stream(text.split("\\D")).mapToInt(Integer::parseInt).toArray();
  }

  /** The words that begin with a prefix, without it. */
  private static void each(List<String> words, String prefix, Consumer<String> reader) {
    words.stream()
        .filter(word -> word.startsWith(prefix))
        .forEach(word -> reader.accept(word.substring(prefix.length())));
  }

  private static void readConfig(World world, List<String> words) {
    PlacementConfig.Builder config = PlacementConfig.builder();
    each(words, "saturation=", word -> config.saturation(Double.parseDouble(word)));
    each(words, "spread=", word -> config.spread(Spread.valueOf(word.toUpperCase(Locale.ROOT))));
    each(words, "smooth", word -> config.factorMode(FactorMode.SMOOTH));
    each(
        words,
        "limits=",
        word -> {
          Map<Integer, Integer> limits = new TreeMap<>();
          for (String limit : word.split(",")) {
            limits.put(numbers(limit)[0], numbers(limit)[1]);
          }
          config.maxPerDomain(limits);
        });
    each(
        words,
        "budget=",
        word -> {
          long[] bounds =
              Arrays.stream(word.split(","))
                  .mapToLong(it -> it.equals("-") ? Long.MAX_VALUE : Long.parseLong(it))
                  .toArray();
          config.budget(new MovementBudget(bounds[0], bounds[1], bounds[2], bounds[3]));
        });
    world.config = config.build();
  }

  private static Eligibility readEligibility(List<String> words) {
    WorkerVersion[] version = {WorkerVersion.ZERO};
    Labels[] labels = {Labels.NONE};
    each(words, "v=", word -> version[0] = new WorkerVersion(Integer.parseInt(word), 0, 0));
    each(words, "l=", word -> labels[0] = Labels.of(word.split(",")));
    return new Eligibility(version[0], labels[0]);
  }

  private static void readWorker(World world, List<String> words) {
    int position = world.workers.size();
    String[] id = {"" + position};
    each(words, "#", word -> id[0] = word);
    WorkerId name = Fleets.worker(Integer.parseInt(id[0]), 0).id();
    Worker[] worker = {Worker.of(name, Long.parseLong(words.get(0)))};
    Eligibility own = readEligibility(words);
    worker[0] = worker[0].withVersion(own.minVersion()).withLabels(own.requiredLabels());
    each(words, "z=", word -> worker[0] = worker[0].withZone(word));
    each(words, "n=", word -> worker[0] = worker[0].withMaxReplicas(Integer.parseInt(word)));
    for (WorkerStatus status : WorkerStatus.values()) {
      each(
          words,
          status.name().toLowerCase(Locale.ROOT),
          word -> worker[0] = worker[0].withStatus(status));
    }
    each(words, "avoided", word -> world.avoided.add(position));
    world.workers.add(worker[0]);
  }

  private static void readChunk(World world, Map<String, List<String>> kinds, String word) {
    String[] numbered = word.split("#");
    String[] held = numbered[0].substring(1).split("@");
    int number = numbered.length > 1 ? Integer.parseInt(numbered[1]) : world.chunks.size();
    World.Piece piece = new World.Piece(Avalanche.of(number + 1), Long.parseLong(held[0]));
    world.chunks.add(piece);
    for (String holder : held.length > 1 ? held[1].split(",") : new String[0]) {
      int[] each = numbers(holder);
      piece.held.put(each[0], each.length > 1 ? each[1] : World.HELD);
    }
    List<String> words = Objects.requireNonNull(kinds.get(word.substring(0, 1)), word);
    piece.eligibility = readEligibility(words);
    each(words, "seen", it -> piece.bits = World.SEEN);
    each(words, "b=", it -> piece.bits = Integer.parseInt(it));
    each(words, "f", it -> piece.floor = Integer.parseInt(it));
    each(words, "w", it -> piece.weight = Integer.parseInt(it));
    each(words, "t", it -> piece.admitted = Integer.parseInt(it));
    each(words, "lost", it -> piece.recentlyLost = Integer.parseInt(it));
    each(
        words,
        "cap=",
        it -> piece.cap = it.equals("floor") ? WeightPolicy.AT_FLOOR : Integer.parseInt(it));
  }

  private static void readFactor(World world, List<String> words) {
    each(
        words,
        "w",
        word -> {
          String[] factor = word.split("=");
          int weight = Integer.parseInt(factor[0]);
          Eligibility eligibility = readEligibility(words);
          long target = Long.parseLong(factor[1]);
          world.previous.add(
              new PoolFactor(weight, PoolKey.of(eligibility), 1, WeightPolicy.UNCAPPED, target, 1));
        });
  }
}
