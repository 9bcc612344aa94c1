package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.WeightPolicy;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that the newest of many new chunks, which readers ask for first, lie on many workers. */
class NewestChunksTest {
  private static final int NEWEST = 20;
  private static final int SIZE = 10;
  private static final int MOST_TIMES_FAIR = 3;

  @ParameterizedTest
  @CsvSource({"10,2000,1,false", "10,2000,2,false", "20,4000,3,false", "10,2000,1,true"})
  void newestChunks_ofEqualSize_lieNearlyAsEvenlyAsTheOldest(
      int workers, int chunks, int floor, boolean isShort) {
    World world = new World();
    world.floor = floor;
    world.cap = WeightPolicy.AT_FLOOR;
    for (int worker = 0; worker < workers; worker++) {
      world.workers.add(Fleets.worker(worker, 2L * chunks * SIZE));
    }
    for (int chunk = 0; chunk < chunks; chunk++) {
      world.chunk(SIZE).bits = isShort ? World.SEEN : 0;
    }
    PlacementPlan plan = world.plan();
    double fair = (double) NEWEST * floor / workers;
    assertThat(most(plan, 0)).isLessThanOrEqualTo((int) (MOST_TIMES_FAIR * fair));
    assertThat(most(plan, chunks - NEWEST)).isLessThanOrEqualTo((int) (MOST_TIMES_FAIR * fair));
    assertThat(plan.figures().bytesAdded()).isEqualTo(plan.figures().bytesMinimum());
    assertThat(plan.figures().maxOverMeanFill()).isLessThanOrEqualTo(1_010_000);
  }

  /** Returns the most copies on one worker of the newest chunks from a position on. */
  private static int most(PlacementPlan plan, int from) {
    Map<Integer, Integer> copies = new HashMap<>();
    for (int chunk = from; chunk < from + NEWEST; chunk++) {
      for (int worker : plan.wantedWorkers(chunk)) {
        copies.merge(worker, 1, Integer::sum);
      }
    }
    return Collections.max(copies.values());
  }
}
