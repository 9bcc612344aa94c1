package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.PlacementConfig;
import dev.stowage.placement.PlacementPlan.PoolFactor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Mirrors of 4, 8 and 16 that hold about two thirds of what the largest has room for: no worker
 * holds a chunk twice, so the large ones have room that nothing can use. Factors follow weights all
 * the same, every chunk gets what its factor says, and one more mirror moves no more than it must.
 */
class TightFactorsTest {
  private static final long SIZE = 10;
  private static final int CHUNKS = 1067;
  private static final int[] WEIGHTS = {1, 2, 6, 12, 24};
  private static final int MOST_CYCLES = 40;

  private final World world = new World();
  private long moved;
  private long least;

  @BeforeEach
  void fill() {
    world.config = PlacementConfig.builder().saturation(0.95).build();
    long[] capacities = {4_000, 8_000, 16_000};
    for (int i = 0; i < 24; i++) {
      world.workers.add(Fleets.worker(i, capacities[i % capacities.length]));
    }
    for (int i = 0; i < CHUNKS; i++) {
      World.Piece piece = world.chunk(SIZE);
      piece.floor = 2;
      piece.weight = WEIGHTS[i % WEIGHTS.length];
    }
    rest();
  }

  private PlacementPlan rest() {
    moved = 0;
    least = 0;
    PlacementPlan plan = world.plan();
    for (int cycle = 0; plan.actionCount() > 0; cycle++) {
      assertThat(cycle).isLessThan(MOST_CYCLES);
      moved += plan.figures().bytesAdded();
      least += plan.figures().bytesMinimum();
      world.complete(plan);
      plan = world.plan();
    }
    return plan;
  }

  @Test
  void factors_followWeights_andAreReached() {
    Map<Integer, Integer> replicas = new TreeMap<>();
    for (World.Piece piece : world.chunks) {
      Integer before = replicas.put(piece.weight, piece.held.size());
      assertThat(before == null || before == piece.held.size()).isTrue();
    }
    List<PoolFactor> factors = rest().factors();
    for (PoolFactor factor : factors) {
      assertThat(factor.reached()).isEqualTo((int) (factor.targetMillionths() / 1_000_000));
      assertThat(replicas.get(factor.weight())).isEqualTo(factor.reached());
    }
    assertThat(List.copyOf(replicas.values())).isSorted().doesNotHaveDuplicates();
    assertThat(replicas.get(24)).isEqualTo(world.workers.size());
  }

  @Test
  void oneMoreMirror_movesNoMoreThanItMust() {
    world.workers.add(Fleets.worker(24, 8_000));
    PlacementPlan plan = rest();
    assertThat(moved).isPositive().isLessThanOrEqualTo(least * 102 / 100);
    assertThat(plan.figures().maxOverMeanFill()).isLessThan(1_010_000);
  }
}
