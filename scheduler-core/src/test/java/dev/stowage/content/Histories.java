package dev.stowage.content;

import dev.stowage.content.ContentConfig.QueueLimits;
import dev.stowage.content.ContentConfig.Retries;
import dev.stowage.content.ContentItem.Flow;
import dev.stowage.content.ContentItem.ItemDetails;
import dev.stowage.content.ContentItem.ItemDetails.Piece;
import dev.stowage.content.ContentQueue.Cancellation;
import dev.stowage.content.Decision.ScheduleEvidence;
import dev.stowage.content.SelectionPolicy.Fairness;
import dev.stowage.content.SelectionPolicy.StandardPolicy;
import dev.stowage.content.SelectionPolicy.StandardPolicy.Ranking;
import dev.stowage.pressure.PressureGauge.PressurePolicy;
import dev.stowage.pressure.PressureSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Draws what a host may do, from a seed and from small ranges, so that things meet. Every third
 * history is crowded: many items of two classes and three flows compete for permits.
 */
final class Histories {
  private static final long SECOND = 1_000_000_000L;

  private final Random random;
  private final boolean isCrowded;

  Histories(long seed) {
    this.random = new Random(seed);
    this.isCrowded = random.nextInt(3) == 0;
  }

  /** One step of a host, some time after the one before, and what each scheduler answers. */
  record Step(
      long after,
      BiFunction<ContentScheduler, Long, Object> real,
      BiFunction<NaiveScheduler, Long, Object> naive) {}

  private static final ByteRate SLOW = new ByteRate(100_000, 70_000);

  List<Step> history(int longest) {
    List<Step> history = new ArrayList<>();
    int length = random.nextInt(longest + 1);
    for (int i = 0; i < length; i++) {
      long after = pick(0L, 0L, 0L, 1L, 1_000_000L, SECOND / 2, 4 * SECOND, -5L);
      history.add(step(after));
    }
    return history;
  }

  private Step step(long after) {
    int die = random.nextInt(isCrowded && random.nextInt(4) > 0 ? 19 : 33);
    if (die < 10) {
      ContentItem item = item();
      return new Step(
          after, (real, now) -> real.schedule(item, now), (it, now) -> it.schedule(item, now));
    } else if (die < 19) {
      return decide(after);
    }
    return switch (die) {
      case 19 -> {
        List<ContentItem> batch = batch();
        yield new Step(
            after,
            (real, now) -> real.scheduleAll(batch, now),
            (it, now) -> it.scheduleAll(batch, now));
      }
      case 20 -> {
        long id = id();
        yield new Step(after, (real, now) -> bothIds(real.cancel(id)), (it, now) -> it.cancel(id));
      }
      case 21 -> {
        Flow flow = flow();
        yield new Step(
            after, (real, now) -> bothIds(real.cancelFlow(flow)), (it, now) -> it.cancelFlow(flow));
      }
      case 22 -> {
        double value = pick(0.0, 0.5, 0.65, 0.7, 0.85, 0.96, Double.NaN);
        long age = pick(0L, SECOND, 6 * SECOND, -SECOND);
        yield new Step(
            after,
            (real, now) ->
                real.updatePressure(new PressureSnapshot(0, value, 0, 0, now - age), now),
            (it, now) -> it.pressure(new PressureSnapshot(0, value, 0, 0, now - age), now));
      }
      case 23 -> {
        long id = id();
        yield new Step(after, (real, now) -> real.complete(id), (it, now) -> it.complete(id));
      }
      case 24, 25, 26 -> {
        long id = id();
        yield new Step(
            after, (real, now) -> real.fail(id, "lost", now), (it, now) -> it.fail(id, now));
      }
      case 27 -> clear(after, random.nextBoolean());
      case 28 -> limit(after, pick("x", "y"), random.nextInt(4));
      default -> {
        long id = random.nextInt(14);
        PriorityClass to = priorityClass();
        double utility = pick(-1.0, 0.0, 1.0, 2.0, 4.0, 0x1p101, 0x1p102);
        long due = pick(Long.MAX_VALUE, Long.MAX_VALUE, SECOND, 9 * SECOND, 30 * SECOND);
        yield new Step(
            after,
            (real, now) -> real.reclassify(id, to, utility, due),
            (it, now) -> it.reclassify(id, to, utility, due));
      }
    };
  }

  /** Returns a step that asks for the next item. */
  static Step decide(long after) {
    return new Step(after, (real, now) -> choice(real.decide(now)), NaiveScheduler::decide);
  }

