package dev.stowage.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A drawn fleet that is nearly full of chunks of many sizes, when more come that hardly fit. */
final class TightFleet {
  private static final int SLOW_ROUNDS = 60;
  private static final int MOST_ROUNDS = 120;

  final World world = new World();
  private final SplittableRandom random;

  TightFleet(long seed) {
    random = new SplittableRandom(seed);
    draw();
  }

  /**
   * How much the last of many plans does: at first copies and drains take their time, later all is
   * done at once.
   */
  int actionsAtLast() {
    for (int round = 0; round < SLOW_ROUNDS; round++) {
      follow(world.plan(), false);
    }
    PlacementPlan plan = world.plan();
    for (int round = 0; round < MOST_ROUNDS && (round < 3 || plan.actionCount() > 0); round++) {
      follow(plan, true);
      plan = world.plan();
    }
    return plan.actionCount();
  }

  private void draw() {
    world.config = PlacementConfig.builder().saturation(random.nextBoolean() ? 1 : 0.85).build();
    world.floor = random.nextInt(1, 4);
    int workers = random.nextInt(3, 8);
    int unit = random.nextInt(1, 4);
    long room = 0;
    for (int i = 0; i < workers; i++) {
      world.workers.add(Fleets.worker(i, unit * random.nextLong(6, 15)));
      room += world.workers.get(i).capacityBytes();
    }
    while (placed() + 8 * unit < room * random.nextInt(60, 101) / 100) {
      World.Piece piece = world.chunk(random.nextInt(1, 8 * unit / 3 + 2));
      if (random.nextInt(4) == 0) {
        piece.cap = piece.floor + random.nextInt(2);
      }
    }
    for (int round = 0; round < 8; round++) {
      follow(world.plan(), true);
    }
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      world.chunk(random.nextInt(1, 4 * unit + 2)).floor = random.nextInt(1, 5);
    }
    drawSides();
    if (random.nextInt(3) == 0) {
      world.chunks.forEach(piece -> piece.floor = Math.min(workers, piece.floor + 1));
    }
  }

  private void drawSides() {
    for (int i = random.nextInt(3); i > 0; i--) {
      List<Integer> side = new ArrayList<>();
      int floor = random.nextInt(1, 5);
      for (int count = random.nextInt(1, 4); count > 0; count--) {
        side.add(world.chunks.size());
        world.chunk(random.nextInt(1, 8)).floor = floor;
      }
      world.sides.add(side);
    }
  }

  private long placed() {
    return world.chunks.stream().mapToLong(piece -> piece.size * piece.floor).sum();
  }

  /** Workers fetch and drop what a plan says, each of it now or later. */
  private void follow(PlacementPlan plan, boolean atOnce) {
    world.remember(plan);
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      World.Piece piece = world.chunks.get(chunk);
      Map<Integer, Integer> before = new TreeMap<>(piece.held);
      piece.held.clear();
      boolean isThere = true;
      for (int worker : plan.wantedWorkers(chunk)) {
        int known = before.getOrDefault(worker, 0);
        before.remove(worker);
        boolean arrives = (known & ReplicaBits.POSSESSED) != 0 || atOnce || random.nextBoolean();
        piece.held.put(worker, arrives ? World.HELD : ReplicaBits.ASSIGNED);
        isThere &= arrives;
      }
      before.forEach((worker, bits) -> drain(piece, worker, atOnce ? 0 : bits));
      if (isThere && !piece.held.isEmpty()) {
        piece.bits |= World.SEEN;
      }
    }
    world.sides.removeIf(
        side -> side.stream().allMatch(it -> (world.chunks.get(it).bits & World.SEEN) != 0));
  }

  private void drain(World.Piece piece, int worker, int bits) {
    if ((bits & ReplicaBits.POSSESSED) == 0) {
      return;
    }
    int facts = ReplicaBits.POSSESSED | ReplicaBits.READABLE;
    if ((bits & ReplicaBits.STATE_MASK) == ReplicaBits.ASSIGNED) {
      piece.held.put(worker, ReplicaBits.SUPERSEDED | facts);
    } else if (random.nextInt(3) > 0) {
      piece.held.put(worker, ReplicaBits.DRAINING | facts);
    }
  }
}
