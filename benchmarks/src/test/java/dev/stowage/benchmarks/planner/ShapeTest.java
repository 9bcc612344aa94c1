package dev.stowage.benchmarks.planner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.benchmarks.peers.Assignment;
import dev.stowage.benchmarks.peers.PeerEvent;
import dev.stowage.benchmarks.peers.PlacementProblem;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapeTest {
  @Test
  void generator_passes_the_published_checks() {
    assertThat(Corpus.mix(0)).isEqualTo(0xe220a8397b1dcdafL);
    assertThat(Corpus.mix(1)).isEqualTo(0x910a2dec89025cc1L);
    assertThat(Corpus.publishedChunk(255)).isEqualTo("0000000000/0000000255-0000000256-000000ff");
    assertThat(Corpus.publishedWorker(0)).startsWith("a698f976cd1038").hasSize(64);
    assertThat(
            IntStream.range(0, 100)
                .boxed()
                .sorted((one, other) ->
                    Corpus.publishedWorker(one).compareTo(Corpus.publishedWorker(other))))
        .startsWith(25, 69, 48, 46)
        .endsWith(86, 59);
  }

  @ParameterizedTest
  @CsvSource({"10k, 2, 13, 54, 229979", "100k, 2, 13, 54, 2299979", "r3, 3, 3, 3, 300000"})
  void targets_from_scratch_are_the_published_ones(
      String shape, int light, int middle, int heavy, long replicas) {
    PlacementProblem scratch = FleetShape.of(shape).scratch(false);

    assertThat(scratch.targets().replicas(1)).isEqualTo(light);
    assertThat(scratch.targets().replicas(6)).isEqualTo(middle);
    assertThat(scratch.targets().replicas(24)).isEqualTo(heavy);
    assertThat(scratch.targets().replicasOf(scratch.chunks())).isEqualTo(replicas);
  }

  @ParameterizedTest
  @CsvSource({
    "10k, GROWTH, 53", "10k, LEAVE, 53", "10k, JOIN, 54", "10k, TENTH, 48",
    "100k, GROWTH, 53", "100k, LEAVE, 54", "100k, JOIN, 54", "100k, TENTH, 48"
  })
  void targets_after_an_event_are_the_published_ones(String shape, PeerEvent event, int heavy) {
    FleetShape of = FleetShape.of(shape);
    PlacementProblem scratch = of.scratch(false);
    Assignment nothing = new Assignment(new int[scratch.chunks().count() + 1], new int[0]);

    assertThat(of.after(event, scratch, nothing).targets().replicas(24)).isEqualTo(heavy);
  }

  @ParameterizedTest
  @CsvSource({"full970, 0.970", "full990, 0.990", "full995, 0.995", "deferred, 1"})
  void full_fleet_is_as_full_as_it_says(String shape, double fill) {
    PlacementProblem problem = FleetShape.of(shape).scratch(false);
    double bytes = 0;
    for (int chunk = 0; chunk < problem.chunks().count(); chunk++) {
      bytes += (double) problem.chunks().bytes()[chunk] * problem.replicas(chunk);
    }
    double room = problem.fleet().workers().stream().mapToLong(it -> it.capacityBytes()).sum();

    assertThat(bytes / room).isCloseTo(fill, Offset.offset(0.0005)).isLessThanOrEqualTo(1);
  }
}