  private static Step clear(long after, boolean isPressureKept) {
    return new Step(
        after,
        (real, now) -> {
          if (isPressureKept) {
            real.clearKeepingPressure();
          } else {
            real.clear();
          }
          return real.pendingCount();
        },
        (it, now) -> {
          it.clear(isPressureKept);
          return it.pending();
        });
  }

  private Step limit(long after, String destination, int items) {
    ByteRate rate = random.nextInt(4) == 0 ? null : SLOW;
    return new Step(
        after,
        (real, now) -> {
          real.limit(destination, items, rate);
          return real.pendingCount();
        },
        (it, now) -> {
          it.limit(destination, items, rate);
          return it.pending();
        });
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

  /** In flight: by age here, by sending in the reference; compared as a set. */
  private static List<List<Long>> bothIds(Cancellation cancelled) {
    return List.of(
        cancelled.queued().stream().map(ContentItem::id).toList(),
        cancelled.inFlight().stream().map(ContentItem::id).sorted().toList());
  }

  private List<ContentItem> batch() {
    List<ContentItem> batch = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      batch.add(item());
    }
    return batch;
  }

  private long id() {
    return random.nextInt(4) == 0
        ? pick(Long.MAX_VALUE, Long.MIN_VALUE, -1L)
        : random.nextInt(isCrowded ? 50 : 14);
  }

  private PriorityClass priorityClass() {
    return isCrowded && random.nextInt(8) > 0
        ? pick(PriorityClass.DATA, PriorityClass.DATA, PriorityClass.TELEMETRY)
        : PriorityClass.values()[random.nextInt(8)];
  }

  private Flow flow() {
    if (isCrowded && random.nextInt(8) > 0) {
      return pick(Flow.NONE, Flow.ofStream(1), Flow.ofStream(2));
    }
    Flow plain = pick(Flow.NONE, Flow.NONE, Flow.ofStream(1), Flow.ofStream(2), Flow.ofStream(-1L));
    return new Flow(plain.named(), plain.stream(), pick(1, 1, 3));
  }

  private ItemDetails details() {
    ItemDetails details = ItemDetails.NONE;
    if (random.nextInt(4) == 0) {
      details =
          details.withDeadline(pick(0L, SECOND / 2, SECOND, 3 * SECOND, 9 * SECOND, 30 * SECOND));
    }
    if (isCrowded || random.nextInt(2) == 0) {
      details = details.withDestination(pick("x", "y"));
    }
    Piece piece = random.nextInt(3) == 0 ? new Piece(pick(7L, 7L, -8L), random.nextInt(3)) : null;
    return new ItemDetails(
        details.deadlineOrNever(), details.destinationOrNull(), piece, noted(piece), null);
  }

  /** Returns what a host notes beside an item, which no rule reads. */
  private static Map<String, String> noted(@Nullable Piece piece) {
    return piece == null ? Map.of() : Map.of("priority", "high");
  }

  private ContentItem item() {
    return new ContentItem(
        id(),
        priorityClass(),
        isCrowded
            ? pick(1_000L, 20_000L, 65_536L, 200_000L)
            : pick(0L, 1L, 1_000L, 1_000L, 65_536L, 200_000L, 1L << 20),
        pick(0.0, 1.0, 1.0, 2.0),
        pick(-1.0, 0.0, 1.0, 2.0, 4.0, 0x1p101, 0x1p102),
        flow(),
        details());
  }

  ContentConfig config() {
    QueueLimits.Overflow overflow = pick(QueueLimits.Overflow.values());
    return new ContentConfig(
        new StandardPolicy(
            pick(Ranking.EFFICIENCY, Ranking.values()[random.nextInt(3)]),
            random.nextInt(3) == 0 ? Fairness.OFF : Fairness.DEFICIT_ROUND_ROBIN,
            PressurePolicy.DEFAULT),
        pick(SECOND, 10 * SECOND),
        SECOND,
        pick(ContentConfig.Expiry.DROP, ContentConfig.Expiry.DELIVER),
        random.nextBoolean()
            ? QueueLimits.DEFAULT
            : new QueueLimits(6, 600_000, 3, 400_000, overflow),
        pick(null, null, SLOW, new ByteRate(300_000, 300_000)),
        new Retries(2, SECOND / 2, SECOND),
        3,
        pick(0, 0, 1, 2),
        0);
  }

  @SafeVarargs
  private <T> T pick(T... values) {
    return values[random.nextInt(values.length)];
  }
}
