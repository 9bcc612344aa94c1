package dev.stowage.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The judge of assignments notices faults, and counts what moved and what is uneven. */
class JudgeTest {
  /** Six chunks on three workers with room for three each, one replica. */
  private final PlacementProblem scratch = scratch(6, 3, 1);

  private final Assignment placed = assignment(0, 0, 1, 1, 2, 2);

  @Test
  void fault_ofAnAssignment_isFound() {
    PlacementProblem problem = scratch(2, 3, 2);

    assertThat(faults(problem, 0, 1, 1, 2)).isEmpty();
    assertThat(faults(problem, 1, 1, 0, 2)).containsExactly("chunk 0 is twice on worker 1");
    assertThat(faults(problem, 0, 1, 0, 3)).containsExactly("chunk 1 is on unknown worker 3");
    assertThat(faults(problem, -1, 1, 0, 2)).containsExactly("chunk 0 is on unknown worker -1");
    assertThat(AssignmentAudit.faults(problem, assignment(0)))
        .containsExactly("1 chunks instead of 2");
  }

  private static List<String> faults(PlacementProblem problem, int... worker) {
    return AssignmentAudit.faults(problem, new Assignment(new int[] {0, 2, 4}, worker));
  }

  @Test
  void leave_counts_what_moved_against_what_was_lost() {
    PlacementProblem problem =
        scratch.after(PeerEvent.LEAVE, scratch.chunks(), fleet(0, 2), placed);

    // Worker 1 is gone; the third worker is now at position 1, and chunk 0 moves needlessly.
    Quality quality = Quality.of(problem, assignment(1, 0, 0, 1, 1, 1));

    assertThat(quality.movedBytes()).isEqualTo(300);
    assertThat(quality.minimumB()).isEqualTo(200);
    assertThat(quality.maxOverMean()).isCloseTo(4 / 3.0, Offset.offset(1e-9));
    assertThat(quality.minOverMean()).isCloseTo(2 / 3.0, Offset.offset(1e-9));
  }

  @Test
  void surviving_replicas_are_credited() {
    PlacementProblem two = scratch(2, 6, 2);
    Assignment both = new Assignment(new int[] {0, 2, 4}, new int[] {0, 3, 3, 4});
    PlacementProblem problem =
        two.after(PeerEvent.LEAVE, two.chunks(), two.fleet().after(workers(0, 1, 2, 4, 5)), both);

    // Both chunks lost one of two replicas; the planner ends with one, and moves nothing.
    Quality quality = Quality.of(problem, new Assignment(new int[] {0, 1, 2}, new int[] {0, 3}));

    assertThat(quality.movedBytes()).isZero();
    assertThat(quality.minimumB()).isZero();
    assertThat(quality.missing()).isEqualTo(2);
  }

  @Test
  void join_counts_against_the_fair_share() {
    PlacementProblem problem =
        scratch.after(PeerEvent.JOIN, scratch.chunks(), fleet(0, 1, 2, 3), placed);

    Quality quality = Quality.of(problem, assignment(3, 0, 1, 1, 2, 2));

    assertThat(quality.movedBytes()).isEqualTo(100);
    assertThat(quality.minimumB()).isEqualTo(150);
  }

  @Test
  void overfull_worker_is_counted() {
    assertThat(Quality.of(scratch, assignment(0, 0, 0, 0, 1, 2)).overfull()).isEqualTo(1);
  }

  private ProblemFleet fleet(int... left) {
    return scratch.fleet().after(workers(left));
  }

  private static List<Worker> workers(int... numbers) {
    return Arrays.stream(numbers)
        .mapToObj(number -> Worker.of(WorkerId.of("w" + number), 300))
        .toList();
  }

  private static PlacementProblem scratch(int chunks, int workers, int replicas) {
    long[] bytes = new long[chunks];
    int[] weights = new int[chunks];
    Arrays.fill(bytes, 100);
    Arrays.fill(weights, 1);
    return new PlacementProblem(
        PeerEvent.SCRATCH,
        new ProblemChunks(bytes, weights, chunk -> ChunkKey.of("d", "c" + chunk)),
        ProblemFleet.of(workers(IntStream.range(0, workers).toArray())),
        new ProblemTargets(replicas, 1_000_000, new TreeMap<>()),
        UnaryOperator.identity(),
        null);
  }

  private static Assignment assignment(int... workerOfChunk) {
    Assignment.Pairs pairs = Assignment.pairs(workerOfChunk.length);
    for (int chunk = 0; chunk < workerOfChunk.length; chunk++) {
      pairs.add(chunk, workerOfChunk[chunk]);
    }
    return pairs.assignment();
  }
}
