package dev.stowage.deterministic;

import static dev.stowage.deterministic.RoundDeterminismTest.configOf;
import static dev.stowage.deterministic.RoundDeterminismTest.driven;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.deterministic.SchedulerConfig.Mapping;
import dev.stowage.deterministic.SchedulerConfig.ReplaySeed;
import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerReplayTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 64, 255, 256})
  void recording_fedToAFreshScheduler_reachesTheSameHead(int cores) {
    for (long seed = 0; seed < 10; seed++) {
      Trial trial = driven(configOf(cores, seed), Runnable::run);
      ReplayResult.Same same = again(trial, Programs.TABLE).requireSame();
      assertThat(same.head()).isEqualTo(trial.log.point());
      assertThat(same.inputs()).isPositive();
    }
  }

  @Test
  void replayOnAHostWithoutTheProgram_saysWhichRecordCannotBeRun() {
    assertThatThrownBy(() -> again(counted(), TaskTable.EMPTY))
        .isInstanceOf(EvidenceException.Mismatch.class)
        .hasMessageContaining("record 2")
        .hasMessageContaining("program 4");
  }

  @Test
  void runsThatTheClockEnded_areReplayedToTheSameHead() {
    Trial late = Trial.startingAt(-200);
    for (int i = 0; i < 200; i++) {
      late.enqueueAt(3, Task.pure(i, i));
    }
    assertThat(late.scheduler.runOrdered().ran()).isEqualTo(135);
    assertThat(again(late, Programs.TABLE).requireSame().head()).isEqualTo(late.log.point());
  }

  @Test
  void configuration_writtenToAHeader_isReadBackEqual() {
    SchedulerConfig config =
        new SchedulerConfig(new ReplaySeed(-5, new Timestamp(-900), 12), Mapping.MIXING, 3, 11, 13);
    Trial trial = new Trial(config);
    trial.enqueue(Task.pure(1, 1));
    assertThat(again(trial, Programs.TABLE).requireSame().head()).isEqualTo(trial.log.point());
    EvidenceHeader other = trial.log.header().withAttribute("part.settings", "00");
    assertThatThrownBy(() -> DeterministicScheduler.factory(Programs.TABLE).fresh(other, trial.log))
        .isInstanceOf(EvidenceException.class);
  }

  private static Trial counted() {
    Trial trial = Trial.ofCores(2);
    trial.enqueue(Task.pure(1, 1), Task.call(2, Programs.COUNT, Payload.ofLong(3)));
    trial.scheduler.runRound();
    return trial;
  }

  private static ReplayResult again(Trial trial, TaskTable table) {
    return Replayer.run(
        trial.log.header(), trial.log.records(), DeterministicScheduler.factory(table));
  }
}
