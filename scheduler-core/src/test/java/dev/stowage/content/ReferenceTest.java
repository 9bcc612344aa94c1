package dev.stowage.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.content.ContentQueue.Cancellation;
import dev.stowage.content.Decision.ScheduleEvidence;
import dev.stowage.content.Histories.Step;
import dev.stowage.content.Histories.Timed;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.replay.PartReplay;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
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
    List<Timed> history = drawn.history(LONGEST);
    ContentScheduler real = ContentScheduler.of(config);
    NaiveScheduler naive = new NaiveScheduler(config);
    long now = 0;
    for (Timed timed : history) {
      now += timed.after();
      assertThat(outcome(real, timed.step(), now)).isEqualTo(outcome(naive, timed.step(), now));
      assertThat(real.pendingCount()).isEqualTo(naive.pending());
    }
    for (int i = 0; i < 100 && naive.pending() > 0; i++) {
      now += 700_000_000L;
      assertThat(outcome(real, new Step.Next(), now))
          .isEqualTo(outcome(naive, new Step.Next(), now));
    }
    assertThat(real.pendingCount()).isEqualTo(naive.pending());
  }

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void recording_ofAnyHistory_withStreamsOrWithout_isReplayedFromItsRecordsAlone(
      @ForAll long seed) {
    Histories drawn = new Histories(seed);
    ContentConfig config = drawn.config().withMaxStreams((int) Math.floorMod(seed, 4L));
    List<Timed> history = drawn.history(LONGEST);
    EvidenceLog log = EvidenceLog.of(ContentScheduler.header(config, "test"));
    ContentScheduler recorded = ContentScheduler.recording(config, log);
    long now = 0;
    for (Timed timed : history) {
      now += timed.after();
      outcome(recorded, timed.step(), now);
    }
    ReplayResult result = Replayer.run(log.header(), log.records(), ContentScheduler.factory());
    assertThat(result).isInstanceOf(ReplayResult.Same.class);
    assertThat(log.records())
        .allSatisfy(record ->
            assertThat(PartReplay.catalog().explain(record).toString())
                .doesNotContain("unreadable payload", "unknown type"));
  }

  private static Object outcome(ContentScheduler real, Step step, long now) {
    if (step instanceof Step.Schedule schedule) {
      return real.schedule(schedule.item(), now);
    } else if (step instanceof Step.Batch batch) {
      return real.scheduleAll(batch.items(), now);
    } else if (step instanceof Step.Cancel cancel) {
      return ids(real.cancel(cancel.id()));
    } else if (step instanceof Step.CancelFlow cancel) {
      return bothIds(real.cancelFlow(cancel.flow()));
    } else if (step instanceof Step.Pressure pressure) {
      real.updatePressure(Histories.snapshot(pressure, now), now);
      return "";
    } else if (step instanceof Step.Complete complete) {
      return real.complete(complete.id());
    } else if (step instanceof Step.Fail fail) {
      return real.fail(fail.id(), "lost", now);
    } else if (step instanceof Step.Reclassify to) {
      return real.reclassify(to.id(), to.to(), to.utility(), to.deadline());
    } else if (step instanceof Step.Limit limit) {
      real.limit(limit.destination(), limit.items(), limit.rate());
      return "";
    } else if (step instanceof Step.Clear clear) {
      if (clear.isPressureKept()) {
        real.clearKeepingPressure();
      } else {
        real.clear();
      }
      return "";
    }
    return choice(real.decide(now));
  }

  private static NaiveScheduler.Choice choice(Decision decision) {
    if (decision instanceof Decision.Selected selected) {
      ScheduleEvidence why = selected.evidence();
      return new NaiveScheduler.Choice(selected.item().id(), why.reason(), why.alternatives(), 0);
    }
    if (decision instanceof Decision.Throttled throttled) {
      return new NaiveScheduler.Choice(
          null, throttled.evidence().reason(), List.of(), throttled.retryAfterNanos());
    }
    return new NaiveScheduler.Choice(null, null, List.of(), 0);
  }

  private static Object outcome(NaiveScheduler naive, Step step, long now) {
    if (step instanceof Step.Schedule schedule) {
      return naive.schedule(schedule.item(), now);
    } else if (step instanceof Step.Batch batch) {
      return naive.scheduleAll(batch.items(), now);
    } else if (step instanceof Step.Cancel cancel) {
      return naive.cancel(cancel.id());
    } else if (step instanceof Step.CancelFlow cancel) {
      return naive.cancelFlow(cancel.flow());
    } else if (step instanceof Step.Pressure pressure) {
      naive.pressure(Histories.snapshot(pressure, now), now);
      return "";
    } else if (step instanceof Step.Complete complete) {
      return naive.complete(complete.id());
    } else if (step instanceof Step.Fail fail) {
      return naive.fail(fail.id(), now);
    } else if (step instanceof Step.Reclassify to) {
      return naive.reclassify(to.id(), to.to(), to.utility(), to.deadline());
    } else if (step instanceof Step.Limit limit) {
      naive.limit(limit.destination(), limit.items(), limit.rate());
      return "";
    } else if (step instanceof Step.Clear clear) {
      naive.clear(clear.isPressureKept());
      return "";
    }
    return naive.decide(now);
  }

  /** In flight: by age here, by sending in the reference; compared as a set. */
  private static List<List<Long>> bothIds(Cancellation cancelled) {
    return List.of(
        cancelled.queued().stream().map(ContentItem::id).toList(),
        cancelled.inFlight().stream().map(ContentItem::id).sorted().toList());
  }

  private static List<Long> ids(Cancellation cancelled) {
    List<Long> ids = new ArrayList<>();
    Stream.concat(cancelled.queued().stream(), cancelled.inFlight().stream())
        .forEach(item -> ids.add(item.id()));
    return ids;
  }
}
