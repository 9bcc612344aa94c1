package dev.stowage.benchmarks.planner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.benchmarks.peers.Assignment;
import dev.stowage.benchmarks.peers.Event;
import dev.stowage.benchmarks.peers.PlacementProblem;
import dev.stowage.benchmarks.peers.PlacementSubject;
import dev.stowage.benchmarks.peers.Quality;
import dev.stowage.benchmarks.peers.Subjects;
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
    Map<Event, Quality> all = all(planner, "tiny");

    assertThat(all.values()).allSatisfy(each -> assertThat(each.missing()).isZero());
    assertThat(quality(all, Event.STEADY).movedBytes()).isZero();
    all.keySet().removeIf(event -> event == Event.SCRATCH);
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
    Map<Event, Quality> all = all(planner, shape);

    assertThat(overLeast(quality(all, Event.LEAVE))).isLessThanOrEqualTo(1.0005);
    assertThat(overLeast(quality(all, Event.JOIN))).isLessThanOrEqualTo(1.02);
    assertThat(overLeast(quality(all, Event.TENTH))).isLessThanOrEqualTo(1.02);
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
    PlacementSubject ours = Subjects.byName("stowage");
    PlacementProblem debian = Shape.of("debian12").scratch(false);
    assertThat(Quality.of(debian, PlannerBenchmark.solved(ours, debian)).maxOverMean())
        .isLessThanOrEqualTo(1.02);
  }

  @ParameterizedTest
  @ValueSource(strings = {"full970", "full990", "full995"})
  void plan_ofANearlyFullFleet_leavesOutNothing(String shape) throws Exception {
    PlacementProblem full = Shape.of(shape).scratch(false);
    Quality quality = Quality.of(full, PlannerBenchmark.solved(Subjects.byName("stowage"), full));

    assertThat(quality.missing()).isZero();
    assertThat(quality.overfull()).isZero();
  }

  private static Map<Event, Quality> all(String planner, String shape) throws Exception {
    PlacementSubject subject = Subjects.byName(planner);
    Shape of = Shape.of(shape);
    Map<Event, Quality> all = new EnumMap<>(Event.class);
    PlacementProblem scratch = of.scratch(subject.isSingle());
    Assignment placed = PlannerBenchmark.solved(subject, scratch);
    all.put(Event.SCRATCH, Quality.of(scratch, placed));
    for (Event event : Event.values()) {
      if (event != Event.SCRATCH) {
        PlacementProblem problem = of.after(event, scratch, placed);
        all.put(event, Quality.of(problem, PlannerBenchmark.solved(subject, problem)));
      }
    }
    return all;
  }

  private static Quality quality(Map<Event, Quality> all, Event event) {
    Quality quality = all.get(event);
    assertThat(quality).isNotNull();
    return quality;
  }

  private static double overLeast(Quality quality) {
    return quality.movedBytes() / (double) Math.max(1, quality.minimumB());
  }
}
