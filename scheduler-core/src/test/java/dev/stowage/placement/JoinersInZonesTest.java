package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.Spread;
import dev.stowage.config.WeightPolicy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests that workers which join several zones at once are filled with hardly more copies than any
 * plan needs: leveling asks every holder of a chunk, not only the fullest.
 */
class JoinersInZonesTest {
  private static final int SIZE = 10_000;
  private static final int MOST_CYCLES = 20;
  private static final double MOST_OVER_MINIMUM = 1.02;
  private static final int[] EACH = {2, 5, 16};
  private static final int[] CHUNKS = {10, 50};

  /**
   * A fleet at rest that grows.
   *
   * @param each workers of a zone
   * @param chunks replicas on a worker before the newcomers
   * @param newcomers workers that join each zone
   */
  private record Shape(int zones, int each, int chunks, int newcomers, int floor) {
    World joined() {
      World world = new World();
      world.config = PlacementConfig.builder().saturation(1).spread(Spread.ZONE).build();
      world.floor = floor;
      world.cap = WeightPolicy.AT_FLOOR;
      join(world, each);
      for (int i = 0; i < zones * each * chunks / floor; i++) {
        world.hold(SIZE);
      }
      world.rest(MOST_CYCLES);
      join(world, newcomers);
      return world;
    }

    /**
     * Returns the least copies that make the fleet as even as whole replicas can be: the workers
     * that hold one less than others are newcomers.
     */
    int leastWholeCopies() {
      int all = zones * (each + newcomers);
      int replicas = zones * each * chunks / floor * floor;
      int fullOnes = replicas % all - zones * each;
      return zones * newcomers * (replicas / all) + Math.max(0, fullOnes);
    }

    private void join(World world, int count) {
      for (int i = 0; i < count * zones; i++) {
        int number = world.workers.size();
        world.workers.add(Fleets.worker(number, 1_000L * chunks * SIZE).withZone("z" + i % zones));
      }
    }
  }

  /** The bytes of the first plan's minimum, and of all plans until nothing changes. */
  private record Moved(long minimum, long bytes) {
    static Moved by(World world) {
      PlacementPlan plan = world.plan();
      long minimum = plan.figures().bytesMinimum();
      long bytes = 0;
      for (int cycle = 0; plan.actionCount() > 0; cycle++) {
        assertThat(cycle).isLessThan(MOST_CYCLES);
        bytes += plan.figures().bytesAdded();
        world.complete(plan);
        plan = world.plan();
      }
      return new Moved(minimum, bytes);
    }

    boolean isHardlyOver(int wholeCopies) {
      return bytes <= Math.max(MOST_OVER_MINIMUM * minimum, (double) SIZE * wholeCopies);
    }
  }

  @ParameterizedTest
  @CsvSource({"2,2", "4,3"})
  void newcomers_inEveryZone_costHardlyMoreThanTheMinimum(int zones, int floor) {
    List<String> beyond = new ArrayList<>();
    for (int each : EACH) {
      for (int chunks : CHUNKS) {
        for (int newcomers = 1; newcomers <= 3; newcomers++) {
          Shape shape = new Shape(zones, each, chunks, newcomers, floor);
          Moved moved = Moved.by(shape.joined());
          if (!moved.isHardlyOver(shape.leastWholeCopies())) {
            beyond.add(shape + ": " + moved);
          }
        }
      }
    }
    assertThat(beyond).isEmpty();
  }

  /** Two zones of two workers with ten chunks each, as in a public report. */
  @Test
  void newcomers_inTwoZonesOfTwo_copySixChunksEach() {
    Moved moved = Moved.by(new Shape(2, 2, 10, 1, 2).joined());
    assertThat(moved.bytes).isEqualTo(12 * SIZE);
  }

  /**
   * A level of 3.9 replicas: who is down at 4 gives no more, or others have to fill it up again.
   */
  @Test
  void newcomers_whereTheLevelIsHardlyBelowWholeReplicas_costTheLeastWholeCopies() {
    Shape shape = new Shape(4, 2, 10, 3, 3);
    assertThat(shape.leastWholeCopies()).isEqualTo(46);
    assertThat(Moved.by(shape.joined()).bytes).isEqualTo(46 * SIZE);
  }
}
