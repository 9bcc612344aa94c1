package dev.stowage.benchmarks.placement;

import dev.stowage.benchmarks.peers.Assignment;
import dev.stowage.benchmarks.peers.Event;
import dev.stowage.benchmarks.peers.PlacementProblem;
import dev.stowage.benchmarks.peers.PlacementSubject;
import dev.stowage.benchmarks.peers.ProblemChunks;
import dev.stowage.benchmarks.peers.ProblemFleet;
import dev.stowage.benchmarks.peers.ProblemTargets;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.ChunkBits;
import dev.stowage.placement.ChunkColumn;
import dev.stowage.placement.KeyHash;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInputBuilder;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PoolFactor;
import dev.stowage.placement.ReplicaBits;
import dev.stowage.placement.WeightPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Generates the published workload exactly (published figures, "Workload, exactly"). Worker ids are
 * 38 raw bytes there; here they are those bytes in hexadecimal, which sort alike.
 */
final class PublishedWorkload implements Workload {
  static final long CHUNK_BYTES = 104_857_600;
  private static final String DATASET = "s3://bench-dataset-0";
  private static final int HELD =
      ReplicaBits.ASSIGNED | ReplicaBits.POSSESSED | ReplicaBits.ROUTED | ReplicaBits.READABLE;

  private final PublishedShape shape;
  private final int threads;

  /** The generation number of each worker, in the order of their ids. */
  private final int[] fleet;

  PublishedWorkload(PublishedShape shape, int threads) {
    this.shape = shape;
    this.threads = threads;
    fleet = sortedFleet(shape.workers());
  }

  static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  static ChunkKey chunkKey(int number) {
    return ChunkKey.of(
        DATASET,
        String.format(Locale.ROOT, "0000000000/%010d-%010d-%08x", number, number + 1, number));
  }

  static WorkerId workerId(int number) {
    StringBuilder id = new StringBuilder("002408011220");
    for (int k = 0; k < 4; k++) {
      long word = Long.reverseBytes(mix(0xA5A500000000L + 4L * number + k));
      id.append(String.format(Locale.ROOT, "%016x", word));
    }
    return WorkerId.of(id.toString());
  }

  /** Returns the input of an event on top of the plan {@code cold}; from scratch if null. */
  PlacementInput input(String event, @Nullable PlacementPlan cold) {
    int[] workers = fleetAfter(event);
    PlacementInputBuilder input =
        PlacementInput.builder(PlacementConfig.builder().saturation(0.95).threads(threads).build());
    int[] positionOf = new int[shape.workers() + 1];
    Arrays.fill(positionOf, -1);
    for (int number : workers) {
      positionOf[number] = input.addWorker(Worker.of(workerId(number), shape.capacityGib() << 30));
    }
    int chunks = shape.chunks() + (event.equals("+2 %") ? shape.chunks() / 50 : 0);
    for (int chunk = 0; chunk < chunks; chunk++) {
      input.addChunk(KeyHash.of(chunkKey(chunk)), CHUNK_BYTES);
      input.set(chunk, ChunkColumn.WEIGHT, shape.weights()[chunk % shape.weights().length]);
      input
          .set(chunk, ChunkColumn.FLOOR, shape.floor())
          .set(chunk, ChunkColumn.CAP, WeightPolicy.UNCAPPED);
    }
    if (cold != null) {
      hold(input, cold, positionOf);
    }
    return input.build();
  }

  @Override
  public PlacementProblem scratch(PlacementSubject subject) {
    ProblemChunks chunks = catalogue(shape.chunks());
    ProblemFleet workers = ProblemFleet.of(names(fleet), capacities(fleet.length));
    ProblemTargets targets =
        subject.isSingle()
            ? ProblemTargets.single()
            : ProblemTargets.published(shape.floor(), 950_000, chunks, workers.capacityBytes());
    return new PlacementProblem(Event.SCRATCH, chunks, workers, targets, null);
  }

  @Override
  public PlacementProblem after(Event event, PlacementProblem scratch, Assignment placed) {
    int[] left = fleetAfter(event.title());
    int more = event == Event.GROWTH ? shape.chunks() / 50 : 0;
    return scratch.after(
        event,
        catalogue(shape.chunks() + more),
        scratch.fleet().after(names(left), capacities(left.length)),
        placed);
  }

  private ProblemChunks catalogue(int chunks) {
    long[] bytes = new long[chunks];
    int[] weights = new int[chunks];
    Arrays.fill(bytes, CHUNK_BYTES);
    Arrays.setAll(weights, chunk -> shape.weights()[chunk % shape.weights().length]);
    return new ProblemChunks(bytes, weights, PublishedWorkload::chunkKey);
  }

  private static String[] names(int[] numbers) {
    return Arrays.stream(numbers)
        .mapToObj(number -> workerId(number).value())
        .toArray(String[]::new);
  }

  private long[] capacities(int count) {
    long[] capacities = new long[count];
    Arrays.fill(capacities, shape.capacityGib() << 30);
    return capacities;
  }

  private void hold(PlacementInputBuilder input, PlacementPlan cold, int[] positionOf) {
    input.expectReplicas((int) cold.figures().replicas());
    for (int chunk = 0; chunk < shape.chunks(); chunk++) {
      input.bits(chunk, ChunkBits.VISIBLE | ChunkBits.ESTABLISHED | ChunkBits.ONCE_POSSESSED);
      for (int worker : cold.wantedWorkers(chunk)) {
        int position = positionOf[fleet[worker]];
        if (position >= 0) {
          input.replica(chunk, position, HELD);
        }
      }
    }
    for (PoolFactor factor : cold.factors()) {
      input.previousFactor(factor.weight(), factor.targetMillionths());
    }
  }

  private int[] fleetAfter(String event) {
    List<Integer> kept = new ArrayList<>();
    for (int number : sortedFleet(shape.workers() + (event.equals("join") ? 1 : 0))) {
      boolean gone =
          (event.equals("leave") && number == shape.workers() / 2)
              || (event.equals("10 % leave") && number % 10 == 5);
      if (!gone) {
        kept.add(number);
      }
    }
    return kept.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int[] sortedFleet(int workers) {
    WorkerId[] ids = new WorkerId[workers];
    Arrays.setAll(ids, PublishedWorkload::workerId);
    Integer[] numbers = new Integer[workers];
    Arrays.setAll(numbers, i -> i);
    Arrays.sort(numbers, (one, other) -> ids[one].compareTo(ids[other]));
    return Arrays.stream(numbers).mapToInt(Integer::intValue).toArray();
  }
}
