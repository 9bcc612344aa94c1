package dev.stowage.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.transfer.TransferChunk.Costs;
import dev.stowage.transfer.TransferChunk.Value;
import dev.stowage.transfer.TransferScheduler.Answer;
import dev.stowage.transfer.TransferScheduler.Failure;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long GIB = 1L << 30;
  private static final PressureSnapshot NONE = PressureSnapshot.NONE;

  private final TransferScheduler scheduler = new TransferScheduler();

  @Test
  @Tag("A-T35")
  void equals_goByPriority() {
    offer(
        chunk(1_024, TransferPriority.STANDARD),
        chunk(0, TransferPriority.CONTROL),
        chunk(2_048, TransferPriority.REPAIR));
    assertThat(drain()).containsExactly(0L, 1_024L, 2_048L);
  }

  @Test
  @Tag("A-G20")
  void priority_goesBeforeAnyScore_andDuplicatesAreRefused() {
    offer(
        chunk(1, TransferPriority.STANDARD).withValue(new Value(0, 1.0, 0)),
        chunk(2, TransferPriority.CONTROL).withValue(new Value(0, 0.5, 0)));
    assertThat(scheduler.offer(chunk(1, TransferPriority.CONTROL), 0)).isFalse();
    assertThat(drain()).containsExactly(2L, 1L);
  }

  @Test
  @Tag("A-T36")
  void cpuPerGib_isTheExactMean_andSuccessCountsOnce() {
    offer(
        TransferChunk.of(1, 0, GIB, TransferPriority.STANDARD),
        TransferChunk.of(2, 0, GIB, TransferPriority.STANDARD));
    drain();
    assertThat(scheduler.complete(1, 0, 1.0)).isTrue();
    assertThat(scheduler.complete(1, 0, 9.0)).isFalse();
    assertThat(scheduler.complete(2, 0, 2.0)).isTrue();
    assertThat(scheduler.cpuSecondsPerGib()).isEqualTo(1.5);
  }

  @Test
  void bytesOfTransfers_areCountedUpToTheLargestNumber() {
    for (int i = 0; i < 2; i++) {
      offer(TransferChunk.of(i, 0, Long.MAX_VALUE, TransferPriority.STANDARD));
      drain();
      scheduler.fail(i, 0, 0);
      drain();
      assertThat(scheduler.complete(i, 0, 1)).isTrue();
    }
    assertThat(scheduler.wastedBytes()).isEqualTo(Long.MAX_VALUE);
    assertThat(scheduler.cpuSecondsPerGib()).isPositive();
  }

  @Test
  @Tag("A-G20")
  void failed_isTriedThreeTimesAgain_andItsBytesAreWasted() {
    offer(TransferChunk.of(1, 0, 100, TransferPriority.STANDARD));
    for (int i = 0; i < 3; i++) {
      drain();
      assertThat(scheduler.fail(1, 0, 0)).isEqualTo(Failure.RETRY);
    }
    drain();
    assertThat(scheduler.fail(1, 0, 0)).isEqualTo(Failure.GIVEN_UP);
    assertThat(scheduler.fail(1, 0, 0)).isEqualTo(Failure.UNKNOWN);
    assertThat(scheduler.wastedBytes()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "0.8,0.7,SEND",
    "0.8000000000000002,0,THROTTLED",
    "0,0.7000000000000002,THROTTLED",
    "NaN,0,THROTTLED"
  })
  void pressure_aboveItsLimits_sendsNothing(double cpu, double disk, String expected) {
    offer(chunk(0, TransferPriority.CONTROL));
    Answer answer = scheduler.next(new PressureSnapshot(0, disk, cpu, 0, 0), Long.MAX_VALUE, 0);
    assertThat(answer instanceof Answer.Send ? "SEND" : "THROTTLED").isEqualTo(expected);
  }

  @Test
  void limits_areSixteenTransfersAnd32Chunks() {
    for (int object = 0; object < 17; object++) {
      offer(TransferChunk.of(object, 0, 1, TransferPriority.STANDARD));
    }
    assertThat(drain()).hasSize(16);
    assertThat(next()).isInstanceOf(Answer.NothingFits.class);
    for (int i = 1; i <= 20; i++) {
      offer(TransferChunk.of(0, i, 1, TransferPriority.STANDARD));
    }
    assertThat(drain()).hasSize(16);
    assertThat(next()).isInstanceOf(Answer.Saturated.class);
    assertThat(scheduler.inFlightCount()).isEqualTo(32);
    assertThat(scheduler.inFlightCount(0)).isEqualTo(17);
  }

  @Test
  void budget_letsThroughWhatFits() {
    offer(
        TransferChunk.of(1, 0, 10_240, TransferPriority.CONTROL),
        TransferChunk.of(2, 0, 5_120, TransferPriority.STANDARD));
    assertThat(scheduler.next(NONE, 4, 0)).isInstanceOf(Answer.NothingFits.class);
    assertThat(((Answer.Send) scheduler.next(NONE, 5, 0)).chunk().object()).isEqualTo(2);
    assertThat(((Answer.Send) scheduler.next(NONE, 10, 0)).chunk().object()).isEqualTo(1);
    assertThat(scheduler.next(NONE, 10, 0)).isInstanceOf(Answer.Idle.class);
  }

  @Test
  @Tag("A-G20")
  void deadline_comingNearer_sortsAgain_andOnceItPassedBringsNothing() {
    offer(
        chunk(1, TransferPriority.STANDARD).withValue(new Value(1.0, 0, 0)),
        chunk(2, TransferPriority.STANDARD).withDeadline(100 * SECOND),
        chunk(3, TransferPriority.STANDARD).withDeadline(400 * SECOND));
    assertThat(TransferFormulas.score(chunk(2, TransferPriority.STANDARD), 0)).isZero();
    assertThat(((Answer.Send) scheduler.next(NONE, 9, 41 * SECOND)).chunk().offset()).isEqualTo(2);
    assertThat(((Answer.Send) scheduler.next(NONE, 9, 340 * SECOND)).chunk().offset()).isEqualTo(1);
    offer(chunk(4, TransferPriority.STANDARD).withValue(new Value(0.1, 0, 0)));
    assertThat(((Answer.Send) scheduler.next(NONE, 9, 400 * SECOND)).chunk().offset()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "60000000000,1.0",
    "59999999999,3.0",
    "300000000000,0.0",
    "299999999999,1.0",
    "1,3.0",
    "0,0.0",
    "-5,0.0",
    "9223372036854775807,0.0"
  })
  void deadlineBonus_atEachBound(long deadline, double bonus) {
    assertThat(TransferFormulas.deadlineBonus(deadline, 0)).isEqualTo(bonus);
    assertThat(TransferFormulas.nextBonusChange(deadline, 0)).isPositive();
  }

  @Test
  void formulas_areThePublishedOnes() {
    TransferChunk chunk =
        TransferChunk.of(1, 0, 100_000, TransferPriority.REPAIR)
            .withCosts(new Costs(0.5, 0.25, 0.25))
            .withValue(new Value(0.2, 0.6, 50_000));
    PressureSnapshot pressure = new PressureSnapshot(0.1, 0.2, 0.3, 0.4, 0);
    assertThat(TransferFormulas.score(chunk, 0)).isEqualTo(0.4 + 0.9 + 1.0, within(1e-12));
    assertThat(TransferFormulas.polls(chunk, pressure)).isEqualTo(5);
    assertThat(TransferFormulas.budgetCost(chunk)).isEqualTo(98 + 1024 - 48);
    double weighted = 0.5 * 0.3 + 0.25 * 0.2 + 0.25 * 0.1;
    assertThat(TransferFormulas.pathQuality(0.9, 0.8, chunk.costs(), pressure))
        .isEqualTo(0.45 * 0.9 + 0.16 + 0.25 * (1 - weighted) + 0.06, within(1e-12));
    assertThat(TransferFormulas.repairRoi(1.0, chunk, 200_000))
        .isEqualTo(0.7 + 0.3 * ((0.6 + 0.5) * 1.5 / (1 + 1 + 2)), within(1e-12));
    assertThat(TransferFormulas.fairness(TransferPriority.CONTROL, 8, 16))
        .isEqualTo(0.40 - 0.1875 - 0.125, within(1e-12));
    assertThat(TransferFormulas.fairness(TransferPriority.SPECULATIVE, 32, 32)).isEqualTo(-1);
    double work = 100_000 / 65_536.0 * 8 + 64;
    assertThat(TransferFormulas.durationMillis(chunk, pressure, 0.5))
        .isEqualTo((long) Math.ceil(work * 1.6 * 1.5));
    PressureSnapshot busy = new PressureSnapshot(0, 0.8, 0.9, 0, 0);
    assertThat(TransferFormulas.scoreUnderPressure(chunk, busy, 0))
        .isEqualTo(2.3 - 1.0 - 0.5, within(1e-12));
  }

  @Test
  void history_isTrimmedFrom10001To9001() {
    for (int i = 0; i < 10_001; i++) {
      offer(TransferChunk.of(1, i, 1, TransferPriority.STANDARD));
      drain();
      scheduler.complete(1, i, 0);
      if (i == 9_999) {
        assertThat(scheduler.history()).hasSize(10_000);
      }
    }
    assertThat(scheduler.history()).hasSize(9_001);
    assertThat(scheduler.history().get(0).sequence()).isEqualTo(1_000);
  }

  @Test
  void numbersThatCannotBe_areRefused() {
    assertThatThrownBy(() -> new Costs(Double.NaN, 0, 0)).hasMessageContaining("cpu is NaN");
    assertThatThrownBy(() -> new Value(0, Double.POSITIVE_INFINITY, 0))
        .hasMessageContaining("decodeUsefulness");
    assertThatThrownBy(() -> TransferChunk.of(1, -1, 0, TransferPriority.CONTROL))
        .hasMessageContaining("offset is -1");
    assertThatThrownBy(() -> scheduler.complete(1, 1, Double.NaN))
        .hasMessageContaining("cpuSeconds");
  }

  private Answer next() {
    return scheduler.next(NONE, Long.MAX_VALUE, 0);
  }

  private List<Long> drain() {
    List<Long> offsets = new ArrayList<>();
    for (Answer answer = next(); answer instanceof Answer.Send send; answer = next()) {
      offsets.add(send.chunk().offset());
    }
    return offsets;
  }

  private void offer(TransferChunk... chunks) {
    for (TransferChunk chunk : chunks) {
      assertThat(scheduler.offer(chunk, 0)).isTrue();
    }
  }

  private static TransferChunk chunk(long offset, TransferPriority priority) {
    return TransferChunk.of(1, offset, 1_024, priority);
  }
}
