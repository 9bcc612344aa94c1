package dev.stowage.deterministic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.deterministic.SchedulerEvent.Enqueued;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.evidence.Replayer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
    ProgramTable programs =
        ProgramTable.builder()
            .add(
                1,
                (context, argument) -> {
                  long order = argument.asLong();
                  context.consume(2);
                  context.write("last-order", Payload.ofLong(order));
                  context.emit(Task.pure(order + 1000, order));
                  return Hash256.of(argument.bytes());
                })
            .build();
    GuardTable guards =
        GuardTable.builder().add(7, context -> context.state().containsKey("shop-open")).build();

    SchedulerConfig config = SchedulerConfig.builder(4).seed(42).build();
    try (DeterministicScheduler scheduler =
        DeterministicScheduler.builder(config)
            .programs(programs)
            .guards(guards)
            .threads(2)
            .build()) {
      scheduler.externalInput("shop-open", Payload.ofText("since nine"));
      for (long order = 0; order < 8; order++) {
        Task task = Task.call(order, 1, Payload.ofLong(order)).withGuards(7);
        if (scheduler.enqueue(task) instanceof Enqueued.Refused refused) {
          throw new IllegalStateException("the queue is full: " + refused);
        }
      }
      while (!scheduler.runRound().isIdle()) {
        assertThat(scheduler.round()).isLessThan(10);
      }

      ReplayResult again =
          Replayer.run(
              scheduler.log().header(),
              scheduler.log().records(),
              SchedulerReplay.factory(programs, guards));
      assertThat(again.requireSame().head()).isEqualTo(scheduler.log().point());

      assertThat(scheduler.state().get("last-order").asLong()).isEqualTo(7);
      assertThat(scheduler.round()).isEqualTo(2);
    }
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
