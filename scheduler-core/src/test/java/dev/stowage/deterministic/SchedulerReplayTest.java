package dev.stowage.deterministic;

import static dev.stowage.deterministic.RoundDeterminismTest.builderOf;
import static dev.stowage.deterministic.RoundDeterminismTest.configOf;
import static dev.stowage.deterministic.RoundDeterminismTest.drive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.deterministic.SchedulerConfig.Mapping;
import dev.stowage.deterministic.SchedulerConfig.Stealing;
import dev.stowage.deterministic.queues.LogicalClock.ClockExhausted;
import dev.stowage.deterministic.queues.Timestamp;
import dev.stowage.evidence.Anchor;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.RecordType;
import dev.stowage.evidence.RecordType.RecordStream;
import dev.stowage.evidence.ReplayComparison;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.evidence.Verification;
import dev.stowage.evidence.Verifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerReplayTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 64, 255, 256})
  void recording_fedToAFreshScheduler_reachesTheSameHead(int cores) {
    for (long seed = 0; seed < 10; seed++) {
      SchedulerConfig config = configOf(cores, seed);
      try (DeterministicScheduler scheduler = builderOf(config).threads(4).build()) {
        drive(scheduler, seed);
        ReplayResult result =
            Replayer.run(
                scheduler.log().header(),
                scheduler.log().records(),
                SchedulerReplay.factory(Programs.table(), Programs.guards()));
        assertThat(result.requireSame().head()).isEqualTo(scheduler.log().point());
        assertThat(result.requireSame().inputs()).isPositive();
      }
    }
  }

  @Test
  void inputsAlone_rebuildTheWholeLog() {
    try (DeterministicScheduler scheduler = builderOf(configOf(7, 4)).build()) {
      drive(scheduler, 4);
      List<EvidenceRecord> inputs = new ArrayList<>();
      for (EvidenceRecord record : scheduler.log().records()) {
        if (record.stream() == RecordStream.INPUT) {
          inputs.add(record);
        }
      }
      assertThat((long) inputs.size()).isLessThan(scheduler.log().nextIndex());
      try (DeterministicScheduler rebuilt =
          SchedulerReplay.rebuild(
              scheduler.log().header(), inputs, Programs.table(), Programs.guards())) {
        assertThat(rebuilt.head()).isEqualTo(scheduler.head());
        assertThat(rebuilt.state()).isEqualTo(scheduler.state());
        assertThat(rebuilt.now()).isEqualTo(scheduler.now());
      }
    }
  }

  @Test
  void replayOfAChangedProgram_namesTheFirstDifferentRecord() {
    ProgramTable other =
        ProgramTable.builder().add(Programs.COUNT, (context, argument) -> Hash256.ZERO).build();
    try (DeterministicScheduler scheduler = builderOf(SchedulerConfig.ofCores(2)).build()) {
      scheduler.enqueue(Task.pure(1, 1));
      scheduler.enqueue(Task.call(2, Programs.COUNT, Payload.ofLong(3)));
      scheduler.runRound();
      ReplayResult result =
          Replayer.run(
              scheduler.log().header(),
              scheduler.log().records(),
              SchedulerReplay.factory(other, Programs.guards()));
      assertThat(result).isInstanceOf(ReplayResult.Differs.class);
      assertThat(((ReplayResult.Differs) result).difference().index()).isEqualTo(3);
    }
  }

  @Test
  void replayUnderAHeaderThatIsNone_saysWhatDiffers() {
    EvidenceHeader foreign = EvidenceHeader.of("another", Hash256.ZERO, 1);
    assertThatThrownBy(() ->
            Replayer.run(
                foreign, List.of(), SchedulerReplay.factory(Programs.table(), Programs.guards())))
        .isInstanceOf(EvidenceException.Mismatch.class)
        .hasMessageContaining("deterministic-1");
  }

  @Test
  void replayOnAHostWithoutTheProgram_saysWhichRecordCannotBeRun() {
    try (DeterministicScheduler scheduler = builderOf(SchedulerConfig.ofCores(2)).build()) {
      scheduler.enqueue(Task.pure(1, 1));
      scheduler.enqueue(Task.call(2, Programs.COUNT, Payload.ofLong(3)));
      assertThatThrownBy(() ->
              Replayer.run(
                  scheduler.log().header(),
                  scheduler.log().records(),
                  SchedulerReplay.factory(ProgramTable.empty(), GuardTable.empty())))
          .isInstanceOf(EvidenceException.Mismatch.class)
          .hasMessageContaining("record 1")
          .hasMessageContaining("program 4");
    }
  }

  @Test
  void orderedRunThatTheClockEnded_isReplayedToTheSameHead() {
    SchedulerConfig config =
        SchedulerConfig.builder(1).effectLimit(4).initialClock(Timestamp.of(-8)).build();
    try (DeterministicScheduler scheduler = builderOf(config).build()) {
      for (int i = 0; i < 6; i++) {
        scheduler.enqueueOrdered(Task.pure(i, i), Timestamp.of(3));
      }
      assertThatThrownBy(scheduler::runOrdered).isInstanceOf(ClockExhausted.class);
      assertThat(scheduler.queuedOrdered()).isEqualTo(3);
      scheduler.snapshot();
      ReplayResult result =
          Replayer.run(
              scheduler.log().header(),
              scheduler.log().records(),
              SchedulerReplay.factory(Programs.table(), Programs.guards()));
      assertThat(result.requireSame().head()).isEqualTo(scheduler.log().point());
    }
  }

  @Test
  void configuration_writtenToAHeader_isReadBackEqual() {
    SchedulerConfig config =
        SchedulerConfig.builder(12)
            .quantum(3)
            .mapping(Mapping.MIXING)
            .topology(new Topology.Mesh(4))
            .seed(-5)
            .initialClock(Timestamp.of(-9))
            .queueCapacity(11)
            .orderedCapacity(13)
            .effectLimit(17)
            .starvationBound(19)
            .stateCapacity(23)
            .stealing(Stealing.OFF)
            .build();
    assertThat(SchedulerConfig.from(config.header())).isEqualTo(config);
    assertThatThrownBy(() ->
            SchedulerConfig.from(
                config.header().withAttribute("deterministic.queueCapacity", "many")))
        .hasMessageContaining("many");
    assertThatThrownBy(
            () -> SchedulerConfig.from(config.header().withAttribute("deterministic.rules", "2")))
        .hasMessageContaining("rules are '2'; deterministic-1");
  }

  @Test
  void compareReplays_keepsItsThreeResults() {
    ReplayLog base = logOf(30, List.of());
    assertThat(ReplayLog.compareReplays(base, logOf(30, List.of())))
        .isEqualTo(new ReplayComparison.ExactMatch());
    assertThat(ReplayLog.compareReplays(base, logOf(30, List.of(4))))
        .isEqualTo(new ReplayComparison.MinorDifference(1));
    assertThat(ReplayLog.compareReplays(base, logOf(30, List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10))))
        .isEqualTo(new ReplayComparison.MinorDifference(10));
    assertThat(
            ReplayLog.compareReplays(base, logOf(30, List.of(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))))
        .isEqualTo(new ReplayComparison.Diverged(2));
    assertThat(ReplayLog.compareReplays(base, logOf(29, List.of())))
        .isEqualTo(new ReplayComparison.Diverged(29));
    assertThatThrownBy(() -> ReplayLog.compareReplays(base, logOf(29, List.of())).requireExact())
        .isInstanceOf(EvidenceException.NotExact.class);
  }

  /** A log of enqueued tasks; those at the given places carry another value. */
  private static ReplayLog logOf(int tasks, List<Integer> different) {
    try (DeterministicScheduler scheduler =
        DeterministicScheduler.builder(SchedulerConfig.ofCores(4)).build()) {
      for (int i = 0; i < tasks; i++) {
        scheduler.enqueue(Task.pure(i, different.contains(i) ? 1 : 0));
      }
      return ReplayLog.of(scheduler.log());
    }
  }

  @Test
  void anyFlippedBit_isDetectedAtItsRecord() {
    ReplayLog log = shortLog();
    List<EvidenceRecord> records = log.records();
    Anchor anchor = anchorOf(records);
    for (int i = 0; i < records.size(); i++) {
      EvidenceRecord record = records.get(i);
      for (int bit = 0; bit < record.payloadLength() * 8; bit++) {
        byte[] payload = record.payload();
        payload[bit / 8] ^= (byte) (1 << (bit % 8));
        List<EvidenceRecord> bad = new ArrayList<>(records);
        bad.set(i, EvidenceRecord.of(record.index(), record.wire(), payload, record.hash()));
        assertBroken(Verifier.verify(anchor, bad), i);
      }
    }
  }

  @Test
  void swapDeletionInsertionAndTruncation_areDetected() {
    List<EvidenceRecord> records = shortLog().records();
    Anchor anchor = anchorOf(records);
    for (int i = 0; i + 1 < records.size(); i++) {
      List<EvidenceRecord> swapped = new ArrayList<>(records);
      swapped.set(i, records.get(i + 1));
      swapped.set(i + 1, records.get(i));
      assertBroken(Verifier.verify(anchor, swapped), i);
      List<EvidenceRecord> deleted = new ArrayList<>(records);
      deleted.remove(i);
      assertBroken(Verifier.verify(anchor, deleted), i);
      List<EvidenceRecord> inserted = new ArrayList<>(records);
      inserted.add(i, records.get(i + 1));
      assertBroken(Verifier.verify(anchor, inserted), i);
      assertBroken(Verifier.verify(anchor, records.subList(0, i)), i);
    }
  }

  @Test
  void decode_ofAForeignTypeOrOddPayload_isTyped() {
    EvidenceRecord foreign =
        EvidenceRecord.of(
            0, RecordType.input(0x7000, "FOREIGN").wire(), new byte[] {1}, Hash256.ZERO);
    assertThatThrownBy(() -> SchedulerRecords.decode(foreign))
        .isInstanceOf(EvidenceException.UnknownType.class);
    EvidenceRecord odd =
        EvidenceRecord.of(
            0, SchedulerRecords.TASK_FAILED.wire(), new byte[] {1, 2, 3}, Hash256.ZERO);
    assertThatThrownBy(() -> SchedulerRecords.decode(odd))
        .isInstanceOf(EvidenceException.Malformed.class);
  }

  private static ReplayLog shortLog() {
    try (DeterministicScheduler scheduler = builderOf(SchedulerConfig.ofCores(2)).build()) {
      for (int i = 0; i < 4; i++) {
        scheduler.enqueue(Task.call(i, Programs.ADD, Payload.ofLong(i)));
      }
      scheduler.enqueueOrdered(Task.call(1, Programs.THROW, Payload.EMPTY), Timestamp.of(3));
      scheduler.externalInput("open", Payload.EMPTY);
      scheduler.runRound();
      return ReplayLog.of(scheduler.log());
    }
  }

  private static Anchor anchorOf(List<EvidenceRecord> records) {
    EvidenceLog log = EvidenceLog.of(SchedulerConfig.ofCores(2).header());
    records.forEach(log::append);
    return new Anchor(ChainPoint.originOf(log.header()), log.point());
  }

  private static void assertBroken(Verification verification, long index) {
    assertThat(verification).isInstanceOf(Verification.Broken.class);
    assertThat(((Verification.Broken) verification).index()).isEqualTo(index);
  }
}
