package dev.stowage.deterministic;

import static dev.stowage.deterministic.RoundDeterminismTest.builderOf;
import static dev.stowage.deterministic.RoundDeterminismTest.configOf;
import static dev.stowage.deterministic.RoundDeterminismTest.drive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.deterministic.SchedulerConfig.Mapping;
import dev.stowage.deterministic.queues.LogicalClock.ClockExhausted;
import dev.stowage.deterministic.queues.Timestamp;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.RecordType.RecordStream;
import dev.stowage.evidence.RecordType;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.evidence.Replayer;
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
            .seed(-5)
            .initialClock(Timestamp.of(-9))
            .queueCapacity(11)
            .orderedCapacity(13)
            .effectLimit(17)
            .starvationBound(19)
            .stateCapacity(23)
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
}
