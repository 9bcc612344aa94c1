package dev.stowage.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AssignmentAuditTest {
  private final PlacementProblem problem = SmallFleet.scratch(2, 3, 2);

  @Test
  void assignment_without_a_fault_passes() {
    assertThat(faults(new int[] {0, 2, 4}, 0, 1, 1, 2)).isEmpty();
  }

  @Test
  void chunk_twice_on_a_worker_is_found() {
    assertThat(faults(new int[] {0, 2, 4}, 1, 1, 0, 2))
        .containsExactly("chunk 0 is twice on worker 1");
  }

  @Test
  void unknown_worker_is_found() {
    assertThat(faults(new int[] {0, 2, 4}, 0, 1, 0, 3))
        .containsExactly("chunk 1 is on unknown worker 3");
    assertThat(faults(new int[] {0, 2, 4}, -1, 1, 0, 2))
        .containsExactly("chunk 0 is on unknown worker -1");
  }

  @Test
  void missing_chunk_is_found() {
    assertThat(faults(new int[] {0, 2}, 0, 1)).containsExactly("1 chunks instead of 2");
  }

  private List<String> faults(int[] start, int... worker) {
    return AssignmentAudit.faults(problem, new Assignment(start, worker));
  }
}
