package dev.stowage.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class QualityTest {
  /** Six chunks on three workers, two each, one replica. */
  private final PlacementProblem scratch = SmallFleet.scratch(6, 3, 1);

  private final Assignment placed = assignment(0, 0, 1, 1, 2, 2);

  @Test
  void leave_counts_what_moved_against_what_was_lost() {
    PlacementProblem problem = SmallFleet.after(Event.LEAVE, scratch, placed);

    // Worker 1 is gone; the third worker is now at position 1, and chunk 0 moves needlessly.
    Quality quality = Quality.of(problem, assignment(1, 0, 0, 1, 1, 1));

    assertThat(quality.movedBytes()).isEqualTo(3 * SmallFleet.CHUNK);
    assertThat(quality.minimumA()).isEqualTo(2 * SmallFleet.CHUNK);
    assertThat(quality.minimumB()).isEqualTo(2 * SmallFleet.CHUNK);
    assertThat(quality.maxOverMean()).isCloseTo(4 / 3.0, Offset.offset(1e-9));
    assertThat(quality.minOverMean()).isCloseTo(2 / 3.0, Offset.offset(1e-9));
  }

  @Test
  void surviving_replicas_are_credited_by_minimum_b_only() {
    PlacementProblem two = SmallFleet.scratch(2, 6, 2);
    Assignment both = new Assignment(new int[] {0, 2, 4}, new int[] {0, 3, 3, 4});
    PlacementProblem problem = SmallFleet.after(Event.LEAVE, two, both);

    // Both chunks lost one of two replicas; the planner ends with one, and moves nothing.
    Quality quality = Quality.of(problem, new Assignment(new int[] {0, 1, 2}, new int[] {0, 3}));

    assertThat(quality.movedBytes()).isZero();
    assertThat(quality.minimumA()).isEqualTo(2 * SmallFleet.CHUNK);
    assertThat(quality.minimumB()).isZero();
    assertThat(quality.missing()).isEqualTo(2);
  }

  @Test
  void join_counts_against_the_fair_share() {
    PlacementProblem problem = SmallFleet.after(Event.JOIN, scratch, placed);

    Quality quality = Quality.of(problem, assignment(3, 0, 1, 1, 2, 2));

    assertThat(quality.movedBytes()).isEqualTo(SmallFleet.CHUNK);
    assertThat(quality.minimumA()).isEqualTo(6 * SmallFleet.CHUNK / 4);
  }

  @Test
  void overfull_worker_is_counted() {
    // A worker has room for three of the six.
    assertThat(Quality.of(scratch, assignment(0, 0, 0, 0, 1, 2)).overfull()).isEqualTo(1);
  }

  private static Assignment assignment(int... workerOfChunk) {
    Assignment.Pairs pairs = Assignment.pairs(workerOfChunk.length);
    for (int chunk = 0; chunk < workerOfChunk.length; chunk++) {
      pairs.add(chunk, workerOfChunk[chunk]);
    }
    return pairs.assignment();
  }
}
