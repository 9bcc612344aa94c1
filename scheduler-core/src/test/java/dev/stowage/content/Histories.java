package dev.stowage.content;

import dev.stowage.content.ContentConfig.QueueLimits;
import dev.stowage.content.ContentConfig.Retries;
import dev.stowage.content.ContentItem.Flow;
import dev.stowage.content.ContentItem.ItemDetails;
import dev.stowage.content.ContentItem.ItemDetails.Piece;
import dev.stowage.content.SelectionPolicy.Fairness;
import dev.stowage.content.SelectionPolicy.StandardPolicy;
import dev.stowage.content.SelectionPolicy.StandardPolicy.Ranking;
import dev.stowage.pressure.PressureGauge.PressurePolicy;
import dev.stowage.pressure.PressureSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
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

  /** One step of a host, some time after the one before. */
  sealed interface Step {
    record Schedule(ContentItem item) implements Step {}

    record Batch(List<ContentItem> items) implements Step {}

    record Next() implements Step {}

    record Cancel(long id) implements Step {}

    record CancelFlow(Flow flow) implements Step {}

    record Pressure(double value, long age) implements Step {}

    record Complete(long id) implements Step {}

    record Fail(long id) implements Step {}

    record Reclassify(long id, PriorityClass to, double utility, long deadline) implements Step {}

    record Limit(String destination, int items, @Nullable ByteRate rate) implements Step {}

    record Clear(boolean isPressureKept) implements Step {}
  }

  private static final ByteRate SLOW = new ByteRate(100_000, 70_000);

  record Timed(long after, Step step) {}

  List<Timed> history(int longest) {
    List<Timed> history = new ArrayList<>();
    int length = random.nextInt(longest + 1);
    for (int i = 0; i < length; i++) {
      long after = pick(0L, 0L, 0L, 1L, 1_000_000L, SECOND / 2, 4 * SECOND, -5L);
      history.add(new Timed(after, step()));
    }
    return history;
  }

  private Step step() {
    int die = random.nextInt(isCrowded && random.nextInt(4) > 0 ? 19 : 33);
    if (die < 10) {
      return new Step.Schedule(item());
    } else if (die < 19) {
      return new Step.Next();
    }
    return switch (die) {
      case 19 -> new Step.Batch(batch());
      case 20 -> new Step.Cancel(id());
      case 21 -> new Step.CancelFlow(flow());
      case 22 ->
          new Step.Pressure(
              pick(0.0, 0.5, 0.65, 0.7, 0.85, 0.96, Double.NaN),
              pick(0L, SECOND, 6 * SECOND, -SECOND));
      case 23 -> new Step.Complete(id());
      case 24, 25, 26 -> new Step.Fail(id());
      case 27 -> new Step.Clear(random.nextBoolean());
      case 28 ->
          new Step.Limit(pick("x", "y"), random.nextInt(4), random.nextInt(4) == 0 ? null : SLOW);
      default ->
          new Step.Reclassify(
              random.nextInt(14),
              priorityClass(),
              pick(-1.0, 0.0, 1.0, 2.0, 4.0, 0x1p101, 0x1p102),
              pick(Long.MAX_VALUE, Long.MAX_VALUE, SECOND, 9 * SECOND, 30 * SECOND));
    };
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
        details.deadlineOrNever(), details.destinationOrNull(), piece, Map.of(), null);
  }

  ContentItem item() {
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

  static PressureSnapshot snapshot(Step.Pressure pressure, long now) {
    return new PressureSnapshot(0, pressure.value(), 0, 0, now - pressure.age());
  }

  @SafeVarargs
  private <T> T pick(T... values) {
    return values[random.nextInt(values.length)];
  }
}
