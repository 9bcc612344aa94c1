package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.Spread;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Repairs, and copies that leave a worker, go to workers whose links bring them in time. */
class UrgentCopiesTest {
  private static final long SIZE = 1_000;
  private static final long RATE = 100;
  private static final int WORKERS = 20;

  /** Equal workers with 190 chunks in two copies, and links that bring a copy in ten seconds. */
  private static World fleet() {
    World world = new World();
    world.config = PlacementConfig.builder().spread(Spread.NONE).build();
    for (int i = 0; i < WORKERS; i++) {
      join(world, i, RATE);
    }
    for (int one = 0; one < WORKERS; one++) {
      for (int other = one + 1; other < WORKERS; other++) {
        World.Piece piece = world.hold(SIZE, one, other);
        piece.floor = 2;
        piece.cap = 2;
      }
    }
    return world;
  }

  private static void join(World world, int number, long rate) {
    Worker worker = Fleets.worker(number, 100 * SIZE);
    world.workers.add(worker.withDownlink(rate));
  }

  private static void die(World world, int worker) {
    world.chunks.forEach(piece -> piece.held.remove(worker));
    world.alter(worker, it -> it.withStatus(WorkerStatus.DEPARTED));
  }

  /** Returns the copies that a plan gives a worker of chunks that lie on fewer than two others. */
  private static long repairs(World world, PlacementPlan plan, int worker) {
    return IntStream.range(0, world.chunks.size())
        .filter(chunk -> world.chunks.get(chunk).held.size() < 2)
        .filter(chunk -> Arrays.stream(plan.wantedWorkers(chunk)).anyMatch(it -> it == worker))
        .filter(chunk -> !world.chunks.get(chunk).held.containsKey(worker))
        .count();
  }

  @Test
  void repairs_avoidANarrowLink() {
    World world = fleet();
    world.alter(7, it -> it.withDownlink(RATE / 20));
    die(world, 0);
    PlacementPlan plan = world.plan();
    assertThat(plan.shortfalls()).isEmpty();
    for (int worker = 1; worker < WORKERS; worker++) {
      assertThat(repairs(world, plan, worker)).isLessThanOrEqualTo(worker == 7 ? 0 : 2);
    }
  }

  @Test
  void aDrain_avoidsANarrowLink() {
    World world = fleet();
    world.alter(7, it -> it.withDownlink(RATE / 20));
    for (int worker = 0; worker < 3; worker++) {
      world.leave(worker);
    }
    PlacementPlan plan = world.plan();
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      World.Piece piece = world.chunks.get(chunk);
      boolean isLeaving = piece.held.keySet().stream().anyMatch(it -> it < 3);
      boolean isOnIt = Arrays.stream(plan.wantedWorkers(chunk)).anyMatch(it -> it == 7);
      assertThat(isLeaving && isOnIt && !piece.held.containsKey(7)).as("chunk " + chunk).isFalse();
    }
  }

  @Test
  void repairs_afterNewcomersJoined_doNotAllGoToThem() {
    World world = fleet();
    join(world, WORKERS, RATE);
    join(world, WORKERS + 1, RATE);
    die(world, 0);
    PlacementPlan plan = world.plan();
    long onNewcomers = repairs(world, plan, WORKERS) + repairs(world, plan, WORKERS + 1);
    assertThat(onNewcomers).isLessThanOrEqualTo(2 * 2);
  }

  /** Sends a repair elsewhere than behind bytes that a narrow link has yet to carry. */
  @Test
  void repairs_avoidALinkThatIsBusy() {
    World world = fleet();
    for (int i = 0; i < 12; i++) {
      World.Piece piece = world.hold(SIZE, 9, 10);
      piece.held.put(9, ReplicaBits.ASSIGNED);
      piece.floor = 2;
      piece.cap = 2;
    }
    die(world, 0);
    assertThat(repairs(world, world.plan(), 9)).isZero();
  }
}
