package dev.stowage.content;

import static dev.stowage.content.PriorityClass.CONTROL;
import static dev.stowage.content.PriorityClass.DATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.content.ContentItem.ItemDetails;
import dev.stowage.content.ContentItem.ItemDetails.Piece;
import dev.stowage.content.SelectionPolicy.Fairness;
import dev.stowage.content.SelectionPolicy.StandardPolicy;
import dev.stowage.content.SelectionPolicy.StandardPolicy.Ranking;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.pressure.PressureGauge.PressurePolicy;
import dev.stowage.pressure.PressureSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  private static ItemDetails ofObject(long piece) {
    return new ItemDetails(Long.MAX_VALUE, null, new Piece(7, piece), Map.of(), null);
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
    ContentScheduler scheduler = with(new StandardPolicy(Ranking.EFFICIENCY, Fairness.OFF, late));
    scheduler.updatePressure(new PressureSnapshot(0, 0.96, 0, 0, 0), 0);
    scheduler.schedule(data(1, 1), 0);
    assertThat(scheduler.decide(0).selected()).isPresent();
  }

  @Test
  void prefixFirst_sendsPiecesInAscendingOrder() {
    ContentScheduler scheduler = with(SelectionPolicy.prefixFirst());
    for (long piece : new long[] {4, 0, 3, 1, 2}) {
      scheduler.schedule(data(piece, piece).with(ofObject(piece)), 0);
    }
    assertThat(drain(scheduler)).containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void deadlineFirst_looksAsFarAsItMust() {
    ContentScheduler scheduler = with(SelectionPolicy.deadlineFirst());
    scheduler.schedule(data(1, 9), 0);
    scheduler.schedule(data(2, 1).with(ItemDetails.NONE.withDeadline(Long.MAX_VALUE - 1)), 0);
    scheduler.schedule(data(3, 1).with(ItemDetails.NONE.withDeadline(1L << 60)), 0);
    assertThat(drain(scheduler)).containsExactly(3L, 2L, 1L);
  }

  @Test
  void recordingOfAForeignPolicy_isNotRunAgainBlindly() {
    ContentConfig config = ContentConfig.DEFAULT.withPolicy(new Foreign(item -> 1));
    EvidenceLog log = EvidenceLog.of(ContentScheduler.header(config, "test"));
    ContentScheduler.recording(config, log).decide(0);
    assertThatThrownBy(() -> Replayer.run(log.header(), log.records(), ContentScheduler.factory()))
        .isInstanceOf(EvidenceException.Mismatch.class)
        .hasMessageContaining("a host's");
    assertThat(Replayer.run(log.header(), log.records(), ContentScheduler.factory(config)))
        .isInstanceOf(ReplayResult.Same.class);
  }

  private static List<Long> drain(ContentScheduler scheduler) {
    List<Long> ids = new ArrayList<>();
    while (scheduler.pendingCount() > 0) {
      ids.add(scheduler.decide(0).selected().orElseThrow().item().id());
    }
    return ids;
  }
}
