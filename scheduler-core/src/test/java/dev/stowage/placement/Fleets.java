package dev.stowage.placement;

import dev.stowage.columns.Avalanche;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Labels;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.model.WorkerVersion;
import java.util.Locale;
import java.util.SplittableRandom;

/** Draws worlds from a seed. */
public final class Fleets {
  private Fleets() {}

  public static Worker worker(int number, long capacity) {
    return Worker.of(WorkerId.of(String.format(Locale.ROOT, "w%04d", number)), capacity);
  }

  /** Equal workers, equal chunks, no zones: {@code fillPercent} of the room at the floor. */
  static World uniform(int workers, int slotsEach, int floor, int fillPercent) {
    World world = new World();
    world.config = PlacementConfig.builder().saturation(0.95).build();
    world.floor = floor;
    for (int i = 0; i < workers; i++) {
      world.workers.add(worker(i, slotsEach * 10L));
    }
    int chunks = workers * slotsEach * fillPercent / 100 / floor;
    for (int i = 0; i < chunks; i++) {
      world.chunk(10);
    }
    return world;
  }

  /** Anything goes: zones, statuses, versions, labels, sizes, leftovers, marked chunks. */
  static World any(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = new World();
    int floor = 1 + random.nextInt(3);
    world.config =
        PlacementConfig.builder()
            .saturation(0.5 + random.nextInt(51) / 100.0)
            .spread(random.nextBoolean() ? Spread.ZONE : Spread.NONE)
            .factorMode(random.nextInt(4) == 0 ? FactorMode.SMOOTH : FactorMode.WHOLE)
            .build();
    world.floor = floor;
    int workers = random.nextInt(9);
    int zones = 1 + random.nextInt(4);
    for (int i = 0; i < workers; i++) {
      world.workers.add(
          worker(i, random.nextInt(1, 200))
              .withZone("z" + random.nextInt(zones))
              .withVersion(new WorkerVersion(1 + random.nextInt(2), 0, 0))
              .withLabels(random.nextInt(4) == 0 ? Labels.of("ssd") : Labels.NONE)
              .withStatus(status(random)));
    }
    int chunks = random.nextInt(30);
    for (int i = 0; i < chunks; i++) {
      piece(world, random);
    }
    if (workers > 0 && chunks > 0 && random.nextInt(2) == 0) {
      wishes(world, random);
    }
    if ((Avalanche.of(seed) & 3) == 0) {
      limit(world, seed);
    }
    return world;
  }

  /** Some workers may hold only so many replicas; drawn from a hash, like caps. */
  static void limit(World world, long seed) {
    for (int worker = 0; worker < world.workers.size(); worker++) {
      int most = limit(Avalanche.of(seed + worker));
      world.workers.set(worker, world.workers.get(worker).withMaxReplicas(most));
    }
  }

  /** How many replicas a worker may hold, drawn from a hash. */
  static int limit(long hash) {
    return (hash & 1) == 0 ? Worker.UNLIMITED : 1 + (int) (hash >>> 1 & 7);
  }

  /** Anything goes, and some replicas have a score. */
  static World scored(long seed) {
    World world = any(seed);
    SplittableRandom random = new SplittableRandom(~seed);
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      for (int worker = 0; worker < world.workers.size(); worker++) {
        if (random.nextInt(3) > 0) {
          world.scores.add(new int[] {chunk, worker, random.nextInt(4) * 250_000});
        }
      }
    }
    return world;
  }

  /** Pins, bans, intents, and avoided workers. */
  private static void wishes(World world, SplittableRandom random) {
    for (int i = 0; i < random.nextInt(5); i++) {
      int[] pair = {random.nextInt(world.chunks.size()), random.nextInt(world.workers.size())};
      boolean known =
          world.pins.stream().anyMatch(pin -> pin[0] == pair[0] && pin[1] == pair[1])
              || world.bans.stream().anyMatch(ban -> ban[0] == pair[0] && ban[1] == pair[1]);
      if (!known) {
        (random.nextBoolean() ? world.pins : world.bans).add(pair);
      }
    }
    if (random.nextInt(3) == 0) {
      world.avoided.add(random.nextInt(world.workers.size()));
    }
    if (random.nextInt(3) == 0 && world.workers.size() > 1) {
      int to = random.nextInt(1, world.workers.size());
      int chunk = random.nextInt(world.chunks.size());
      world.intents.add(new int[] {chunk, random.nextInt(to), to});
      world.chunks.get(chunk).bits |= ChunkBits.COOLING;
    }
  }

  private static WorkerStatus status(SplittableRandom random) {
    WorkerStatus[] all = WorkerStatus.values();
    return random.nextInt(3) == 0 ? all[random.nextInt(all.length)] : WorkerStatus.ACTIVE;
  }

  /** A cap drawn from a hash, so that all else that is drawn stays as it would be without. */
  static int cap(long hash) {
    return switch ((int) (hash & 3)) {
      case 0 -> WeightPolicy.AT_FLOOR;
      case 1 -> 1 + (int) (hash >>> 2 & 3);
      default -> WeightPolicy.UNCAPPED;
    };
  }

  private static void piece(World world, SplittableRandom random) {
    World.Piece piece = world.chunk(random.nextInt(random.nextBoolean() ? 10 : 60));
    piece.weight = new int[] {1, 4, 12}[random.nextInt(3)];
    piece.cap = cap(piece.hash);
    piece.admitted = random.nextInt(3);
    piece.recentlyLost = random.nextInt(4) == 0 ? random.nextInt(3) : 0;
    if (random.nextInt(5) == 0) {
      piece.floor = 1 + random.nextInt(4);
    }
    if (random.nextInt(4) == 0) {
      piece.eligibility = new Eligibility(new WorkerVersion(2, 0, 0), Labels.NONE);
    } else if (random.nextInt(6) == 0) {
      piece.eligibility = new Eligibility(WorkerVersion.ZERO, Labels.of("ssd"));
    }
    if (random.nextInt(3) == 0) {
      return;
    }
    piece.bits = World.SEEN;
    if (random.nextInt(5) == 0) {
      piece.bits = ChunkBits.ESTABLISHED;
    }
    if (random.nextInt(10) == 0) {
      piece.bits |= ChunkBits.PINNED;
    }
    hold(world, piece, random);
  }

  private static void hold(World world, World.Piece piece, SplittableRandom random) {
    for (int worker = 0; worker < world.workers.size(); worker++) {
      boolean room =
          world.footprint(worker) + piece.size <= world.workers.get(worker).capacityBytes();
      if (random.nextInt(3) == 0 && (room || random.nextInt(20) == 0)) {
        int state = new int[] {0, 0, 0, 1, 2}[random.nextInt(5)];
        int facts =
            random.nextInt(4) == 0
                ? random.nextInt(2) * ReplicaBits.READABLE
                : ReplicaBits.POSSESSED
                    | (state == ReplicaBits.DRAINING
                        ? random.nextInt(2) * ReplicaBits.READABLE
                        : ReplicaBits.ROUTED | ReplicaBits.READABLE);
        if (random.nextInt(15) == 0) {
          facts = ReplicaBits.GIVEN_UP;
        }
        piece.held.put(worker, state | facts);
      }
    }
  }
}
