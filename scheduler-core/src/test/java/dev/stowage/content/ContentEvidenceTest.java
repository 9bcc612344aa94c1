package dev.stowage.content;

import static dev.stowage.content.PriorityClass.CONTROL;
import static dev.stowage.content.PriorityClass.DATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.content.ContentItem.Flow;
import dev.stowage.content.ContentItem.ItemDetails;
import dev.stowage.content.ContentStats.WaitHistogram;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Subject;
import dev.stowage.pressure.PressureSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentEvidenceTest {
  private static final long MS = 1_000_000L;

  private static final int THROTTLED =
      ContentRecords.ALL.type(ContentRecords.Throttled.class).wire();

  private final EvidenceLog log =
      EvidenceLog.of(ContentScheduler.header(ContentConfig.DEFAULT, "test"));
  private final ContentScheduler scheduler = ContentScheduler.recording(ContentConfig.DEFAULT, log);

  @Test
  void throttling_isRecordedOncePerChange_andAtMostOnceIn100Milliseconds() {
    scheduler.schedule(item(1, DATA), 0);
    disk(0.9, 0);
    for (int ms = 0; ms < 1_000; ms++) {
      scheduler.decide(ms * MS);
    }
    assertThat(count(THROTTLED)).isEqualTo(1);
    disk(0.96, 1_000 * MS);
    scheduler.decide(1_000 * MS);
    disk(0.85, 1_001 * MS);
    scheduler.decide(1_001 * MS);
    assertThat(count(THROTTLED)).isEqualTo(2);
    scheduler.schedule(item(2, PriorityClass.REPAIR), 1_001 * MS);
    scheduler.cancel(1);
    scheduler.decide(1_099 * MS);
    assertThat(count(THROTTLED)).isEqualTo(2);
    scheduler.decide(1_100 * MS);
    assertThat(count(THROTTLED)).isEqualTo(3);
  }

  @Test
  void everythingThatHappensToAnItem_canBeExplained() {
    scheduler.schedule(item(5, DATA).with(ItemDetails.NONE.withDeadline(9 * MS)), 0);
    scheduler.schedule(item(5, DATA), 0);
    scheduler.decide(0).selected();
    scheduler.fail(5, "connection reset", 0);
    scheduler.cancel(5);
    List<String> told = new ArrayList<>();
    ContentRecords.ALL
        .catalog()
        .explain(Subject.item(5), log.records())
        .forEach(explained -> told.add(explained.type().name()));
    assertThat(told)
        .containsExactly(
            "CONTENT_SCHEDULED",
            "CONTENT_SCHEDULED",
            "CONTENT_REFUSED",
            "CONTENT_SELECTED",
            "CONTENT_FAILED",
            "CONTENT_RETRY",
            "CONTENT_CANCELLED");
  }

  @Test
  void askingInVain_leavesNoRecord() {
    for (int i = 0; i < 1_000; i++) {
      scheduler.decide(i);
    }
    assertThat(log.nextIndex()).isZero();
  }

  @Test
  void replay_withAnotherConfiguration_isRefused() {
    ContentConfig other = ContentConfig.DEFAULT.withPolicy(SelectionPolicy.prefixFirst());
    assertThatThrownBy(() -> ContentScheduler.factory(other).fresh(log.header(), log))
        .isInstanceOf(EvidenceException.Mismatch.class)
        .hasMessageContaining("prefixFirst");
  }

  @Test
  void stats_countWhatHappened() {
    for (int i = 0; i < 4; i++) {
      scheduler.schedule(ContentItem.of(i, DATA, 100, 1, 1).inStream(1), 0);
    }
    scheduler.schedule(item(9, CONTROL), 0);
    scheduler.decide(1_000).selected();
    scheduler.decide(1_000).selected();
    scheduler.cancel(3);
    ContentStats stats = scheduler.stats();
    ContentStats.ClassStats data = stats.byClass().get(DATA);
    assertThat(data.pendingItems()).isEqualTo(2);
    assertThat(data.pendingBytes()).isEqualTo(200);
    assertThat(data.selected()).isEqualTo(1);
    assertThat(data.selectedBytes()).isEqualTo(100);
    assertThat(data.cancelled()).isEqualTo(1);
    assertThat(data.waits().counts().get(WaitHistogram.bucketOf(1_000))).isEqualTo(1);
    assertThat(stats.inFlight()).isEqualTo(2);
    assertThat(stats.flows().get(DATA))
        .containsExactly(new ContentStats.FlowStats(Flow.ofStream(1), 100, 65_536 - 100));
    assertThat(stats.evidenceKept()).isEqualTo(log.stats().keptRecords());
  }

  private void disk(double value, long now) {
    scheduler.updatePressure(new PressureSnapshot(0, value, 0, 0, now), now);
  }

  private long count(int wire) {
    long count = 0;
    for (EvidenceRecord record : log.records()) {
      count += record.wire() == wire ? 1 : 0;
    }
    return count;
  }

  private static ContentItem item(long id, PriorityClass priorityClass) {
    return ContentItem.of(id, priorityClass, 100, 1, 1);
  }
}
