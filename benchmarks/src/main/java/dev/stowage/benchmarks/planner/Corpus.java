package dev.stowage.benchmarks.planner;

import dev.stowage.config.MovementBudget;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.Spread;
import dev.stowage.config.WeightPolicy;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ChunkColumn;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.placement.PlacementInput.PlacementInputBuilder;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.sim.tool.catalogue.CatalogueReader;
import dev.stowage.sim.tool.catalogue.ChunkCatalogue;
import dev.stowage.sim.tool.csv.BadInputException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * Draws fleets and what happens to them, phase by phase. A fleet is called {@code shape/number} and
 * has its own seed. {@code .ci/compare} compiles this file alone against the stowage.jar of two
 * commits, so it uses little of the library.
 */
public final class Corpus {
  /** The shapes of small fleets in which three events are drawn. */
  public static final List<String> SHAPES =
      words(
          "equal equal-tight zones levels limits mixed mixed-tight mixed-limits weights labels"
              + " budget");

  /** The fleets of each small shape in a whole corpus. */
  public static final int DRAWN = 60;

  /** The plans after which a phase that is not at rest is given up. */
  public static final int MOST_PLANS = 40;

  private static final String SLOW = "slow-";
  private static final String ORDINARY = "ordinary-";
  private static final String MIDWAY = "midway-";
  private static final List<String> EVENTS =
      words(
          "leave die join tenth newcomers growth growth-newcomers cut weights limit zone floor-up"
              + " floor-down return");
  private static final int CRAWL = 8;
  private static final long GIB = 1L << 30;

  /**
   * Lists what is there between two events.
   *
   * @param workers in canonical order; one that was there before an earlier phase comes back with
   *     its disk
   * @param chunks in canonical order
   * @param isRaise whether the floor is above that of the phase before
   * @param crawl the plans in which copies and drains take their time; behind them all is instant
   * @param plans the plans after which the next event happens, at rest or not
   */
  public record Phase(
      List<Worker> workers,
      List<Chunk> chunks,
      PlacementConfig rules,
      int floor,
      int cap,
      boolean isRaise,
      int crawl,
      int plans) {
    /** Sorts workers and chunks. */
    public Phase {
      workers = workers.stream().sorted(Worker.CANONICAL_ORDER).toList();
      chunks = chunks.stream().sorted(Chunk.CANONICAL_ORDER).toList();
    }

    /**
     * Returns a builder with all but what earlier plans tell.
     *
     * @param seen the chunks that portals see
     * @param held the replicas of each chunk: the worker's position times 64, and ReplicaBits
     */
    public PlacementInputBuilder input(BitSet seen, int[][] held) {
      PlacementInputBuilder builder = PlacementInput.builder(rules);
      workers.forEach(builder::addWorker);
      for (int at = 0; at < held.length; at++) {
        Chunk chunk = chunks.get(at);
        builder.addChunk(KeyHash.of(chunk.key()), chunk.sizeBytes());
        builder.set(at, ChunkColumn.WEIGHT, chunk.weight().orElse(1));
        builder.set(at, ChunkColumn.FLOOR, floor);
        builder.set(at, ChunkColumn.CAP, cap);
        builder.set(at, ChunkColumn.POOL, builder.pool(PoolKey.of(chunk.eligibility())));
        builder.set(at, ChunkColumn.DATASET, KeyHash.of(chunk.key().dataset()));
        boolean isPossessed = false;
        for (int replica : held[at]) {
          builder.replica(at, replica >> 6, replica & 63);
          isPossessed |= (replica & ReplicaBits.POSSESSED) != 0;
        }
        int bits = seen.get(at) ? ChunkBits.VISIBLE : 0;
        bits |= seen.get(at) || held[at].length > 0 ? ChunkBits.ESTABLISHED : 0;
        bits |= seen.get(at) || isPossessed ? ChunkBits.ONCE_POSSESSED : 0;
        builder.bits(at, bits | (isRaise && seen.get(at) ? ChunkBits.RAISING : 0));
      }
      return builder;
    }
  }

