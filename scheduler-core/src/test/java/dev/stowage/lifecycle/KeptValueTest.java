package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.pressure.PressureBand;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.MoveRecord;
import dev.stowage.rebalance.tables.MoveLedger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The effect of {@link Command.ResetTime} on each value that a part keeps beside the rows. */
class KeptValueTest {
  private static final Tick BEFORE = Tick.of(5_000);
  private static final Tick BACK = Tick.of(100);
  private static final WorkerId A = WorkerId.of("a");
  private static final WorkerId B = WorkerId.of("b");

  private final Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
  private final LifecycleState state =
      LifecycleState.empty(
          LifecycleConfig.builder().trust(LifecycleConfig.Trust.BLIND).build(), Lineage.of(7));

  /** A content kept at {@link #BEFORE}, and the content after a reset to {@link #BACK}. */
  private record Sample(byte[] kept, byte[] reset) {}

  // No default branch: a new kept value does not compile without a sample.
  private static Sample sampleOf(KeptValue value) {
    return switch (value) {
      case MOVES ->
          new Sample(
              moves(move(4_900, 0), move(4_800, 5_800), move(4_950, 4_700)),
              moves(move(100, 0), move(100, 1_100), move(100, 0)));
      case AVOIDED -> new Sample(avoided(4_990, 5_290), avoided(100, 400));
      case OBSERVED_PRESSURE ->
          new Sample(
              new ObservedPressure(PressureBand.HIGH, 4_999).toAnnex().content(),
              new ObservedPressure(PressureBand.HIGH, 100).toAnnex().content());
      case PURGED_LIVES -> {
        byte[] lives = ByteBuffer.allocate(Long.BYTES).putLong(4_999).array();
        yield new Sample(lives, lives);
      }
    };
  }

  private void tell(Command<?> command, Tick now) {
    lifecycle.execute(state, command, now);
  }

  @ParameterizedTest
  @EnumSource
  void resetTime_leavesNoTickAhead(KeptValue value) {
    Sample sample = sampleOf(value);
    tell(new Command.Schedule(), BEFORE);
    tell(new Command.Keep(value.with(sample.kept())), BEFORE);
    assertThat(value.of(state)).isEqualTo(sample.kept());
    tell(new Command.ResetTime(BACK), BACK);
    assertThat(value.of(state)).isEqualTo(sample.reset());
    assertThat(state.digest()).isEqualTo(state.fullDigest());
  }

  @ParameterizedTest
  @EnumSource
  void resetTime_leavesWhatNoReaderReads(KeptValue value) {
    byte[] garbage = {9};
    assertThat(KeptValue.resetTime(value.with(garbage), BACK).content()).isEqualTo(garbage);
    assertThat(KeptValue.resetTime(value.with(new byte[0]), BACK).content()).isEmpty();
  }

  @Test
  void resetTime_leavesAHostsAnnex() {
    Annex theirs = new Annex("host/1", new byte[] {1, 2});
    assertThat(KeptValue.resetTime(theirs, BACK)).isEqualTo(theirs);
  }

  private static byte[] moves(MoveRecord... moves) {
    MoveLedger ledger = new MoveLedger();
    for (MoveRecord move : moves) {
      long counter = ledger.size() + 1L;
      ledger.put(
          new MoveRecord(
              new ChunkNumber(Lineage.of(7), counter),
              A,
              B,
              100,
              move.askedTick(),
              MoveRecord.Phase.DONE,
              2,
              move.pinnedUntilTick(),
              List.of(A)));
    }
    return ledger.toBytes();
  }

  private static MoveRecord move(long asked, long pinnedUntil) {
    return new MoveRecord(
        new ChunkNumber(Lineage.of(7), 1),
        A,
        B,
        100,
        asked,
        MoveRecord.Phase.DONE,
        2,
        pinnedUntil,
        List.of(A));
  }

  private static byte[] avoided(long since, long until) {
    AvoidList list = new AvoidList(Duration.ofSeconds(1));
    list.avoid(A, "slow", Duration.ofSeconds(until - since), Tick.of(since));
    return list.toBytes();
  }
}
