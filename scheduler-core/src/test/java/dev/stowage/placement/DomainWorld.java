package dev.stowage.placement;

import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Worlds whose domains may have only so many replicas of a chunk, and what follows from that by the
 * plain meaning of the words. Shares no code with the planner. Stateless.
 */
final class DomainWorld {
  private DomainWorld() {}

  /** Whether two workers lie in one domain of a level. */
  static boolean areTogether(Worker one, Worker other, int level) {
    if (one.id().equals(other.id())) {
      return true;
    }
    String[] path = one.zone().split("/");
    String[] otherPath = other.zone().split("/");
    boolean isDeep = path.length >= level && otherPath.length >= level;
    boolean isZoned = !one.zone().equals(one.id().value());
    return isDeep
        && isZoned
        && Arrays.equals(Arrays.copyOf(path, level), Arrays.copyOf(otherPath, level));
  }

  /** How many of some workers lie in the domain of one of them. */
  static long inDomainOf(World world, int worker, Set<Integer> of, int level) {
    Worker known = world.workers.get(worker);
    return of.stream().filter(it -> areTogether(world.workers.get(it), known, level)).count();
  }

  /** Whether a worker's domains have no more than they may of some workers. */
  static boolean isAllowed(World world, int worker, Set<Integer> of) {
    boolean allowed = true;
    for (Map.Entry<Integer, Integer> limit : world.config.maxPerDomain().entrySet()) {
      allowed &= inDomainOf(world, worker, of, limit.getKey()) <= limit.getValue();
    }
    return allowed;
  }

  /** Limits drawn from a hash, of up to three levels. */
  static Map<Integer, Integer> limits(long hash) {
    Map<Integer, Integer> limits = new TreeMap<>();
    for (int level = 1; level <= 3; level++) {
      int some = (int) ((hash >>> (4 * level)) & 15);
      if (some < 9) {
        limits.put(level, 1 + some % 3);
      }
    }
    return limits;
  }

  /** A tiny fleet in domains of up to three levels, with room enough or hardly any. */
  static World drawn(long seed, boolean isCrowded) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = new World();
    int levels = 1 + random.nextInt(3);
    world.config =
        PlacementConfig.builder()
            .saturation(1)
            .spread(random.nextBoolean() ? Spread.ZONE : Spread.NONE)
            .maxPerDomain(limits(random.nextLong()))
            .build();
    int workers = 1 + random.nextInt(7);
    for (int i = 0; i < workers; i++) {
      Worker worker = Fleets.worker(i, isCrowded ? 1 + random.nextInt(4) : 1000);
      world.workers.add(random.nextInt(8) == 0 ? worker : worker.withZone(zone(levels, random)));
      if (random.nextInt(5) == 0) {
        WorkerStatus status = random.nextBoolean() ? WorkerStatus.LEAVING : WorkerStatus.CORDONED;
        world.workers.set(i, world.workers.get(i).withStatus(status));
      }
    }
    for (int i = 1 + random.nextInt(isCrowded ? 5 : 3); i > 0; i--) {
      World.Piece piece = world.chunk(1);
      piece.floor = 1 + random.nextInt(4);
      piece.cap = Fleets.cap(piece.hash ^ seed);
      for (int worker = 0; worker < workers; worker++) {
        boolean fits = world.footprint(worker) < world.workers.get(worker).capacityBytes();
        if (fits && random.nextInt(3) == 0) {
          boolean isLeftover = random.nextInt(6) == 0;
          piece.held.put(worker, isLeftover ? leftover() : World.HELD);
        }
      }
      piece.bits = piece.held.isEmpty() && random.nextBoolean() ? 0 : World.SEEN;
      if (piece.bits == 0) {
        piece.held.clear();
      }
    }
    return world;
  }

  private static int leftover() {
    return ReplicaBits.SUPERSEDED | ReplicaBits.POSSESSED;
  }

  private static String zone(int levels, SplittableRandom random) {
    StringBuilder path = new StringBuilder("a" + random.nextInt(3));
    for (int level = 1; level < levels; level++) {
      path.append("/b").append(random.nextInt(2));
    }
    return path.toString();
  }
}
