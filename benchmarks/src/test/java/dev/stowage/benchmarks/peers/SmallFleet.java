package dev.stowage.benchmarks.peers;

import dev.stowage.model.ChunkKey;
import java.util.Arrays;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Problems that a test can look at: equal chunks of 100 MiB, workers {@code w00} and so on. */
final class SmallFleet {
  static final long CHUNK = 100L << 20;

  private SmallFleet() {}

  static PlacementProblem scratch(int chunks, int workers, int replicas) {
    long room = chunks * replicas * CHUNK * 3 / 2 / workers;
    TreeMap<Integer, Integer> byWeight = new TreeMap<>();
    byWeight.put(1, replicas);
    return new PlacementProblem(
        Event.SCRATCH,
        catalogue(chunks),
        fleet(room, IntStream.range(0, workers).toArray()),
        new ProblemTargets(replicas, (replicas * 2 + 1) * 1_000_000 / (replicas * 3), byWeight),
        null);
  }

  static PlacementProblem after(Event event, PlacementProblem scratch, Assignment placed) {
    int workers = scratch.fleet().count();
    int chunks = scratch.chunks().count();
    int[] left =
        switch (event) {
          case JOIN -> IntStream.rangeClosed(0, workers).toArray();
          case LEAVE -> IntStream.range(0, workers).filter(w -> w != workers / 2).toArray();
          case TENTH -> IntStream.range(0, workers).filter(w -> w % 10 != 5).toArray();
          default -> IntStream.range(0, workers).toArray();
        };
    ProblemFleet there = fleet(scratch.fleet().capacityBytes()[0], left);
    return scratch.after(
        event,
        catalogue(event == Event.GROWTH ? chunks + chunks / 50 : chunks),
        scratch.fleet().after(there.names(), there.capacityBytes()),
        placed);
  }

  private static ProblemFleet fleet(long capacityBytes, int[] numbers) {
    String[] names =
        Arrays.stream(numbers)
            .mapToObj(number -> String.format(Locale.ROOT, "w%02d", number))
            .toArray(String[]::new);
    long[] capacities = new long[names.length];
    Arrays.fill(capacities, capacityBytes);
    return ProblemFleet.of(names, capacities);
  }

  private static ProblemChunks catalogue(int count) {
    long[] bytes = new long[count];
    int[] weights = new int[count];
    Arrays.fill(bytes, CHUNK);
    Arrays.fill(weights, 1);
    return new ProblemChunks(
        bytes, weights, chunk -> ChunkKey.of("s3://d", String.format(Locale.ROOT, "c%06d", chunk)));
  }
}
