package dev.stowage.deterministic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.deterministic.SchedulerConfig.ReplaySeed;
import dev.stowage.deterministic.SchedulerEvent.TaskRefused;
import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import java.util.Map;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Runs the guide's example; {@code SnippetsTest} holds the guide against this file. */
class DeterministicGuideTest {
  @Test
  void guidesExample_run_doesWhatTheGuideSays() {
    TaskProgram ordering =
        (context, argument) -> {
          long order = argument.asLong();
          context.consume(2);
          context.write("last-order", Payload.ofLong(order));
          context.emit(Task.pure(order + 1000, order));
          return argument.hash();
        };
    TaskTable table =
        new TaskTable(
            Map.of(1, ordering), Map.of(7, context -> context.state().containsKey("shop-open")));

    Executor threads = Runnable::run;
    SchedulerConfig config = SchedulerConfig.of(new ReplaySeed(42, Timestamp.ZERO, 4));
    EvidenceLog log = EvidenceLog.of(DeterministicScheduler.header(config, "1.0"));
    DeterministicScheduler scheduler =
        DeterministicScheduler.recording(config, table, threads, log);
    scheduler.externalInput("shop-open", Payload.ofLong(9));
    for (long order = 0; order < 8; order++) {
      Task task = Task.call(order, 1, Payload.ofLong(order)).withGuards(7);
      if (scheduler.enqueue(task) instanceof TaskRefused refused) {
        throw new IllegalStateException("the queue is full: " + refused);
      }
    }
    assertThat(scheduler.runRound().ran()).isEqualTo(8);
    assertThat(scheduler.runRound().ran()).isEqualTo(8);
    assertThat(scheduler.runRound().isIdle()).isTrue();

    ReplayResult again =
        Replayer.run(log.header(), log.records(), DeterministicScheduler.factory(table));
    assertThat(again.requireSame().head()).isEqualTo(log.point());
    assertThat(scheduler.state().get("last-order").asLong()).isEqualTo(7);
  }
}
