package dev.stowage.deterministic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TopologyTest {
  @Property(seed = "1")
  void everyTopology_mapsEveryNumberToACore(
      @ForAll long number,
      @ForAll @IntRange(min = 1, max = 16) int a,
      @ForAll @IntRange(min = 1, max = 16) int b) {
    int cores = a * b;
    for (Topology topology :
        List.of(Topology.flat(), new Topology.Groups(a), new Topology.Mesh(b))) {
      assertThat(topology.fits(cores)).isTrue();
      assertThat(topology.coreOf(number, cores)).isBetween(0, cores - 1);
      assertThat(Topology.parse(topology.label())).isEqualTo(topology);
    }
  }

  @Test
  void topologies_useEveryCoreEvenly() {
    for (Topology topology :
        List.of(Topology.flat(), new Topology.Groups(4), new Topology.Mesh(6))) {
      int[] load = new int[12];
      for (int number = 0; number < 1200; number++) {
        load[topology.coreOf(number, 12)]++;
      }
      assertThat(load).containsOnly(100);
    }
  }

  @Test
  void distances_followTheLayout() {
    assertThat(new Topology.Groups(4).distance(0, 3)).isZero();
    assertThat(new Topology.Groups(4).distance(3, 4)).isEqualTo(1);
    assertThat(new Topology.Mesh(3).distance(0, 8)).isEqualTo(4);
    assertThat(Topology.flat().distance(0, 255)).isZero();
  }

  @Test
  void badTopologies_areRefusedByName() {
    assertThatThrownBy(() -> new Topology.Groups(0)).hasMessageContaining("0; 1 to 256");
    assertThatThrownBy(() -> new Topology.Mesh(257)).hasMessageContaining("257; 1 to 256");
    assertThatThrownBy(() -> Topology.parse("ring")).hasMessageContaining("ring");
    assertThatThrownBy(() -> Topology.parse("mesh:x")).hasMessageContaining("'x'");
    assertThatThrownBy(() -> SchedulerConfig.builder(7).topology(new Topology.Groups(2)).build())
        .hasMessageContaining("groups:2 does not divide 7");
  }

  @Test
  void victims_ofTheOwnGroup_areTriedFirst() {
    SchedulerConfig config =
        SchedulerConfig.builder(4).topology(new Topology.Groups(2)).quantum(1).build();
    try (DeterministicScheduler scheduler = DeterministicScheduler.builder(config).build()) {
      // ids 1 mod 4 lie on core 2 (group 1, first), ids 0 mod 4 on core 0
      for (int i = 0; i < 4; i++) {
        scheduler.enqueue(Task.pure(1 + 4L * i, i));
      }
      for (int i = 0; i < 8; i++) {
        scheduler.enqueue(Task.pure(4L * i, i));
      }
      scheduler.runRound();
      assertThat(stealsOf(scheduler))
          .extracting(SchedulerEvent.TasksStolen::from, SchedulerEvent.TasksStolen::to)
          .containsExactly(tuple(0, 1), tuple(2, 3));
    }
  }

  private static List<SchedulerEvent.TasksStolen> stealsOf(DeterministicScheduler scheduler) {
    return ReplayLog.of(scheduler.log()).events().stream()
        .filter(SchedulerEvent.TasksStolen.class::isInstance)
        .map(SchedulerEvent.TasksStolen.class::cast)
        .toList();
  }
}
