package dev.stowage.transfers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stowage.answer.Avoided;
import dev.stowage.model.WorkerId;
import dev.stowage.transfers.PeerBook.Candidate;
import dev.stowage.transfers.PeerBook.End;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests the memory of transfers between workers, and the paths avoided by it. */
class PeerBookTest {
  private static final long MIB = 1 << 20;
  private static final long SECOND = 1_000_000_000L;
  private static final WorkerId A = WorkerId.of("a");
  private static final WorkerId B = WorkerId.of("b");
  private static final WorkerId TO = WorkerId.of("to");

  private final PeerBook book = new PeerBook(2, 10, 35);

  private PeerScore score(WorkerId source, WorkerId worker) {
    return book.score(new Candidate(source, 0.5, 0, true), worker, 5);
  }

  private void fail(WorkerId source, long now) {
    book.observe(source, TO, 0, 0, End.FAILED, now);
  }

  private boolean isAvoided(WorkerId source, WorkerId worker, long now) {
    return book.avoidedPaths(now).stream()
        .anyMatch(it -> it.worker().equals(worker) && it.source().equals(Optional.of(source)));
  }

  private long avoidedUntil(WorkerId source) {
    long until = 0;
    while (isAvoided(source, TO, until)) {
      until++;
    }
    return until;
  }

  @Test
  void sourceThatNobodyObserved_hasTheRateThatIsExpected() {
    assertThat(score(A, TO)).isEqualTo(new PeerScore(5, 0, 0, 0, 0.5, 0));
  }

  @Test
  void rate_isThatOfThePath_elseOfTheSource_elseToTheWorker() {
    book.observe(A, TO, 10 * MIB, SECOND, End.ARRIVED, 0);
    book.observe(A, B, 20 * MIB, SECOND, End.ARRIVED, 0);
    assertThat(score(A, TO).bytesPerSecond()).isEqualTo(10 * MIB);
    assertThat(score(A, WorkerId.of("other")).bytesPerSecond()).isCloseTo(13 * MIB, within(1.0));
    assertThat(score(B, TO).bytesPerSecond()).isEqualTo(10 * MIB);
    assertThat(score(WorkerId.of("c"), WorkerId.of("other")).bytesPerSecond()).isEqualTo(5);
  }

  @Test
  void newFigure_weighsThreeTenths() {
    book.observe(A, TO, 10 * MIB, SECOND, End.ARRIVED, 0);
    book.observe(A, TO, 20 * MIB, SECOND, End.ARRIVED, 0);
    assertThat(score(A, TO).bytesPerSecond()).isCloseTo(13 * MIB, within(1.0));
  }

  @Test
  void smallArrival_measuresTheLatency_andNotTheRate() {
    book.observe(A, TO, PeerBook.LATENCY_BYTES, SECOND / 50, End.ARRIVED, 0);
    assertThat(score(A, TO).latencyMillis()).isEqualTo(20);
    assertThat(score(A, TO).bytesPerSecond()).isEqualTo(5);
  }

  @Test
  void stall_measuresTheRate_andFails() {
    book.observe(A, TO, 100, SECOND, End.STALLED, 0);
    assertThat(score(A, TO).bytesPerSecond()).isEqualTo(100);
    assertThat(score(A, TO).latencyMillis()).isZero();
    assertThat(score(A, TO).failures()).isEqualTo(1);
  }

  @Test
  void successesAndFailures_fade() {
    for (int i = 0; i < 1_000; i++) {
      fail(A, 0);
    }
    for (int i = 0; i < 200; i++) {
      book.observe(A, TO, MIB, SECOND, End.ARRIVED, 0);
    }
    PeerScore score = score(A, TO);
    assertThat(score.successes() + score.failures()).isBetween(31L, 64L);
    assertThat(score.failures()).isLessThan(3);
  }

