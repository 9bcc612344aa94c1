package dev.stowage.benchmarks.planner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.benchmarks.peers.Assignment;
import dev.stowage.benchmarks.peers.PeerEvent;
import dev.stowage.benchmarks.peers.PeerSubjects;
import dev.stowage.benchmarks.peers.PlacementProblem;
import dev.stowage.benchmarks.peers.PlacementSubject;
import dev.stowage.benchmarks.peers.Quality;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bars of quality (placement design, section 5), and the soundness of every planner. */
class PlannersTest {
  @ParameterizedTest
  @ValueSource(strings = {"stowage", "stowage-warm", "stateless", "waged", "kafka"})
  void planner_onATinyFleet_answersEveryEventSoundlyAndInFull(String planner) throws Exception {
    Map<PeerEvent, Quality> all = all(planner, "tiny");

    assertThat(all.values()).allSatisfy(each -> assertThat(each.missing()).isZero());
    assertThat(quality(all, PeerEvent.STEADY).movedBytes()).isZero();
    all.keySet().removeIf(event -> event == PeerEvent.SCRATCH);
    long whole = 3L * 120 * (100 << 20);
    assertThat(all.values()).allSatisfy(each -> assertThat(each.movedBytes()).isLessThan(whole));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10k50", "10k"})
  void plan_ofEqualSizes_movesTheLeastAndIsEven(String shape) throws Exception {
    assertGoodOfEqualSizes("stowage", shape);
    assertGoodOfEqualSizes("stowage-warm", shape);
  }

  @Test
  @Tag("deep")
  void plan_ofTheLargerFleet_movesTheLeastAndIsEven() throws Exception {
    assertGoodOfEqualSizes("stowage", "r3");
    assertGoodOfEqualSizes("stowage-warm", "r3");
  }

  private static void assertGoodOfEqualSizes(String planner, String shape) throws Exception {
    Map<PeerEvent, Quality> all = all(planner, shape);

    assertThat(overLeast(quality(all, PeerEvent.LEAVE))).isLessThanOrEqualTo(1.0005);
    assertThat(overLeast(quality(all, PeerEvent.JOIN))).isLessThanOrEqualTo(1.02);
    assertThat(overLeast(quality(all, PeerEvent.TENTH))).isLessThanOrEqualTo(1.02);
    assertThat(all.values())
        .allSatisfy(each -> {
          assertThat(each.missing()).isZero();
          assertThat(each.overfull()).isZero();
          assertThat(each.maxOverMean()).isLessThanOrEqualTo(1.01);
          assertThat(each.minOverMean()).isGreaterThanOrEqualTo(0.99);
        });
  }

  @Test
  @Tag("deep")
  void plan_ofUnequalCapacitiesOrSizes_isEven() throws Exception {
    assertThat(all("stowage", "capacities").values())
        .allSatisfy(each -> assertThat(each.maxOverMean()).isLessThanOrEqualTo(1.01));
    PlacementSubject ours = PeerSubjects.byName("stowage");
    PlacementProblem debian = FleetShape.of("debian12").scratch(false);
    assertThat(Quality.of(debian, PlannerBenchmark.solved(ours, debian)).maxOverMean())
        .isLessThanOrEqualTo(1.02);
  }

  @ParameterizedTest
  @ValueSource(strings = {"full970", "full990", "full995"})
  void plan_ofANearlyFullFleet_leavesOutNothing(String shape) throws Exception {
    PlacementProblem full = FleetShape.of(shape).scratch(false);
    Quality quality =
        Quality.of(full, PlannerBenchmark.solved(PeerSubjects.byName("stowage"), full));

    assertThat(quality.missing()).isZero();
    assertThat(quality.overfull()).isZero();
  }

  private static Map<PeerEvent, Quality> all(String planner, String shape) throws Exception {
    PlacementSubject subject = PeerSubjects.byName(planner);
    FleetShape of = FleetShape.of(shape);
    Map<PeerEvent, Quality> all = new EnumMap<>(PeerEvent.class);
    PlacementProblem scratch = of.scratch(subject.isSingle());
    Assignment placed = PlannerBenchmark.solved(subject, scratch);
    all.put(PeerEvent.SCRATCH, Quality.of(scratch, placed));
    for (PeerEvent event : PeerEvent.values()) {
      if (event != PeerEvent.SCRATCH) {
        PlacementProblem problem = of.after(event, scratch, placed);
        all.put(event, Quality.of(problem, PlannerBenchmark.solved(subject, problem)));
      }
    }
    return all;
  }

  private static Quality quality(Map<PeerEvent, Quality> all, PeerEvent event) {
    Quality quality = all.get(event);
    assertThat(quality).isNotNull();
    return quality;
  }

  private static double overLeast(Quality quality) {
    return quality.movedBytes() / (double) Math.max(1, quality.minimumB());
  }
}
