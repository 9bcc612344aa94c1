package dev.stowage.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.content.Histories.Step;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.replay.PartReplay;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The scheduler against the naive reference, step by step, and its record against a replay. */
class ReferenceTest {
  /** Short histories are cheap: a try draws several. */
  private static final int HISTORIES = 25;

  private static final int LONGEST = 100;

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void scheduler_inAnyHistory_choosesAndExplainsAsTheReferenceDoes(@ForAll long seed) {
    new SplittableRandom(seed).longs(HISTORIES).forEach(ReferenceTest::decidesAsTheReference);
  }

  private static void decidesAsTheReference(long seed) {
    Histories drawn = new Histories(seed);
    ContentConfig config = drawn.config();
    List<Step> history = drawn.history(LONGEST);
    ContentScheduler real = ContentScheduler.of(config);
    NaiveScheduler naive = new NaiveScheduler(config);
    long now = 0;
    for (Step step : history) {
      now += step.after();
      assertThat(step.real().apply(real, now)).isEqualTo(step.naive().apply(naive, now));
      assertThat(real.pendingCount()).isEqualTo(naive.pending());
    }
    Step next = Histories.decide(700_000_000L);
    for (int i = 0; i < 100 && naive.pending() > 0; i++) {
      now += next.after();
      assertThat(next.real().apply(real, now)).isEqualTo(next.naive().apply(naive, now));
    }
    assertThat(real.pendingCount()).isEqualTo(naive.pending());
  }

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void recording_ofAnyHistory_withStreamsOrWithout_isReplayedFromItsRecordsAlone(
      @ForAll long seed) {
    Histories drawn = new Histories(seed);
    ContentConfig config = drawn.config().withMaxStreams((int) Math.floorMod(seed, 4L));
    List<Step> history = drawn.history(LONGEST);
    EvidenceLog log = EvidenceLog.of(ContentScheduler.header(config, "test"));
    ContentScheduler recorded = ContentScheduler.recording(config, log);
    long now = 0;
    for (Step step : history) {
      now += step.after();
      step.real().apply(recorded, now);
    }
    ReplayResult result = Replayer.run(log.header(), log.records(), ContentScheduler.factory());
    assertThat(result).isInstanceOf(ReplayResult.Same.class);
    assertThat(log.records())
        .allSatisfy(record ->
            assertThat(PartReplay.catalog().explain(record).toString())
                .doesNotContain("unreadable payload", "unknown type"));
  }
}
