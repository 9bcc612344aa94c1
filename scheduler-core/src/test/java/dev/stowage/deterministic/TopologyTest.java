package dev.stowage.deterministic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.Verification;
import java.util.ArrayList;
import java.util.Comparator;
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

  @Test
  void hierarchy_chainsItsChildrensHeadsAndMergesByRoundAndChild() {
    List<DeterministicScheduler> children = new ArrayList<>();
    for (int child = 0; child < 3; child++) {
      SchedulerConfig config = SchedulerConfig.builder(2).seed(child).build();
      children.add(RoundDeterminismTest.builderOf(config).threads(1 + child).build());
    }
    EvidenceLog parent = EvidenceLog.of(EvidenceHeader.of("parent", Hash256.ZERO, 0));
    Hierarchy hierarchy = Hierarchy.of(parent, children);
    for (int child = 0; child < 3; child++) {
      for (int id = 0; id < 5; id++) {
        children.get(child).enqueue(Task.call(id, Programs.MIXED, Payload.ofLong(child)));
      }
    }
    int rounds = 0;
    while (hierarchy.runRound().stream().anyMatch(result -> !result.isIdle())) {
      rounds++;
    }
    assertThat(rounds).isGreaterThan(1);
    assertThat(parent.verify()).isInstanceOf(Verification.Intact.class);
    assertThat(hierarchy.verifyChildren()).isEmpty();
    assertThat(hierarchy.merged())
        .isSortedAccordingTo(
            Comparator.comparingLong(Hierarchy.ChildEvent::childRound)
                .thenComparingInt(Hierarchy.ChildEvent::child));
    long events = children.stream().mapToLong(child -> child.log().nextIndex()).sum();
    assertThat(hierarchy.merged()).hasSize((int) events);
    children.forEach(DeterministicScheduler::close);
  }

  @Test
  void mergedEvents_ofChildrenWithTrimmedOrRestoredLogs_keepTheirTrueRounds() {
    SchedulerConfig config = SchedulerConfig.builder(1).quantum(1).build();
    DeterministicScheduler trimmed = DeterministicScheduler.builder(config).build();
    DeterministicScheduler original = DeterministicScheduler.builder(config).build();
    for (int i = 0; i < 5; i++) {
      trimmed.enqueue(Task.pure(i, i));
      original.enqueue(Task.pure(i, i));
    }
    original.runRound();
    original.runRound();
    DeterministicScheduler restored =
        DeterministicScheduler.builder(config).restore(original.snapshot());
    EvidenceLog parent = EvidenceLog.of(EvidenceHeader.of("parent", Hash256.ZERO, 0));
    Hierarchy hierarchy = Hierarchy.of(parent, List.of(trimmed, restored));
    for (int round = 0; round < 5; round++) {
      hierarchy.runRound();
      if (round == 2) {
        trimmed.log().trimBefore(trimmed.log().nextIndex());
      }
    }
    assertThat(hierarchy.merged())
        .filteredOn(each -> each.event() instanceof SchedulerEvent.RoundEnded)
        .extracting(Hierarchy.ChildEvent::childRound, Hierarchy.ChildEvent::child)
        .containsExactly(tuple(2L, 1), tuple(3L, 0), tuple(3L, 1), tuple(4L, 0), tuple(4L, 1));
    assertThat(hierarchy.verifyChildren()).isEmpty();
    trimmed.close();
    original.close();
    restored.close();
  }

  @Test
  void childThatOnlyStepped_isVouchedForByAnIdleRound() {
    EvidenceLog parent = EvidenceLog.of(EvidenceHeader.of("parent", Hash256.ZERO, 0));
    SchedulerConfig config = SchedulerConfig.ofCores(1);
    DeterministicScheduler honest = DeterministicScheduler.builder(config).build();
    DeterministicScheduler forged = DeterministicScheduler.builder(config).build();
    Hierarchy hierarchy = Hierarchy.of(parent, List.of(honest));
    honest.enqueue(Task.pure(1, 1));
    forged.enqueue(Task.pure(1, 2));
    honest.stepCore(0);
    forged.stepCore(0);
    assertThat(hierarchy.runRound()).allMatch(RoundResult::isIdle);
    hierarchy.runRound();
    assertThat(parent.nextIndex()).isEqualTo(1);
    assertThat(hierarchy.verifyChildren()).isEmpty();
    assertThat(Hierarchy.of(parent, List.of(forged)).verifyChildren()).isPresent();
    honest.close();
    forged.close();
  }

  @Test
  void childWithAnotherHistory_isFoundByTheParent() {
    EvidenceLog parent = EvidenceLog.of(EvidenceHeader.of("parent", Hash256.ZERO, 0));
    SchedulerConfig config = SchedulerConfig.ofCores(1);
    DeterministicScheduler honest = DeterministicScheduler.builder(config).build();
    honest.enqueue(Task.pure(1, 1));
    Hierarchy.of(parent, List.of(honest)).runRound();
    DeterministicScheduler forged = DeterministicScheduler.builder(config).build();
    forged.enqueue(Task.pure(1, 2));
    forged.runRound();
    assertThat(Hierarchy.of(parent, List.of(forged)).verifyChildren())
        .hasValueSatisfying(
            mismatch -> assertThat(mismatch.expected()).isEqualTo(honest.log().point()));
    DeterministicScheduler shorter = DeterministicScheduler.builder(config).build();
    assertThat(Hierarchy.of(parent, List.of(shorter)).verifyChildren()).isPresent();
    honest.close();
    forged.close();
    shorter.close();
  }
}
