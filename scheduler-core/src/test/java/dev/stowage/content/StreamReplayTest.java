package dev.stowage.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.replay.PartReplay;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A scheduler with streams, and with every standard setting, from its records alone. */
class StreamReplayTest {
  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void contentScheduler_isReplayedFromItsHeaderAlone(@ForAll long seed) {
    Histories drawn = new Histories(seed);
    ContentConfig config = drawn.config();
    EvidenceLog log = EvidenceLog.of(ContentScheduler.header(config, "test"));
    ContentScheduler scheduler = ContentScheduler.recording(config, log);
    for (int i = 0; i < 20; i++) {
      scheduler.schedule(drawn.item(), i);
      scheduler.decide(i);
    }
    assertSame(log, Replayer.run(log.header(), log.records(), ContentScheduler.factory()));
  }

  @Test
  void contentScheduler_ofAForeignPolicy_isNotRunAgainBlindly() {
    SelectionPolicy foreign =
        new SelectionPolicy() {
          @Override
          public String name() {
            return "ours";
          }

          @Override
          public SortedMap<String, String> parameters() {
            return new TreeMap<>();
          }

          @Override
          public double merit(ContentItem item) {
            return 1;
          }
        };
    ContentConfig config = ContentConfig.DEFAULT.withPolicy(foreign);
    EvidenceLog log = EvidenceLog.of(ContentScheduler.header(config, "test"));
    ContentScheduler.recording(config, log).decide(0);
    assertThatThrownBy(() -> Replayer.run(log.header(), log.records(), ContentScheduler.factory()))
        .isInstanceOf(EvidenceException.Mismatch.class)
        .hasMessageContaining("a host's");
    assertSame(log, Replayer.run(log.header(), log.records(), ContentScheduler.factory(config)));
  }

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void lanes_inAnyHistory_areReplayed(@ForAll long seed) {
    Histories drawn = new Histories(seed);
    Random random = new Random(seed);
    ContentConfig config = drawn.config().withMaxStreams(1 + random.nextInt(3));
    EvidenceLog log = EvidenceLog.of(ContentScheduler.header(config, "test"));
    ContentScheduler scheduler = ContentScheduler.recording(config, log);
    long now = 0;
    for (int i = 0; i < 60; i++) {
      now += random.nextInt(3) * 300_000_000L;
      step(random, drawn, scheduler, now);
    }
    assertSame(log, Replayer.run(log.header(), log.records(), ContentScheduler.factory()));
  }

  private static void step(Random random, Histories drawn, ContentScheduler scheduler, long now) {
    switch (random.nextInt(11)) {
      case 0, 4 -> scheduler.complete(random.nextInt(14));
      case 1 -> scheduler.fail(random.nextInt(14), "lost", now);
      case 2 -> scheduler.cancel(random.nextInt(14));
      case 3 ->
          scheduler.updatePressure(
              new PressureSnapshot(random.nextDouble(), Double.NaN, 0, 0, now), now);
      case 5, 6, 7 -> scheduler.schedule(drawn.item(), now);
      case 8 ->
          scheduler.reclassify(
              random.nextInt(14),
              PriorityClass.values()[random.nextInt(PriorityClass.values().length)],
              random.nextInt(5),
              random.nextBoolean() ? Long.MAX_VALUE : now + 1_000_000_000L);
      default -> scheduler.decide(now);
    }
    if (random.nextInt(40) == 0) {
      scheduler.clear();
    }
  }

  private static void assertSame(EvidenceLog log, ReplayResult result) {
    assertThat(result).isInstanceOf(ReplayResult.Same.class);
    assertThat(log.records())
        .allSatisfy(record ->
            assertThat(PartReplay.catalog().explain(record).toString())
                .doesNotContain("unreadable payload", "unknown type"));
  }
}
