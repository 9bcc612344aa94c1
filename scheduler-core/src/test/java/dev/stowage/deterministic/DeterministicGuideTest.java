package dev.stowage.deterministic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.deterministic.SchedulerConfig.ReplaySeed;
import dev.stowage.deterministic.SchedulerEvent.TaskRefused;
import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guide's example, run; and the guide, held against this file. */
class DeterministicGuideTest {
  private static final Path GUIDE = Path.of("..", "docs", "internals", "deterministic.md");
  private static final Path SELF =
      Path.of("src", "test", "java", "dev", "stowage", "deterministic")
          .resolve("DeterministicGuideTest.java");
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

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

  @Test
  void everyJavaBlockOfTheGuide_isCompiledHere() throws IOException {
    String source = withoutSpace(Files.readString(SELF, StandardCharsets.UTF_8));
    Matcher blocks = JAVA_BLOCK.matcher(Files.readString(GUIDE, StandardCharsets.UTF_8));
    int found = 0;
    while (blocks.find()) {
      found++;
      assertThat(source).contains(withoutSpace(blocks.group(1)));
    }
    assertThat(found).isPositive();
  }

  /** Where lines break is the formatter's business. */
  private static String withoutSpace(String text) {
    return text.replaceAll("\\s+", "");
  }
}
