package dev.stowage.content;

import static dev.stowage.content.PriorityClass.CONTROL;
import static dev.stowage.content.PriorityClass.DATA;
import static dev.stowage.content.PriorityClass.MANIFEST;
import static dev.stowage.content.PriorityClass.PREFETCH;
import static dev.stowage.content.PriorityClass.TELEMETRY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.content.ContentConfig.QueueLimits;
import dev.stowage.content.ContentConfig.QueueLimits.Overflow;
import dev.stowage.content.ContentItem.ItemDetails;
import dev.stowage.content.ContentQueue.ScheduleOutcome;
import dev.stowage.content.Decision.ScheduleReason;
import dev.stowage.content.Decision.Selected;
import dev.stowage.content.Decision.StreamAssignment;
import dev.stowage.content.Decision.StreamAssignment.StreamPriority;
import dev.stowage.content.Decision.Throttled;
import dev.stowage.content.StreamScheduler.StreamUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamTest {
  private static ContentItem item(long id, PriorityClass c, long size) {
    return ContentItem.of(id, c, size, 1, 1);
  }

  /** Assigns a stream and counts the item as sent. */
  private static StreamAssignment assign(StreamScheduler streams, ContentItem item, long now) {
    StreamAssignment found = streams.reserve(item, now).orElseThrow();
    streams.count(found.stream(), item.sizeBytes());
    return found;
  }

  private static ContentScheduler streamed(int maxStreams) {
    return ContentScheduler.of(ContentConfig.DEFAULT.withMaxStreams(maxStreams));
  }

  private static int active(ContentScheduler streamed) {
    return streamed.stats().streams().active();
  }

  @ParameterizedTest
  @CsvSource({
    "CONTROL,CRITICAL", "MANIFEST,CRITICAL", "ACK_BITMAP,IMPORTANT", "PROOF,IMPORTANT",
    "DATA,NORMAL", "REPAIR,NORMAL", "PREFETCH,BACKGROUND", "TELEMETRY,BACKGROUND"
  })
  void priority_ofAClass(PriorityClass priorityClass, StreamPriority priority) {
    assertThat(StreamPriority.of(priorityClass)).isEqualTo(priority);
  }

  @Test
  void firstStream_isNumberOne_andIsUsedAgainOnceReleased() {
    StreamScheduler streams = new StreamScheduler(2);
    assertThat(assign(streams, item(1, CONTROL, 1), 5))
        .isEqualTo(new StreamAssignment(1, StreamPriority.CRITICAL, 5));
    streams.acknowledge(1, 100);
    assertThat(assign(streams, item(2, CONTROL, 1), 200))
        .isEqualTo(new StreamAssignment(1, StreamPriority.CRITICAL, 200));
    assertThat(streams.stats().reuses()).isEqualTo(1);
    StreamScheduler single = new StreamScheduler(0);
    assign(single, item(1, CONTROL, 1), 0);
    single.acknowledge(1, 1);
    assertThat(assign(single, item(1, CONTROL, 1), 2).stream()).isEqualTo(2);
  }

  @Test
  void equals_shareAStream_itsBytesAddUpAsTheyAreSent_andTheLastReleasesIt() {
    StreamScheduler streams = new StreamScheduler(10);
    long first = streams.reserve(item(1, DATA, 100), 1).orElseThrow().stream();
    assertThat(streams.usage(first).bytesSent()).isZero();
    streams.count(first, 100);
    assertThat(assign(streams, item(2, DATA, 200), 2).stream()).isEqualTo(first);
    assertThat(streams.usage(first)).isEqualTo(new StreamUsage(300, 2));
    assertThat(streams.usage(99)).isEqualTo(StreamUsage.NONE);
    streams.count(first, Long.MAX_VALUE);
    assertThat(streams.usage(first).bytesSent()).isEqualTo(Long.MAX_VALUE);
    streams.acknowledge(first, 3);
    assertThat(streams.stats().active()).isEqualTo(1);
    streams.acknowledge(first, 3);
    assertThat(streams.stats().active()).isZero();
  }

  @Test
  void integration_reservesWhenQueuing_givesBackWhenCompleted() {
    ContentScheduler streamed = streamed(256);
    assertThat(streamed.schedule(item(1, DATA, 100), 0)).isEqualTo(ScheduleOutcome.ACCEPTED);
    assertThat(streamed.schedule(item(1, DATA, 100), 0)).isEqualTo(ScheduleOutcome.DUPLICATE);
    assertThat(streamed.pendingCount()).isEqualTo(1);
    assertThat(active(streamed)).isEqualTo(1);
    Selected sent = streamed.decide(0).selected().orElseThrow();
    assertThat(sent.item().id()).isEqualTo(1);
    assertThat(sent.lane()).extracting(StreamAssignment::priority).isEqualTo(StreamPriority.NORMAL);
    assertThat(streamed.complete(1)).isTrue();
    assertThat(active(streamed)).isZero();
  }

  @Test
  void explicitIds_neverMeetThoseHandedOut() {
    StreamScheduler streams = new StreamScheduler(10);
    assign(streams, item(9, DATA, 1).inStream(1), 0);
    assertThat(assign(streams, item(1, CONTROL, 1), 0).stream()).isEqualTo(2);
    assertThat(streams.reserve(item(2, DATA, 1).inStream(2), 0)).isEmpty();
  }

  @Test
  void takeOver_atTheLimit_sparesStreamsWithQueuedContent_andTheItemWaits() {
    ContentScheduler streamed = streamed(1);
    streamed.schedule(item(1, TELEMETRY, 1), 0);
    assertThat(streamed.schedule(item(2, CONTROL, 1), 0)).isEqualTo(ScheduleOutcome.ACCEPTED);
    assertThat(streamed.pendingCount()).isEqualTo(2);
    assertThat(streamed.decide(0).selected().orElseThrow().item().id()).isEqualTo(1);
    Throttled waiting = (Throttled) streamed.decide(0);
    assertThat(waiting.evidence().reason()).isEqualTo(ScheduleReason.NO_LANE);
    streamed.complete(1);
    Selected second = streamed.decide(2).selected().orElseThrow();
    assertThat(second.item().id()).isEqualTo(2);
    assertThat(second.lane())
        .extracting(StreamAssignment::priority)
        .isEqualTo(StreamPriority.CRITICAL);
  }

  @Test
  void itemThatIsReclassified_goesOutOnALaneOfItsNewClass_andGivesTheOtherBack() {
    ContentScheduler streamed = streamed(10);
    streamed.schedule(item(1, TELEMETRY, 1), 0);
    assertThat(streamed.reclassify(1, CONTROL, 2, Long.MAX_VALUE))
        .contains(ScheduleOutcome.ACCEPTED);
    assertThat(active(streamed)).isEqualTo(1);
    Selected sent = streamed.decide(0).selected().orElseThrow();
    assertThat(sent.lane())
        .extracting(StreamAssignment::priority)
        .isEqualTo(StreamPriority.CRITICAL);
    assertThat(streamed.complete(1)).isTrue();
    assertThat(active(streamed)).isZero();
    assertThat(streamed.reclassify(1, CONTROL, 2, Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void itemThatIsReclassified_keepsItsLane_whereNoOtherCanBeHad_orItNamesItsStream() {
    ContentScheduler streamed = streamed(2);
    streamed.schedule(item(1, CONTROL, 1).inStream(7), 0);
    streamed.schedule(item(2, TELEMETRY, 1), 0);
    streamed.reclassify(1, MANIFEST, 2, Long.MAX_VALUE);
    streamed.reclassify(2, DATA, 2, Long.MAX_VALUE);
    Selected first = streamed.decide(0).selected().orElseThrow();
    assertThat(first.item().priorityClass()).isEqualTo(MANIFEST);
    assertThat(first.lane()).extracting(StreamAssignment::stream).isEqualTo(7L);
    Selected second = streamed.decide(0).selected().orElseThrow();
    assertThat(second.item().priorityClass()).isEqualTo(DATA);
    assertThat(second.lane())
        .extracting(StreamAssignment::priority)
        .isEqualTo(StreamPriority.BACKGROUND);
    streamed.complete(1);
    streamed.complete(2);
    assertThat(active(streamed)).isZero();
  }

  @Test
  void itemWithoutAStream_takesRoom() {
    ContentConfig small =
        ContentConfig.DEFAULT
            .withMaxStreams(1)
            .withLimits(new QueueLimits(2, 100, 2, 100, Overflow.REJECT));
    ContentScheduler streamed = ContentScheduler.of(small);
    streamed.schedule(item(1, TELEMETRY, 1), 0);
    assertThat(streamed.schedule(item(2, CONTROL, 1), 0)).isEqualTo(ScheduleOutcome.ACCEPTED);
    assertThat(streamed.schedule(item(3, CONTROL, 1), 0)).isEqualTo(ScheduleOutcome.REJECTED_FULL);
    assertThat(streamed.waiting(2).orElseThrow().heldBy()).contains(ScheduleReason.NO_LANE);
  }

  @Test
  void lane_ofWhatIsShedOrExpires_isGivenBack() {
    ContentScheduler streamed = streamed(4);
    streamed.schedule(item(1, DATA, 1).with(ItemDetails.NONE.withDeadline(10)), 0);
    assertThat(active(streamed)).isEqualTo(1);
    assertThat(streamed.decide(10)).isEqualTo(Decision.IDLE);
    assertThat(active(streamed)).isZero();
  }

  @Test
  void takeOver_ofAnIdleStream_takesTheLeastUrgentAndOldest() {
    StreamScheduler streams = new StreamScheduler(2);
    streams.assign(item(1, PREFETCH, 1), 0);
    streams.assign(item(2, DATA, 1), 1);
    assertThat(streams.assign(item(3, CONTROL, 7), 2))
        .contains(new StreamAssignment(1, StreamPriority.CRITICAL, 2));
    assertThat(streams.stats().takeOvers()).isEqualTo(1);
    assertThat(streams.usage(1)).isEqualTo(new StreamUsage(8, 2));
  }
}
