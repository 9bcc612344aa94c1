package dev.stowage.benchmarks.placement;

import dev.stowage.benchmarks.peers.Assignment;
import dev.stowage.benchmarks.peers.Event;
import dev.stowage.benchmarks.peers.PlacementProblem;
import dev.stowage.benchmarks.peers.PlacementSubject;
import dev.stowage.benchmarks.peers.ProblemChunks;
import dev.stowage.benchmarks.peers.ProblemFleet;
import dev.stowage.benchmarks.peers.ProblemTargets;
import dev.stowage.model.Chunk;
import dev.stowage.sim.tool.catalogue.CatalogueReader;
import dev.stowage.sim.tool.csv.BadInputException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Workloads that the published ones leave out: unequal capacities, unequal sizes, full fleets.
 * Sizes are drawn by the published generator. Events are those of the published workload.
 */
final class MixedWorkload implements Workload {
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  private final ProblemChunks chunks;
  private final ProblemChunks grown;
  private final int workers;

  /** The capacities in bytes; worker j has that at j modulo their number. */
  private final long[] capacityBytes;

  private final int floor;
  private final int saturationMillionths;

  private MixedWorkload(
      ProblemChunks grown, int chunks, long[] fleetBytes, int floor, int saturationMillionths) {
    this.grown = grown;
    this.chunks =
        new ProblemChunks(
            Arrays.copyOf(grown.bytes(), chunks),
            Arrays.copyOf(grown.weight(), chunks),
            grown.key());
    this.floor = floor;
    this.saturationMillionths = saturationMillionths;
    workers = fleetBytes.length;
    capacityBytes = fleetBytes;
  }

  /** Returns the shape of three replicas at 100,000 x 200, with capacities 1 : 2 : 4. */
  static MixedWorkload capacities() {
    long[] fleet = fleet(200, 77 * GIB, 154 * GIB, 308 * GIB);
    return new MixedWorkload(equal(102_000), 100_000, fleet, 3, 950_000);
  }

  /**
   * Returns 10,000 chunks of 10 to 500 MiB three times on 50 workers of capacities 1 : 2 : 4.
   *
   * @param fillPerMille the fill of the fleet when everything is placed, in thousandths
   */
  static MixedWorkload full(int fillPerMille) {
    int count = 10_000;
    long[] bytes = new long[count];
    Arrays.setAll(bytes, i -> (10 + Long.remainderUnsigned(PublishedWorkload.mix(i), 491)) * MIB);
    int[] weights = new int[count];
    Arrays.fill(weights, 1);
    long total = Arrays.stream(bytes).sum() * 3 / fillPerMille * 1000;
    long[] shares = fleet(50, 1, 2, 4);
    long unit = total / Arrays.stream(shares).sum() / MIB * MIB;
    long[] fleet = Arrays.stream(shares).map(share -> share * unit).toArray();
    return new MixedWorkload(
        new ProblemChunks(bytes, weights, PublishedWorkload::chunkKey), count, fleet, 3, 1_000_000);
  }

  /** Returns 100,000 chunks three times on 200 full workers, and 10,000 new chunks. */
  static MixedWorkload deferred() {
    long[] fleet = fleet(200, 1_500 * PublishedWorkload.CHUNK_BYTES);
    return new MixedWorkload(equal(110_000), 100_000, fleet, 3, 1_000_000);
  }

  /** Returns Debian 12 on 60 workers of 4, 8 and 16 GiB, weights by priority, floor 2. */
  static MixedWorkload debian12() {
    List<Chunk> packages;
    try {
      packages =
          CatalogueReader.debian12(Optional.empty()).chunks().stream()
              .sorted(
                  Comparator.comparing((Chunk chunk) -> chunk.key().dataset())
                      .thenComparingLong(chunk -> chunk.range().first())
                      .thenComparing(Chunk::key))
              .toList();
    } catch (BadInputException e) {
      throw new IllegalStateException("the catalogue that is shipped is unreadable", e);
    }
    ProblemChunks catalogue =
        new ProblemChunks(
            packages.stream().mapToLong(Chunk::sizeBytes).toArray(),
            packages.stream().mapToInt(chunk -> chunk.weight().orElse(1)).toArray(),
            number -> packages.get(number).key());
    return new MixedWorkload(
        catalogue, packages.size(), fleet(60, 4 * GIB, 8 * GIB, 16 * GIB), 2, 900_000);
  }

  private static long[] fleet(int workers, long... capacityBytes) {
    return IntStream.range(0, workers)
        .mapToLong(number -> capacityBytes[number % capacityBytes.length])
        .toArray();
  }

  private static ProblemChunks equal(int count) {
    long[] bytes = new long[count];
    int[] weights = new int[count];
    Arrays.fill(bytes, PublishedWorkload.CHUNK_BYTES);
    Arrays.fill(weights, 1);
    return new ProblemChunks(bytes, weights, PublishedWorkload::chunkKey);
  }

  @Override
  public PlacementProblem scratch(PlacementSubject subject) {
    ProblemTargets targets =
        subject.isSingle()
            ? ProblemTargets.single()
            : ProblemTargets.published(floor, saturationMillionths, chunks, capacityBytes);
    int[] all = IntStream.range(0, workers).toArray();
    return new PlacementProblem(
        Event.SCRATCH, chunks, ProblemFleet.of(names(all), capacities(all)), targets, null);
  }

  @Override
  public PlacementProblem after(Event event, PlacementProblem scratch, Assignment placed) {
    int[] left =
        IntStream.range(0, event == Event.JOIN ? workers + 1 : workers)
            .filter(number -> event != Event.LEAVE || number != workers / 2)
            .filter(number -> event != Event.TENTH || number % 10 != 5)
            .toArray();
    return scratch.after(
        event,
        event == Event.GROWTH ? grown : chunks,
        scratch.fleet().after(names(left), capacities(left)),
        placed);
  }

  private static String[] names(int[] numbers) {
    return Arrays.stream(numbers)
        .mapToObj(number -> String.format(Locale.ROOT, "worker-%05d", number))
        .toArray(String[]::new);
  }

  private long[] capacities(int[] numbers) {
    return Arrays.stream(numbers)
        .mapToLong(number -> capacityBytes[number % capacityBytes.length])
        .toArray();
  }
}
