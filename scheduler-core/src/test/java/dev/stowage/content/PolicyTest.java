package dev.stowage.content;

import static dev.stowage.content.PriorityClass.CONTROL;
import static dev.stowage.content.PriorityClass.DATA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.pressure.PressureGauge.PressurePolicy;
import dev.stowage.pressure.PressureSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class PolicyTest {
  /** A policy of the host's, as bad as it likes. */
  private record Foreign(java.util.function.ToDoubleFunction<ContentItem> rank)
      implements SelectionPolicy {
    @Override
    public String name() {
      return "foreign";
    }

    @Override
    public SortedMap<String, String> parameters() {
      return Collections.emptySortedMap();
    }

    @Override
    public double merit(ContentItem item) {
      return rank.applyAsDouble(item);
    }

    @Override
    public int weight(PriorityClass priorityClass) {
      return priorityClass == DATA ? 100 : 0;
    }
  }

  private static ContentScheduler with(SelectionPolicy policy) {
    return ContentScheduler.of(ContentConfig.DEFAULT.withPolicy(policy));
  }

  private static ContentItem data(long id, double utility) {
    return ContentItem.of(id, DATA, 1, 1, utility);
  }

  @Test
  void weights_reorderTheClasses() {
    ContentScheduler scheduler = with(new Foreign(ContentItem::efficiency));
    scheduler.schedule(ContentItem.of(1, CONTROL, 1, 1, 1), 0);
    scheduler.schedule(data(2, 1), 0);
    assertThat(drain(scheduler)).containsExactly(2L, 1L);
  }

  @Test
  void pressureBounds_canBeMoved() {
    PressurePolicy late = new PressurePolicy(0.97, 0.98, 0.99, 0, 0);
    ContentScheduler scheduler = with(SelectionPolicy.efficiency().withPressure(late));
    scheduler.updatePressure(new PressureSnapshot(0, 0.96, 0, 0, 0), 0);
    scheduler.schedule(data(1, 1), 0);
    assertThat(scheduler.nextContent(0)).isPresent();
  }

  @Test
  void prefixFirst_sendsPiecesInAscendingOrder() {
    ContentScheduler scheduler = with(SelectionPolicy.prefixFirst());
    for (long piece : new long[] {4, 0, 3, 1, 2}) {
      scheduler.schedule(data(piece, piece).asPiece(7, piece), 0);
    }
    assertThat(drain(scheduler)).containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void deadlineFirst_looksAsFarAsItMust() {
    ContentScheduler scheduler = with(SelectionPolicy.deadlineFirst());
    scheduler.schedule(data(1, 9), 0);
    scheduler.schedule(data(2, 1).withDeadline(Long.MAX_VALUE - 1), 0);
    scheduler.schedule(data(3, 1).withDeadline(1L << 60), 0);
    assertThat(drain(scheduler)).containsExactly(3L, 2L, 1L);
  }

  private static List<Long> drain(ContentScheduler scheduler) {
    List<Long> ids = new ArrayList<>();
    while (scheduler.hasPendingContent()) {
      ids.add(scheduler.nextContent(0).orElseThrow().item().id());
    }
    return ids;
  }
}
