package dev.stowage.benchmarks.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.benchmarks.peers.Assignment;
import dev.stowage.benchmarks.peers.Event;
import dev.stowage.benchmarks.peers.PlacementProblem;
import dev.stowage.benchmarks.peers.PlacementSubject;
import dev.stowage.benchmarks.peers.Subjects;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PublishedWorkloadTest {
  private static final PlacementSubject OURS = Subjects.byName("stowage", 1);

  @Test
  void generator_passes_the_published_checks() {
    assertThat(PublishedWorkload.mix(0)).isEqualTo(0xe220a8397b1dcdafL);
    assertThat(PublishedWorkload.mix(1)).isEqualTo(0x910a2dec89025cc1L);
    assertThat(PublishedWorkload.chunkKey(255).id())
        .isEqualTo("0000000000/0000000255-0000000256-000000ff");
  }

  @Test
  void worker_ids_pass_the_published_checks() {
    // The published check begins with the last byte of the prefix.
    assertThat(PublishedWorkload.workerId(0).value())
        .startsWith("0024080112" + "20a698f976cd1038")
        .hasSize(76);
    List<Integer> hundred = sorted(100);
    assertThat(hundred).startsWith(25, 69, 48, 46).endsWith(86, 59);
    assertThat(sorted(2_000)).startsWith(871, 1628, 1156, 25);
  }

  @ParameterizedTest
  @CsvSource({
    "10k, 2, 13, 54, 229979",
    "100k, 2, 13, 54, 2299979",
    "500k, 2, 13, 54, 11499969",
    "1m, 2, 13, 54, 22999979",
    "r3, 3, 0, 0, 300000"
  })
  void targets_and_replicas_are_the_published_ones(
      String shape, int light, int middle, int heavy, long replicas) {
    PlacementProblem scratch = problem(shape);

    assertThat(scratch.targets().byWeight()).containsEntry(1, light);
    if (middle > 0) {
      assertThat(scratch.targets().byWeight()).containsEntry(6, middle).containsEntry(24, heavy);
    }
    assertThat(scratch.targets().replicasOf(scratch.chunks())).isEqualTo(replicas);
  }

  @ParameterizedTest
  @CsvSource({
    "10k, GROWTH, 53", "10k, LEAVE, 53", "10k, JOIN, 54", "10k, TENTH, 48",
    "100k, GROWTH, 53", "100k, LEAVE, 54", "100k, JOIN, 54", "100k, TENTH, 48"
  })
  void targets_after_an_event_are_the_published_ones(String shape, Event event, int heavy) {
    PlacementProblem scratch = problem(shape);
    int chunks = scratch.chunks().count();
    Assignment nothing = new Assignment(new int[chunks + 1], new int[0]);
    PlacementProblem after =
        new PublishedWorkload(PublishedShape.byName(shape), 1).after(event, scratch, nothing);

    assertThat(after.targets().byWeight()).containsEntry(24, heavy);
  }

  @ParameterizedTest
  @EnumSource(Event.class)
  void events_of_the_table_are_those_of_the_scale_run(Event event) throws Exception {
    PublishedWorkload workload = new PublishedWorkload(PublishedShape.byName("10k50"), 1);
    PlacementPlanner planner = PlacementPlanner.sticky();
    PlacementPlan cold = planner.plan(workload.input("scratch", null));
    PlacementProblem scratch = workload.scratch(OURS);
    PlacementSubject.Trial first = OURS.prepare(scratch);
    first.run();
    PlacementPlan expected =
        event == Event.SCRATCH ? cold : planner.plan(workload.input(event.title(), cold));
    Assignment answer = first.assignment();
    if (event != Event.SCRATCH) {
      PlacementSubject.Trial second = OURS.prepare(workload.after(event, scratch, answer));
      second.run();
      answer = second.assignment();
    }

    List<Integer> wanted = new ArrayList<>();
    for (int chunk = 0; chunk < answer.chunks(); chunk++) {
      Arrays.stream(expected.wantedWorkers(chunk)).forEach(wanted::add);
    }
    assertThat(answer.worker())
        .containsExactly(wanted.stream().mapToInt(Integer::intValue).toArray());
  }

  private static PlacementProblem problem(String shape) {
    return new PublishedWorkload(PublishedShape.byName(shape), 1).scratch(OURS);
  }

  private static List<Integer> sorted(int workers) {
    String[] ids = new String[workers];
    Arrays.setAll(ids, number -> PublishedWorkload.workerId(number).value());
    return IntStream.range(0, workers)
        .boxed()
        .sorted((one, other) -> ids[one].compareTo(ids[other]))
        .toList();
  }
}