  /** A fleet whose phases are being told. */
  private static final class Story {
    final SplittableRandom chance;
    final List<Phase> phases = new ArrayList<>();
    List<Worker> workers = new ArrayList<>();
    List<Chunk> chunks = new ArrayList<>();
    PlacementConfig.Builder rules = PlacementConfig.builder();
    int floor = 1;
    int cap;
    boolean isRaise;
    int crawl;

    Story(String shape, int number) {
      chance = new SplittableRandom(shape.hashCode() * 1_000_003L + number);
    }

    void rest() {
      happen(MOST_PLANS);
    }

    void happen(int plans) {
      PlacementConfig config = rules.build();
      phases.add(new Phase(workers, chunks, config, floor, cap, isRaise, crawl, plans));
    }

    void change(int worker, UnaryOperator<Worker> change) {
      workers.set(worker, change.apply(workers.get(worker)));
    }

    void cut(int worker, int percent) {
      change(worker, it -> it.withCapacityBytes(Math.max(1, it.capacityBytes() * percent / 100)));
    }

    long bytes() {
      return chunks.stream().mapToLong(Chunk::sizeBytes).sum() * floor;
    }
  }

  private Corpus() {}

  private static List<String> words(String text) {
    return List.of(text.split(" ", -1));
  }

  /** Returns the names of fleets: so many of each small shape, large ones in a whole corpus. */
  public static List<String> names(int drawn) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    SHAPES.forEach(shape -> counts.put(shape, drawn));
    SHAPES.forEach(shape -> counts.put(SLOW + shape, drawn / 6));
    List.of("bonus", "midway-return", "midway-join", "midway-drain")
        .forEach(shape -> counts.put(shape, drawn / 4));
    EVENTS.forEach(event -> counts.put(ORDINARY + event, drawn / 5));
    if (drawn >= DRAWN) {
      counts.put("published-10k-100", 4);
      counts.put("published-100k-200", 4);
      counts.put("debian12", 1);
    }
    List<String> names = new ArrayList<>();
    counts.forEach((shape, count) -> {
      for (int at = 0; at < Math.max(1, count); at++) {
        names.add(shape + "/" + id("", 4, at));
      }
    });
    return names;
  }

  /** Returns the phases of the fleet of a name. */
  public static List<Phase> fleet(String name) {
    int slash = name.indexOf('/');
    String shape = name.substring(0, slash);
    int number = Integer.parseInt(name.substring(slash + 1));
    Story story = new Story(shape, number);
    if (shape.startsWith("published")) {
      published(story, shape.endsWith("200"), number);
    } else if (shape.equals("debian12")) {
      debian12(story);
    } else if (shape.startsWith(ORDINARY) || shape.startsWith(MIDWAY)) {
      ordinary(story, shape.substring(shape.indexOf('-') + 1), number, shape.startsWith(MIDWAY));
    } else {
      boolean isSlow = shape.startsWith(SLOW);
      story.crawl = isSlow ? CRAWL : 0;
      drawn(story, isSlow ? shape.substring(SLOW.length()) : shape, number);
    }
    return story.phases;
  }

  /** Reports whether exactness is promised of a shape. */
  public static boolean isOrdinary(String shape) {
    return shape.startsWith(ORDINARY) || shape.startsWith("published");
  }

  private static void drawn(Story story, String shape, int number) {
    SplittableRandom chance = story.chance;
    boolean tight = shape.endsWith("tight") || chance.nextInt(4) == 0;
    boolean limited = shape.endsWith("limits");
    boolean large = number % 10 == 0;
    int count = large ? 20 + chance.nextInt(40) : 3 + chance.nextInt(16);
    int chunks = large ? 500 + chance.nextInt(1_500) : 5 + chance.nextInt(95);
    int floor = 1 + chance.nextInt(Math.min(3, count));
    story.floor = floor;
    grow(story, shape, chunks);
    double fill = tight ? 0.9 + chance.nextInt(14) / 100.0 : 0.4 + chance.nextInt(40) / 100.0;
    long each = Math.max(1, (long) (story.bytes() / fill / count));
    int zones = 2 + chance.nextInt(4);
    for (int at = 0; at < count; at++) {
      long capacity = isEqual(shape) ? each : Math.max(1, each * (1 + chance.nextInt(4)) * 2 / 5);
      int most =
          limited && chance.nextInt(3) == 0
              ? Math.max(1, chunks * floor / count + chance.nextInt(5) - 1)
              : Worker.UNLIMITED;
      story.workers.add(worker(shape, chance, at, capacity, zones).withMaxReplicas(most));
    }
    rules(story, shape, each);
    story.rest();
    for (int event = 0; event < 3; event++) {
      int at = chance.nextInt(story.workers.size());
      switch (shape.equals("bonus") ? new int[] {1, 0, 4}[event] : chance.nextInt(5)) {
        case 0 -> story.change(at, it -> it.withStatus(WorkerStatus.LEAVING));
        case 1 -> {
          if (story.workers.size() > 2) {
            story.workers.remove(at);
          }
        }
        case 2 -> story.workers.add(worker(shape, chance, 1_000 + event, each, zones));
        case 3 -> story.cut(at, 60 + chance.nextInt(35));
        default -> grow(story, shape, 1 + story.chunks.size() / 10);
      }
      story.rest();
    }
  }

  private static void rules(Story story, String shape, long each) {
    if (shape.equals("weights") || shape.equals("bonus")) {
      story.cap = WeightPolicy.UNCAPPED;
      story.rules.saturation(shape.equals("bonus") ? 0.98 : 0.8);
    }
    if (shape.endsWith("limits")) {
      int most = Math.max(1, (story.floor + 1) / 2 + story.chance.nextInt(2));
      story.rules.maxPerDomain(Map.of(1, most));
    }
    if (shape.equals("budget")) {
      long bytes = Math.max(1, each / (2 + story.chance.nextInt(4)));
      story.rules.budget(MovementBudget.ofBytes(bytes));
    }
  }

  /** Reports whether all chunks of a shape have one size. */
  private static boolean isEqual(String shape) {
    return shape.startsWith("equal") || List.of("zones", "levels", "limits").contains(shape);
  }

  private static Worker worker(
      String shape, SplittableRandom chance, int at, long capacity, int zones) {
    boolean levels = shape.equals("levels") || shape.endsWith("limits");
    String zone = shape.equals("zones") || levels ? "z" + at % zones : "";
    zone += levels ? "/r" + at / zones % 3 : "";
    boolean labelled = shape.equals("labels");
    Labels labels = labelled && chance.nextInt(3) > 0 ? Labels.of("ssd") : Labels.NONE;
    int version = labelled && chance.nextInt(2) == 0 ? 2 : 1;
    return worker(at, capacity, zone)
        .withLabels(labels)
        .withVersion(new WorkerVersion(version, 0, 0));
  }

  private static void grow(Story story, String shape, int count) {
    SplittableRandom chance = story.chance;
    int from = story.chunks.size();
    for (int at = from; at < from + count; at++) {
      long bytes =
          isEqual(shape)
              ? 1_000
              : 1 + (chance.nextInt(3) == 0 ? chance.nextInt(5_000) : chance.nextInt(500));
      boolean isWeighted = shape.equals("weights") || shape.equals("bonus");
      int weight = isWeighted ? new int[] {1, 1, 2, 6, 24}[chance.nextInt(5)] : 1;
      boolean labelled = shape.equals("labels");
      Labels labels = labelled && chance.nextInt(5) == 0 ? Labels.of("ssd") : Labels.NONE;
      int version = labelled && chance.nextInt(5) == 0 ? 2 : 0;
      story.chunks.add(
          chunk("d", id("c", 6, at), at, bytes, weight)
              .withEligibility(new Eligibility(new WorkerVersion(version, 0, 0), labels)));
    }
  }

  private static Chunk chunk(String dataset, String id, int at, long bytes, int weight) {
    return Chunk.of(ChunkKey.of(dataset, id), BlockRange.of(10L * at, 10L * at + 9), bytes)
        .withWeight(weight);
  }

  /** Tells of 16 to 60 workers with room and without odd sizes, to which one thing happens. */
  private static void ordinary(Story story, String event, int number, boolean isMidway) {
    SplittableRandom chance = story.chance;
    boolean isEqual = number % 2 == 0;
    boolean isZoneLost = event.equals("zone") || event.equals("limit");
    int count = 16 + chance.nextInt(45);
    int zones = isZoneLost || number % 4 > 1 ? 3 + chance.nextInt(3) + (isZoneLost ? 1 : 0) : 0;
    double fill = 0.45 + chance.nextInt(isZoneLost ? 15 : 36) / 100.0;
    story.floor = 3;
    datasets(story, 400 + chance.nextInt(1_601), isEqual);
    long each = (long) (story.bytes() / fill / count);
    for (int at = 0; at < count; at++) {
      story.workers.add(mirror(at, isEqual ? each : each * (1L << at % 3) * 3 / 7, zones));
    }
    story.floor = event.equals("floor-up") ? 2 : 3;
    story.cap = event.equals("weights") ? 6 : 0;
    story.rules.spread(event.equals("limit") ? Spread.NONE : Spread.ZONE);
    story.rest();
    story.crawl = isMidway ? CRAWL : 0;
    int at = chance.nextInt(count);
    Worker one = story.workers.get(at);
    switch (event) {
      case "leave", "drain" -> story.change(at, it -> it.withStatus(WorkerStatus.LEAVING));
      case "die", "return" -> story.workers.remove(at);
      case "tenth" -> story.workers.removeIf(it -> story.workers.indexOf(it) % 10 == 5);
      case "cut" -> story.cut(at, 60 + chance.nextInt(31));
      case "limit" -> story.rules.maxPerDomain(Map.of(1, 1));
      case "zone" -> story.workers.removeIf(it -> it.zone().equals("z0"));
      case "floor-up" -> story.isRaise = story.floor++ > 0;
      case "floor-down" -> story.floor--;
      case "weights" ->
          story.chunks.replaceAll(it -> chance.nextInt(10) > 0 ? it : it.withWeight(6));
      default -> {
        int newcomers = event.equals("growth") ? 0 : event.equals("join") && !isMidway ? 1 : 3;
        for (int next = count; next < count + newcomers; next++) {
          story.workers.add(mirror(next, each, zones));
        }
        datasets(story, event.startsWith("growth") ? story.chunks.size() / 10 : 0, isEqual);
      }
    }
    story.happen(isMidway ? 3 : MOST_PLANS);
    if (event.equals("return")) {
      story.workers.add(one);
      story.rest();
    } else if (isMidway) {
      boolean isDrain = event.equals("drain");
      for (int undone = isDrain ? at : count; undone < story.workers.size(); undone++) {
        WorkerStatus then = isDrain ? WorkerStatus.ACTIVE : WorkerStatus.LEAVING;
        story.change(undone, it -> it.withStatus(then));
      }
      story.rest();
    }
  }

  private static Worker mirror(int at, long capacity, int zones) {
    String zone = zones > 0 ? "z" + at % zones : "";
    return worker(at, capacity, zone);
  }

  private static Worker worker(int at, long capacity, String zone) {
    Worker worker = Worker.of(WorkerId.of(id("w", 4, at)), capacity);
    return zone.isEmpty() ? worker : worker.withZone(zone);
  }

  /** Adds chunks of four datasets, whose sizes differ 16 times at most. */
  private static void datasets(Story story, int count, boolean isEqual) {
    int from = story.chunks.size();
    for (int at = from; at < from + count; at++) {
      long bytes = isEqual ? 8_000 : 1_000 + story.chance.nextInt(15_000);
      story.chunks.add(chunk("d" + at % 4, id("c", 6, at), at, bytes, 1));
    }
  }

  /** Tells of the workload of a published planner and one of four events. */
  private static void published(Story story, boolean isLarge, int event) {
    int count = isLarge ? 100_000 : 10_000;
    int workers = isLarge ? 200 : 100;
    int[] weights = isLarge ? new int[] {1} : new int[] {1, 6, 24};
    for (int at = 0; at < count + (event == 0 ? count / 50 : 0); at++) {
      story.chunks.add(
          chunk("d", publishedChunk(at), at, 104_857_600L, weights[at % weights.length]));
    }
    for (int at = 0; at <= workers; at++) {
      WorkerId id = WorkerId.of(publishedWorker(at));
      story.workers.add(Worker.of(id, (isLarge ? 180 : 240) * GIB));
    }
    List<Chunk> all = story.chunks;
    Worker next = story.workers.remove(workers);
    story.floor = isLarge ? 3 : 2;
    story.cap = isLarge ? 0 : WeightPolicy.UNCAPPED;
    story.rules.spread(Spread.NONE);
    story.chunks = all.subList(0, count);
    story.rest();
    switch (event) {
      case 0 -> story.chunks = all;
      case 1 -> story.workers.remove(workers / 2);
      case 2 -> story.workers.add(next);
      default -> {
        List<Worker> usual = List.copyOf(story.workers);
        story.workers.removeIf(it -> usual.indexOf(it) % 10 == 5);
      }
    }
    story.rest();
  }

  /** Tells what the demo tells, of every package of Debian 12 and without a cap on weights. */
  private static void debian12(Story story) {
    ChunkCatalogue catalogue = debian12();
    story.chunks.addAll(catalogue.chunks());
    for (int at = 0; at < 60; at++) {
      story.workers.add(rack(at, (4L << at % 3) * GIB));
    }
    story.floor = 2;
    story.cap = WeightPolicy.UNCAPPED;
    story.rules.saturation(0.9).maxPerDomain(Map.of(2, 2));
    story.rest();
    Set<ChunkKey> replaced = new HashSet<>();
    catalogue.corrections().forEach(each -> replaced.add(each.replaced()));
    catalogue.corrections().forEach(each -> story.chunks.add(each.replacement()));
    story.rest();
    story.chunks.removeIf(chunk -> replaced.contains(chunk.key()));
    story.rest();
    story.workers.remove(41);
    story.rest();
    Worker away = story.workers.remove(23);
    story.rest();
    story.workers.add(away);
    story.rest();
    story.workers.add(rack(60, 8 * GIB));
    story.workers.add(rack(61, 8 * GIB));
    story.rest();
    story.cut(11, 50);
    story.rest();
  }

  private static Worker rack(int at, long capacity) {
    return worker(at, capacity, "zone-" + at % 4 + "/rack-" + at / 4 % 5);
  }

  /** Returns the catalogue of Debian 12 that is shipped. */
  static ChunkCatalogue debian12() {
    try {
      return CatalogueReader.debian12(Optional.empty());
    } catch (BadInputException e) {
      throw new IllegalStateException("the catalogue that is shipped is unreadable", e);
    }
  }

  /** Returns the id of a published chunk, without its dataset. */
  static String publishedChunk(int number) {
    return String.format(Locale.ROOT, "0000000000/%010d-%010d-%08x", number, number + 1, number);
  }

  /** Returns the drawn part of the id of a published worker, in hexadecimal. */
  static String publishedWorker(int number) {
    StringBuilder id = new StringBuilder();
    for (int part = 0; part < 4; part++) {
      long word = Long.reverseBytes(mix(0xA5A5_0000_0000L + 4L * number + part));
      id.append(String.format(Locale.ROOT, "%016x", word));
    }
    return id.toString();
  }

  static String id(String prefix, int digits, int number) {
    return String.format(Locale.ROOT, "%s%0" + digits + "d", prefix, number);
  }

  /** Mixes a number, as the published generator does (splitmix64). */
  public static long mix(long x) {
    long z = x + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
