package dev.stowage.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SubjectsTest {
  private static final int CHUNKS = 120;
  private static final int WORKERS = 12;

  /** Walks for chunks times workers steps, whether there is something to do or not. */
  private static final String SLOW = "hbase";

  static Stream<String> names() {
    return Stream.concat(Subjects.OURS.stream(), Subjects.PEERS.stream())
        .filter(name -> !name.equals(SLOW));
  }

  @ParameterizedTest
  @MethodSource("names")
  void subject_answers_every_event_soundly_and_in_full(String name) throws Exception {
    PlacementSubject subject = Subjects.byName(name, 1);
    int replicas = subject.isSingle() ? 1 : 3;
    PlacementProblem scratch = SmallFleet.scratch(CHUNKS, WORKERS, replicas);
    Assignment placed = solve(Subjects.byName(subject.base(), 1), scratch);

    assertThat(Quality.of(scratch, placed).missing()).isZero();
    for (Event event : Event.values()) {
      if (event != Event.SCRATCH && subject.answers(event)) {
        PlacementProblem problem = SmallFleet.after(event, scratch, placed);
        Quality quality = Quality.of(problem, solve(subject, problem));

        assertThat(quality.missing()).as(event.title()).isZero();
        assertThat(quality.movedBytes()).as(event.title()).isLessThan(scratchBytes(replicas));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void subject_keeps_everything_when_nothing_happens(String name) throws Exception {
    PlacementSubject subject = Subjects.byName(name, 1);
    if (subject.answers(Event.STEADY)) {
      PlacementProblem scratch = SmallFleet.scratch(CHUNKS, WORKERS, subject.isSingle() ? 1 : 2);
      Assignment placed = solve(Subjects.byName(subject.base(), 1), scratch);
      PlacementProblem problem = SmallFleet.after(Event.STEADY, scratch, placed);

      assertThat(Quality.of(problem, solve(subject, problem)).movedBytes()).isZero();
    }
  }

  @Test
  void slow_subject_answers_soundly_and_in_full_on_a_small_fleet() throws Exception {
    PlacementSubject subject = Subjects.byName(SLOW, 1);
    PlacementProblem scratch = SmallFleet.scratch(30, 5, 1);
    Assignment placed = solve(subject, scratch);

    assertThat(Quality.of(scratch, placed).missing()).isZero();
    for (Event event : new Event[] {Event.STEADY, Event.LEAVE, Event.JOIN, Event.GROWTH}) {
      PlacementProblem problem = SmallFleet.after(event, scratch, placed);

      assertThat(Quality.of(problem, solve(subject, problem)).missing()).isZero();
    }
  }

  private static long scratchBytes(int replicas) {
    return CHUNKS * replicas * SmallFleet.CHUNK;
  }

  private static Assignment solve(PlacementSubject subject, PlacementProblem problem)
      throws Exception {
    PlacementSubject.Trial trial = subject.prepare(problem);
    trial.run();
    Assignment assignment = trial.assignment();
    assertThat(AssignmentAudit.faults(problem, assignment)).isEmpty();
    return assignment;
  }
}