  @Test
  void pathThatFails_isAvoided_forATimeThatDoublesAndEnds() {
    fail(A, 0);
    assertThat(isAvoided(A, TO, 0)).isFalse();
    fail(A, 0);
    assertThat(avoidedUntil(A)).isEqualTo(10);
    fail(A, 5);
    assertThat(avoidedUntil(A)).as("it was under way already").isEqualTo(10);
    fail(A, 10);
    assertThat(isAvoided(A, TO, 29)).isTrue();
    assertThat(isAvoided(A, TO, 30)).isFalse();
    fail(A, 30);
    assertThat(isAvoided(A, TO, 64)).as("at most 35").isTrue();
    assertThat(isAvoided(A, TO, 65)).isFalse();
    assertThat(isAvoided(A, B, 30)).as("another path").isFalse();
  }

  @Test
  void arrival_endsTheAvoidance_andTheNextBeginsAtTheFirstTime() {
    fail(A, 0);
    fail(A, 0);
    fail(A, 10);
    book.observe(A, TO, MIB, SECOND, End.ARRIVED, 11);
    assertThat(isAvoided(A, TO, 11)).isFalse();
    fail(A, 100);
    assertThat(isAvoided(A, TO, 100)).isFalse();
    fail(A, 100);
    assertThat(isAvoided(A, TO, 109)).isTrue();
    assertThat(isAvoided(A, TO, 110)).isFalse();
  }

  @Test
  void workerWithTwoAvoidedPaths_isUnreachable_untilOneOfThemIsTriedAgain() {
    fail(A, 0);
    fail(A, 0);
    assertThat(book.unreachable(0)).as("the source may be the cause").isEmpty();
    fail(null, 3);
    fail(null, 3);
    assertThat(book.unreachable(3)).containsExactly(new Avoided(TO, true, Optional.empty(), 4, 10));
    assertThat(book.avoidedPaths(3))
        .containsExactly(
            new Avoided(TO, false, Optional.empty(), 2, 13),
            new Avoided(TO, false, Optional.of(A), 2, 10));
    assertThat(book.unreachable(10)).isEmpty();
    fail(A, 10);
    assertThat(book.unreachable(10)).hasSize(1);
    book.observe(B, TO, MIB, SECOND, End.ARRIVED, 11);
    assertThat(book.unreachable(11)).isEmpty();
  }

  @Test
  void secondsToAWorker_areThoseObserved_timesItsFailures() {
    assertThat(book.seconds(TO, 10 * MIB, 7)).isEqualTo(7);
    fail(A, 0);
    assertThat(book.seconds(TO, 10 * MIB, 7)).isEqualTo(14);
    book.observe(A, TO, 5 * MIB, SECOND, End.ARRIVED, 0);
    book.observe(B, TO, 1, SECOND, End.ARRIVED, 0);
    assertThat(book.seconds(TO, 10 * MIB, 7)).isEqualTo(3);
    for (int i = 0; i < 100; i++) {
      fail(A, 0);
    }
    assertThat(book.seconds(TO, 10 * MIB, 7)).isEqualTo(24);
  }

  @Test
  void workerThatIsForgotten_isForgottenAsASourceToo() {
    fail(A, 0);
    fail(A, 0);
    fail(B, 0);
    fail(B, 0);
    book.forget(A);
    assertThat(isAvoided(A, TO, 0)).isFalse();
    assertThat(score(A, TO).failures()).isZero();
    assertThat(book.unreachable(0)).isEmpty();
    book.forget(TO);
    assertThat(book.avoidedPaths(0)).isEmpty();
  }

  @Test
  void sourcesOfAWorker_areBounded() {
    for (int i = 0; i < 10_000; i++) {
      WorkerId source = WorkerId.of("s" + i);
      fail(source, 0);
      fail(source, 0);
    }
    List<Avoided> avoided = book.avoidedPaths(0);
    assertThat(avoided).hasSize(PeerBook.MOST_SOURCES);
    assertThat(avoided).anyMatch(it -> it.source().equals(Optional.of(WorkerId.of("s9999"))));
  }
}
