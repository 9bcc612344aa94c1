package dev.stowage.content;

import static dev.stowage.content.PriorityClass.CONTROL;
import static dev.stowage.content.PriorityClass.DATA;
import static dev.stowage.content.PriorityClass.MANIFEST;
import static dev.stowage.content.PriorityClass.PREFETCH;
import static dev.stowage.content.PriorityClass.TELEMETRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.content.ContentConfig.QueueLimits;
import dev.stowage.content.Decision.Selected;
import dev.stowage.content.Decision.Throttled;
import dev.stowage.content.lanes.ContentLanes;
import dev.stowage.content.lanes.StreamAssignment;
import dev.stowage.content.lanes.StreamAssignment.StreamPriority;
import dev.stowage.content.lanes.StreamScheduler;
import dev.stowage.content.lanes.StreamScheduler.StreamUsage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamTest {
  private static ContentItem item(long id, PriorityClass c, long size) {
    return ContentItem.of(id, c, size, 1, 1);
  }

  private static ContentLanes streamed(int maxStreams) {
    return new ContentLanes(
        ContentScheduler.of(ContentConfig.DEFAULT), new StreamScheduler(maxStreams));
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
  void firstStream_isNumberOne() {
    StreamScheduler streams = new StreamScheduler(10);
    assertThat(streams.assign(item(1, CONTROL, 1), 5))
        .contains(new StreamAssignment(1, StreamPriority.CRITICAL, 5));
    assertThat(streams.activeCount()).isEqualTo(1);
  }

  @Test
  void releasedStream_isUsedAgain() {
    StreamScheduler streams = new StreamScheduler(2);
    streams.assign(item(1, CONTROL, 1), 0);
    assertThat(streams.release(1, 100)).isTrue();
    assertThat(streams.release(1, 100)).isFalse();
    assertThat(streams.assign(item(2, CONTROL, 1), 200))
        .contains(new StreamAssignment(1, StreamPriority.CRITICAL, 200));
    assertThat(streams.reuses()).isEqualTo(1);
    StreamScheduler single = new StreamScheduler(0);
    single.assign(item(1, CONTROL, 1), 0);
    single.release(1, 1);
    assertThat(single.assign(item(1, CONTROL, 1), 2).orElseThrow().stream()).isEqualTo(2);
  }

  @Test
  void equals_shareAStream_andItsBytesAddUp() {
    StreamScheduler streams = new StreamScheduler(10);
    long first = streams.assign(item(1, DATA, 100), 1).orElseThrow().stream();
    long second = streams.assign(item(2, DATA, 200), 2).orElseThrow().stream();
    assertThat(second).isEqualTo(first);
    assertThat(streams.usage(first)).isEqualTo(new StreamUsage(300, 2, 2));
    assertThat(streams.usage(99)).isEqualTo(StreamUsage.NONE);
  }

  @Test
  void integration_sendsOnStreamsOfTheClassesPriorities() {
    ContentLanes streamed = streamed(256);
    streamed.schedule(item(1, CONTROL, 1), 0);
    streamed.schedule(item(2, DATA, 1), 0);
    Selected first = streamed.nextContent(0).orElseThrow();
    Selected second = streamed.nextContent(0).orElseThrow();
    assertThat(first.item().id()).isEqualTo(1);
    assertThat(first.lanePriority()).isEqualTo(StreamPriority.CRITICAL);
    assertThat(second.item().id()).isEqualTo(2);
    assertThat(second.lanePriority()).isEqualTo(StreamPriority.NORMAL);
  }

  @Test
  void integration_reservesWhenQueuing_countsWhenSending_givesBackWhenAcknowledged() {
    ContentScheduler content = ContentScheduler.of(ContentConfig.DEFAULT);
    StreamScheduler streams = StreamScheduler.withDefaults();
    ContentLanes streamed = new ContentLanes(content, streams);
    assertThat(streamed.schedule(item(1, DATA, 100), 0)).isEqualTo(ScheduleOutcome.ACCEPTED);
    assertThat(streamed.schedule(item(1, DATA, 100), 0)).isEqualTo(ScheduleOutcome.DUPLICATE);
    assertThat(streamed.pendingCount()).isEqualTo(1);
    assertThat(streamed.activeStreams()).isEqualTo(1);
    assertThat(streams.usage(1).bytesSent()).isZero();
    Selected sent = streamed.nextContent(0).orElseThrow();
    assertThat(sent.item().id()).isEqualTo(1);
    assertThat(sent.lanePriority()).isEqualTo(StreamPriority.NORMAL);
    assertThat(streams.usage(1).bytesSent()).isEqualTo(100);
    assertThat(streamed.acknowledge(1, 1)).isTrue();
    assertThat(streamed.activeStreams()).isZero();
  }

  @Test
  void explicitIds_neverMeetThoseHandedOut() {
    StreamScheduler streams = new StreamScheduler(10);
    streams.assign(item(9, DATA, 1).inStream(1), 0);
    long handedOut = streams.assign(item(1, CONTROL, 1), 0).orElseThrow().stream();
    assertThat(handedOut).isEqualTo(2);
    assertThat(streams.assign(item(2, DATA, 1).inStream(2), 0)).isEmpty();
    assertThat(streams.assignment(2).orElseThrow().priority()).isEqualTo(StreamPriority.CRITICAL);
    assertThat(streams.assignment(1).orElseThrow().priority()).isEqualTo(StreamPriority.NORMAL);
  }

  @Test
  void takeOver_atTheLimit_sparesStreamsWithQueuedContent_andTheItemWaits() {
    ContentLanes streamed = streamed(1);
    streamed.schedule(item(1, TELEMETRY, 1), 0);
    assertThat(streamed.schedule(item(2, CONTROL, 1), 0)).isEqualTo(ScheduleOutcome.ACCEPTED);
    assertThat(streamed.pendingCount()).isEqualTo(2);
    assertThat(streamed.nextContent(0).orElseThrow().item().id()).isEqualTo(1);
    Throttled waiting = (Throttled) streamed.decide(0);
    assertThat(waiting.evidence().reason()).isEqualTo(ScheduleReason.NO_LANE);
    streamed.acknowledge(1, 1);
    Selected second = streamed.nextContent(2).orElseThrow();
    assertThat(second.item().id()).isEqualTo(2);
    assertThat(second.lanePriority()).isEqualTo(StreamPriority.CRITICAL);
  }

  @Test
  void itemThatIsReclassified_goesOutOnALaneOfItsNewClass_andGivesTheOtherBack() {
    ContentLanes streamed = streamed(10);
    streamed.schedule(item(1, TELEMETRY, 1), 0);
    assertThat(streamed.reclassify(1, CONTROL, 2, Long.MAX_VALUE))
        .contains(ScheduleOutcome.ACCEPTED);
    assertThat(streamed.activeStreams()).isEqualTo(1);
    Selected sent = streamed.nextContent(0).orElseThrow();
    assertThat(sent.lanePriority()).isEqualTo(StreamPriority.CRITICAL);
    assertThat(streamed.acknowledge(1, 1)).isTrue();
    assertThat(streamed.activeStreams()).isZero();
    assertThat(streamed.reclassify(1, CONTROL, 2, Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void itemThatIsReclassified_keepsItsLane_whereNoOtherCanBeHad_orItNamesItsStream() {
    ContentLanes streamed = streamed(2);
    streamed.schedule(item(1, CONTROL, 1).inStream(7), 0);
    streamed.schedule(item(2, TELEMETRY, 1), 0);
    streamed.reclassify(1, MANIFEST, 2, Long.MAX_VALUE);
    streamed.reclassify(2, DATA, 2, Long.MAX_VALUE);
    Selected first = streamed.nextContent(0).orElseThrow();
    assertThat(first.item().priorityClass()).isEqualTo(MANIFEST);
    assertThat(first.lane()).extracting(StreamAssignment::stream).isEqualTo(7L);
    Selected second = streamed.nextContent(0).orElseThrow();
    assertThat(second.item().priorityClass()).isEqualTo(DATA);
    assertThat(second.lanePriority()).isEqualTo(StreamPriority.BACKGROUND);
    streamed.acknowledge(1, 1);
    streamed.acknowledge(2, 1);
    assertThat(streamed.activeStreams()).isZero();
  }

  @Test
  void itemThatFindsALane_andThenNoRoom_isTold() {
    ContentConfig small =
        ContentConfig.DEFAULT.withLimits(
            new QueueLimits(1, 1 << 20, 1, 1 << 20, QueueLimits.Overflow.REJECT));
    ContentLanes streamed = new ContentLanes(ContentScheduler.of(small), new StreamScheduler(1));
    List<Long> lost = new ArrayList<>();
    streamed.onLoss(lost::add);
    streamed.schedule(item(1, TELEMETRY, 1), 0);
    streamed.schedule(item(2, CONTROL, 1), 0);
    streamed.schedule(item(3, CONTROL, 1), 0);
    assertThat(streamed.nextContent(0).orElseThrow().item().id()).isEqualTo(1);
    streamed.acknowledge(1, 1);
    assertThat(streamed.nextContent(2).orElseThrow().item().id()).isEqualTo(2);
    assertThat(lost).containsExactly(3L);
    assertThat(streamed.isPending(3)).isFalse();
  }

  @Test
  void takeOver_ofAnIdleStream_takesTheLeastUrgentAndOldest() {
    StreamScheduler streams = new StreamScheduler(2);
    streams.assign(item(1, PREFETCH, 1), 0);
    streams.assign(item(2, DATA, 1), 1);
    assertThat(streams.assign(item(3, CONTROL, 7), 2))
        .contains(new StreamAssignment(1, StreamPriority.CRITICAL, 2));
    assertThat(streams.takeOvers()).isEqualTo(1);
    assertThat(streams.usage(1)).isEqualTo(new StreamUsage(8, 2, 2));
  }

  @Test
  void integration_cancels_andGivesTheLaneBack() {
    ContentLanes streamed = streamed(4);
    streamed.schedule(item(1, DATA, 1), 0);
    assertThat(streamed.cancel(1).isEmpty()).isFalse();
    assertThat(streamed.cancel(1).isEmpty()).isTrue();
    assertThat(streamed.activeStreams()).isZero();
    assertThat(streamed.decide(0)).isEqualTo(Decision.IDLE);
  }

  @Test
  void lane_ofWhatIsShedOrExpires_isGivenBack() {
    ContentLanes streamed = streamed(4);
    streamed.schedule(item(1, DATA, 1).withDeadline(10), 0);
    assertThat(streamed.activeStreams()).isEqualTo(1);
    assertThat(streamed.decide(10)).isEqualTo(Decision.IDLE);
    assertThat(streamed.activeStreams()).isZero();
  }

  @Test
  void usage_countsUpToTheLargestNumber_andNothingBelowZero() {
    StreamScheduler streams = new StreamScheduler(2);
    long stream =
        streams.assign(ContentItem.of(1, PriorityClass.DATA, 1, 1, 1), 0).orElseThrow().stream();
    streams.recordSent(stream, Long.MAX_VALUE, 0);
    assertThat(streams.usage(stream).bytesSent()).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> streams.recordSent(stream, -1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bytes is -1; at least 0 is accepted");
  }
}
