package dev.stowage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.transfer.TransferChunk.Value;
import dev.stowage.transfer.TransferScheduler.Answer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Compares the next transfer with that of a model that looks at every waiting chunk. */
class TransferOrderPropertyTest {
  private static final long SECOND = 1_000_000_000L;

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void next_isTheBestOfAllThatMayBeSent(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TransferScheduler scheduler = new TransferScheduler();
    List<TransferChunk> waiting = new ArrayList<>();
    List<TransferChunk> sent = new ArrayList<>();
    long now = 0;
    for (int step = 0; step < 300; step++) {
      now += random.nextInt(3) * 10 * SECOND;
      int dice = random.nextInt(10);
      if (dice < 4) {
        TransferChunk chunk = drawn(random, step, now);
        assertThat(scheduler.offer(chunk, now)).isTrue();
        waiting.add(chunk);
      } else if (dice < 8) {
        long budget = random.nextInt(40);
        Optional<TransferChunk> best = best(waiting, sent, budget, now);
        Answer answer = scheduler.next(PressureSnapshot.NONE, budget, now);
        if (sent.size() >= TransferFormulas.MAX_IN_FLIGHT) {
          assertThat(answer).isInstanceOf(Answer.Saturated.class);
        } else if (best.isPresent()) {
          assertThat(((Answer.Send) answer).chunk()).isEqualTo(best.get());
          waiting.remove(best.get());
          sent.add(best.get());
        } else {
          Class<?> idle = waiting.isEmpty() ? Answer.Idle.class : Answer.NothingFits.class;
          assertThat(answer).isInstanceOf(idle);
        }
      } else if (dice == 8 && !sent.isEmpty()) {
        TransferChunk done = sent.remove(random.nextInt(sent.size()));
        assertThat(scheduler.complete(done.object(), done.offset(), 0)).isTrue();
      } else if (!waiting.isEmpty() && random.nextInt(4) == 0) {
        TransferChunk back = waiting.remove(random.nextInt(waiting.size()));
        assertThat(scheduler.withdraw(back.object(), back.offset())).isTrue();
      }
      assertThat(scheduler.pendingCount()).isEqualTo(waiting.size());
    }
  }

  /**
   * More objects than may be under way, much that costs too much, and what fails and comes back.
   */
  @Property(seed = "2", shrinking = ShrinkingMode.OFF)
  void answers_inAnyHistory_areThoseOfTheNaiveModel(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int objects = 1 + random.nextInt(30);
    int offsets = 1 + random.nextInt(6);
    TransferScheduler scheduler = new TransferScheduler();
    NaiveTransfers naive = new NaiveTransfers();
    long now = 0;
    for (int step = 0; step < 400; step++) {
      now += random.nextInt(3) * 10 * SECOND;
      // in the unsigned order of objects the negative ones are the last
      long object = random.nextInt(objects) - objects / 2L;
      long offset = random.nextInt(offsets);
      switch (random.nextInt(12)) {
        case 0 ->
            assertThat(scheduler.complete(object, offset, 0))
                .isEqualTo(naive.complete(object, offset));
        case 1, 2 ->
            assertThat(scheduler.fail(object, offset, now)).isEqualTo(naive.fail(object, offset));
        case 3 ->
            assertThat(scheduler.withdraw(object, offset))
                .isEqualTo(naive.withdraw(object, offset));
        case 4, 5, 6, 7 -> {
          TransferChunk drawn = drawn(random, step, now);
          TransferChunk chunk =
              TransferChunk.of(object, offset, drawn.sizeBytes(), drawn.priority())
                  .withValue(drawn.value())
                  .withDeadline(drawn.deadlineNanos());
          assertThat(scheduler.offer(chunk, now)).isEqualTo(naive.offer(chunk));
        }
        default -> {
          long budget = random.nextInt(4) == 0 ? Long.MAX_VALUE : random.nextInt(40);
          int waiting = naive.waiting();
          int sent = naive.sent();
          Answer answer = scheduler.next(PressureSnapshot.NONE, budget, now);
          Optional<TransferChunk> expected = naive.next(budget, now);
          if (expected.isPresent()) {
            assertThat(((Answer.Send) answer).chunk()).isEqualTo(expected.get());
          } else if (sent == TransferFormulas.MAX_IN_FLIGHT) {
            assertThat(answer).isInstanceOf(Answer.Saturated.class);
          } else {
            Class<?> why = waiting == 0 ? Answer.Idle.class : Answer.NothingFits.class;
            assertThat(answer).isInstanceOf(why);
          }
        }
      }
      assertThat(scheduler.pendingCount()).isEqualTo(naive.waiting());
      assertThat(scheduler.inFlightCount()).isEqualTo(naive.sent());
    }
  }

  private static TransferChunk drawn(SplittableRandom random, int step, long now) {
    TransferPriority[] all = TransferPriority.values();
    TransferPriority priority = all[random.nextInt(all.length)];
    TransferChunk chunk =
        TransferChunk.of(random.nextInt(40), step, random.nextInt(30_000), priority)
            .withValue(new Value(random.nextInt(3), random.nextInt(3), 0));
    return random.nextBoolean() ? chunk.withDeadline(now + random.nextInt(400) * SECOND) : chunk;
  }

  private static Optional<TransferChunk> best(
      List<TransferChunk> waiting, List<TransferChunk> sent, long budget, long now) {
    Map<Long, Long> busy = new HashMap<>();
    sent.forEach(chunk -> busy.merge(chunk.object(), 1L, Long::sum));
    boolean isRoom = busy.size() < TransferScheduler.MAX_TRANSFERS;
    return waiting.stream()
        .filter(chunk -> isRoom || busy.containsKey(chunk.object()))
        .filter(chunk -> TransferFormulas.budgetCost(chunk) <= budget)
        .min(
            Comparator.comparing(TransferChunk::priority)
                .thenComparing((a, b) -> Double.compare(score(b, now), score(a, now)))
                .thenComparingLong(TransferChunk::offset));
  }

  private static double score(TransferChunk chunk, long now) {
    return TransferFormulas.score(chunk, now);
  }
}
