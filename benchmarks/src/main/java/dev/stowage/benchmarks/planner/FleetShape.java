package dev.stowage.benchmarks.planner;

import dev.stowage.benchmarks.peers.Assignment;
import dev.stowage.benchmarks.peers.PeerEvent;
import dev.stowage.benchmarks.peers.PlacementProblem;
import dev.stowage.benchmarks.peers.ProblemChunks;
import dev.stowage.benchmarks.peers.ProblemFleet;
import dev.stowage.benchmarks.peers.ProblemTargets;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.Spread;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A kind of fleet, and its problems from scratch and after each event.
 *
 * @param chunks the chunks that are there, and behind them those that come with {@link
 *     PeerEvent#GROWTH}
 * @param count how many are there
 * @param workers how many workers are there; the next one comes with {@link PeerEvent#JOIN}
 * @param worker the worker of a number
 * @param floor the floor of every chunk
 * @param saturationMillionths the share of the fleet's bytes that weights may spend
 * @param rules the rules of the fleet
 */
record FleetShape(
    ProblemChunks chunks,
    int count,
    int workers,
    IntFunction<Worker> worker,
    int floor,
    int saturationMillionths,
    UnaryOperator<PlacementConfig.Builder> rules) {
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;
  private static final long CHUNK_BYTES = 100 * MIB;
  private static final int SATURATION = 950_000;

  /** Those of the published workload: chunks, workers, GiB of a worker, floor, weights. */
  private static final Map<String, int[]> PUBLISHED =
      new TreeMap<>(
          Map.of(
              "10k50", new int[] {10_000, 50, 72, 3, 1},
              "r3", new int[] {100_000, 200, 180, 3, 1},
              "500k2000", new int[] {500_000, 2_000, 90, 3, 1},
              "1m2000", new int[] {1_000_000, 2_000, 180, 3, 1},
              "10k", new int[] {10_000, 100, 240, 2, 1, 6, 24},
              "100k", new int[] {100_000, 500, 480, 2, 1, 6, 24},
              "500k", new int[] {500_000, 2_000, 600, 2, 1, 6, 24},
              "1m", new int[] {1_000_000, 2_000, 1_200, 2, 1, 6, 24}));

  /**
   * Returns the shape of a name: one of the published workload, {@code capacities}, {@code
   * debian12}, {@code full970}, {@code full990}, {@code full995}, {@code deferred}, {@code levels},
   * {@code limits}, or {@code tiny} for tests.
   *
   * @throws IllegalArgumentException if there is none
   */
  static FleetShape of(String name) {
    int[] published = PUBLISHED.get(name);
    if (published != null) {
      return published(published);
    }
    return switch (name) {
      case "capacities" ->
          equal(100_000, 102_000, 200, capacities(77 * GIB, 154 * GIB, 308 * GIB), SATURATION);
      case "debian12" -> debian12();
      case "full970", "full990", "full995" -> full(Integer.parseInt(name.substring(4)));
      case "deferred" -> equal(100_000, 110_000, 200, capacities(1_500 * CHUNK_BYTES), 1_000_000);
      case "levels" -> levels(false);
      case "limits" -> levels(true);
      case "tiny" -> equal(120, 122, 12, capacities(45 * CHUNK_BYTES), 700_000);
      default -> throw new IllegalArgumentException("no shape is called " + name);
    };
  }

  private static FleetShape published(int... of) {
    int[] weights = Arrays.copyOfRange(of, 4, of.length);
    int all = of[0] + of[0] / 50;
    ProblemChunks chunks =
        new ProblemChunks(
            filled(all),
            IntStream.range(0, all).map(i -> weights[i % weights.length]).toArray(),
            FleetShape::key);
    IntFunction<Worker> worker =
        i -> Worker.of(WorkerId.of("002408011220" + Corpus.publishedWorker(i)), of[2] * GIB);
    return new FleetShape(
        chunks, of[0], of[1], worker, of[3], SATURATION, UnaryOperator.identity());
  }

  private static ChunkKey key(int chunk) {
    return ChunkKey.of("s3://bench-dataset-0", Corpus.publishedChunk(chunk));
  }

  private static long[] filled(int count) {
    long[] bytes = new long[count];
    Arrays.fill(bytes, CHUNK_BYTES);
    return bytes;
  }

  private static int[] ones(int count) {
    int[] weights = new int[count];
    Arrays.fill(weights, 1);
    return weights;
  }

  /** Returns workers of these capacities in turn. */
  private static IntFunction<Worker> capacities(long... bytes) {
    return i -> Worker.of(WorkerId.of(Corpus.id("worker-", 5, i)), bytes[i % bytes.length]);
  }

  /** Returns chunks of one size, three times each. */
  private static FleetShape equal(
      int count, int all, int workers, IntFunction<Worker> worker, int saturation) {
    ProblemChunks chunks = new ProblemChunks(filled(all), ones(all), FleetShape::key);
    return new FleetShape(chunks, count, workers, worker, 3, saturation, UnaryOperator.identity());
  }

  /** Returns 10,000 chunks of 10 to 500 MiB, three times, on 50 workers that they fill so far. */
  private static FleetShape full(int perMille) {
    long[] bytes =
        IntStream.range(0, 10_000)
            .mapToLong(i -> (10 + Long.remainderUnsigned(Corpus.mix(i), 491)) * MIB)
            .toArray();
    long unit = Arrays.stream(bytes).sum() * 3 / perMille * 1_000 / (16 * 7 + 3) / MIB * MIB;
    ProblemChunks chunks = new ProblemChunks(bytes, ones(bytes.length), FleetShape::key);
    IntFunction<Worker> worker = capacities(unit, 2 * unit, 4 * unit);
    return new FleetShape(chunks, bytes.length, 50, worker, 3, 1_000_000, UnaryOperator.identity());
  }

  /**
   * Returns 100,000 chunks three times on 200 workers in four regions, the largest with two fifths
   * of all workers, with halls and racks of unequal sizes.
   */
  private static FleetShape levels(boolean isLimited) {
    int workers = 200;
    IntFunction<Worker> plain = capacities(3_000 * CHUNK_BYTES);
    IntFunction<Worker> worker =
        i -> {
          int region = i * 10 < 4 * workers ? 0 : 1 + i % 3;
          Worker zoned = plain.apply(i).withZone("r" + region + "/h" + i % 7 / 2 + "/k" + i % 11);
          return isLimited ? zoned.withMaxReplicas(1_500 * (2 + i % 2)) : zoned;
        };
    FleetShape shape = equal(100_000, 102_000, workers, worker, 510_000);
    Map<Integer, Integer> limits = new TreeMap<>();
    if (isLimited) {
      limits.put(1, 2);
      limits.put(3, 1);
    }
    return new FleetShape(
        shape.chunks,
        shape.count,
        workers,
        worker,
        shape.floor,
        shape.saturationMillionths,
        rules -> rules.spread(Spread.ZONE).maxPerDomain(limits));
  }

  /** Returns Debian 12 on 60 workers of 4, 8 and 16 GiB, weights by priority, floor 2. */
  private static FleetShape debian12() {
    List<Chunk> packages =
        Corpus.debian12().chunks().stream()
            .sorted(
                Comparator.comparing((Chunk chunk) -> chunk.key().dataset())
                    .thenComparingLong(chunk -> chunk.range().first())
                    .thenComparing(Chunk::key))
            .toList();
    ProblemChunks chunks =
        new ProblemChunks(
            packages.stream().mapToLong(Chunk::sizeBytes).toArray(),
            packages.stream().mapToInt(chunk -> chunk.weight().orElse(1)).toArray(),
            i -> packages.get(i).key());
    IntFunction<Worker> worker = capacities(4 * GIB, 8 * GIB, 16 * GIB);
    return new FleetShape(
        chunks, packages.size(), 60, worker, 2, 900_000, UnaryOperator.identity());
  }

  /** Returns the problem from scratch; of one replica for a planner that knows no more. */
  PlacementProblem scratch(boolean isSingle) {
    ProblemChunks there = chunks.first(count);
    ProblemFleet fleet = ProblemFleet.of(fleetAfter(PeerEvent.SCRATCH));
    ProblemTargets targets =
        isSingle
            ? ProblemTargets.single()
            : ProblemTargets.published(floor, saturationMillionths, there, fleet);
    return new PlacementProblem(PeerEvent.SCRATCH, there, fleet, targets, rules, null);
  }

  /** Returns the problem of an event on top of the solution of the problem from scratch. */
  PlacementProblem after(PeerEvent event, PlacementProblem scratch, Assignment placed) {
    return scratch.after(
        event,
        event == PeerEvent.GROWTH ? chunks : scratch.chunks(),
        scratch.fleet().after(fleetAfter(event)),
        placed);
  }

  private List<Worker> fleetAfter(PeerEvent event) {
    return IntStream.range(0, event == PeerEvent.JOIN ? workers + 1 : workers)
        .filter(number -> event != PeerEvent.LEAVE || number != workers / 2)
        .filter(number -> event != PeerEvent.TENTH || number % 10 != 5)
        .mapToObj(worker)
        .sorted(Comparator.comparing(Worker::id))
        .toList();
  }
}
