package dev.stowage.benchmarks.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.benchmarks.peers.Event;
import dev.stowage.benchmarks.peers.PlacementProblem;
import dev.stowage.benchmarks.peers.Subjects;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixedWorkloadTest {
  @ParameterizedTest
  @ValueSource(ints = {970, 990, 995})
  void full_fleet_is_as_full_as_it_says(int perMille) {
    PlacementProblem problem = scratch(MixedWorkload.full(perMille));

    assertThat(fill(problem)).isCloseTo(perMille / 1000.0, Offset.offset(0.0005)).isLessThan(1);
  }

  @Test
  void deferred_fleet_has_not_a_byte_left() {
    PlacementProblem problem = scratch(MixedWorkload.deferred());

    assertThat(fill(problem)).isEqualTo(1.0);
  }

  @Test
  void debian12_is_the_catalogue_that_is_shipped() {
    PlacementProblem problem = scratch(MixedWorkload.debian12());

    assertThat(problem.chunks().count()).isEqualTo(63_436);
    assertThat(Arrays.stream(problem.fleet().capacityBytes()).sum()).isEqualTo(560L << 30);
    assertThat(problem.targets().byWeight().keySet()).containsExactly(1, 2, 6, 12, 24);
  }

  @Test
  void every_shape_of_the_table_has_events_and_planners() {
    for (Shape shape : Shape.all()) {
      assertThat(shape.events()).as(shape.name()).isNotEmpty();
      assertThat(shape.planners()).as(shape.name()).contains("stowage");
      assertThat(Shape.byName(shape.name()).title()).isEqualTo(shape.title());
    }
    assertThat(Shape.byName("r3").events()).containsExactly(Event.values());
  }

  private static PlacementProblem scratch(MixedWorkload workload) {
    return workload.scratch(Subjects.byName("stowage", 1));
  }

  private static double fill(PlacementProblem problem) {
    long bytes = 0;
    for (int chunk = 0; chunk < problem.chunks().count(); chunk++) {
      bytes += problem.chunks().bytes()[chunk] * problem.replicas(chunk);
    }
    return bytes / (double) Arrays.stream(problem.fleet().capacityBytes()).sum();
  }
}
