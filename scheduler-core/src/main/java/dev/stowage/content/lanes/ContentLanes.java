package dev.stowage.content.lanes;

import dev.stowage.content.Cancellation;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.Decision;
import dev.stowage.content.Decision.Selected;
import dev.stowage.content.Decision.ThrottleEvidence;
import dev.stowage.content.FailureOutcome;
import dev.stowage.content.ScheduleOutcome;
import dev.stowage.content.ScheduleReason;
import dev.stowage.content.recording.ContentCodec;
import dev.stowage.content.recording.ContentRecords;
import dev.stowage.content.recording.ContentSettings;
import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.RecordType;
import dev.stowage.evidence.Replayable;
import dev.stowage.evidence.parts.PartHeader;
import dev.stowage.evidence.parts.RecordWriter;
import dev.stowage.pressure.PressureGauge;
import dev.stowage.pressure.PressureSnapshot;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A {@link ContentScheduler} whose items go out on lanes of a {@link StreamScheduler}.
 *
 * <p>A lane is reserved when an item is queued, after it is known to be new; bytes count when they
 * are sent; a lane is given back when the last item that was reserved for it is acknowledged,
 * cancelled or given up. An item for which no lane can be had waits for one. Belongs to one thread
 * at a time.
 */
public final class ContentLanes implements Replayable {
  static final String PART = "streamed-scheduler";

  private final ContentScheduler content;
  private final StreamScheduler streams;
  private final RecordWriter records;
  private final Map<Long, StreamAssignment> lanes = new HashMap<>();
  private final Map<Long, ContentItem> waitingForLane = new LinkedHashMap<>();
  private long latestNanos;

  /** Joins the two; nothing may have been queued or handed out yet. */
  public ContentLanes(ContentScheduler content, StreamScheduler streams) {
    this(content, streams, RecordWriter.none());
  }

  private ContentLanes(ContentScheduler content, StreamScheduler streams, RecordWriter records) {
    this.records = records;
    this.content = Objects.requireNonNull(content, "content");
    this.streams = Objects.requireNonNull(streams, "streams");
    content.onLoss(id -> giveBack(id, latestNanos));
  }

  /**
   * Both of them made for each other and recording into one log: what the host says, what the
   * content scheduler decides, and which lanes are reserved and used.
   *
   * @param maxStreams lanes at a time; less than 1 reads as 1
   */
  public static ContentLanes recording(ContentConfig config, int maxStreams, EvidenceLog log) {
    return new ContentLanes(
        ContentScheduler.recording(config, log),
        new StreamScheduler(maxStreams),
        RecordWriter.into(log));
  }

  /** Queues an item and reserves its lane; if there is none, the item waits for one. */
  public ScheduleOutcome schedule(ContentItem item, long nowNanos) {
    if (records.isOn()) {
      ContentCodec.item(records.begin().u64(nowNanos), item);
      records.end(StreamRecords.LANE_SCHEDULE);
    }
    if (content.isPending(item.id()) || waitingForLane.containsKey(item.id())) {
      return ScheduleOutcome.DUPLICATE;
    }
    latestNanos = nowNanos;
    // an item in flight with this id is superseded, and so is its claim to a lane
    giveBack(item.id(), nowNanos);
    Optional<StreamAssignment> lane = streams.reserve(item, nowNanos);
    if (lane.isEmpty()) {
      waitingForLane.put(item.id(), item);
      recordMissing(item.id());
      return ScheduleOutcome.ACCEPTED;
    }
    return queue(item, lane.get(), nowNanos);
  }

  private void recordMissing(long id) {
    if (records.isOn()) {
      records.begin().u64(id);
      records.end(StreamRecords.LANE_MISSING);
    }
  }

  private ScheduleOutcome queue(ContentItem item, StreamAssignment lane, long nowNanos) {
    if (records.isOn()) {
      StreamRecords.assignment(records.begin().u64(item.id()), Optional.of(lane));
      records.end(StreamRecords.LANE_RESERVED);
    }
    ScheduleOutcome admission = content.schedule(item, nowNanos);
    if (admission.isAccepted()) {
      lanes.put(item.id(), lane);
    } else {
      streams.acknowledged(lane.stream(), nowNanos);
    }
    return admission;
  }

  /** What goes out next and on which lane, or why nothing does. */
  public Decision decide(long nowNanos) {
    if (records.isOn()) {
      records.begin().u64(nowNanos);
      records.end(StreamRecords.LANE_ASKED);
    }
    latestNanos = nowNanos;
    seekLanes(nowNanos);
    Decision decision = content.decide(nowNanos);
    if (decision instanceof Selected selected) {
      return onItsLane(selected, nowNanos);
    }
    if (decision instanceof Decision.Idle && !waitingForLane.isEmpty()) {
      ContentItem first = waitingForLane.values().iterator().next();
      recordMissing(first.id());
      PressureGauge gauge = content.pressure();
      ThrottleEvidence evidence =
          new ThrottleEvidence(
              ScheduleReason.NO_LANE,
              first.priorityClass(),
              gauge.band(nowNanos),
              gauge.latest(),
              nowNanos,
              -1);
      return new Decision.Throttled(evidence, ContentScheduler.PRESSURE_RETRY_NANOS);
    }
    return decision;
  }

  /** What goes out next, if anything may. */
  public Optional<Selected> nextContent(long nowNanos) {
    return decide(nowNanos).selected();
  }

  private Selected onItsLane(Selected selected, long nowNanos) {
    ContentItem item = selected.item();
    StreamAssignment lane = lanes.get(item.id());
    if (lane == null) {
      return selected;
    }
    streams.recordSent(lane.stream(), item.sizeBytes(), nowNanos);
    if (records.isOn()) {
      records.begin().u64(item.id()).u64(lane.stream());
      records.end(StreamRecords.LANE_SENT);
    }
    return new Selected(item, lane, selected.evidence());
  }

  /** An item that went out has arrived; its lane is given back with the last of its items. */
  public boolean acknowledge(long id, long nowNanos) {
    recordTimed(id, nowNanos, StreamRecords.LANE_ACKNOWLEDGED);
    content.complete(id);
    return done(giveBack(id, nowNanos));
  }

  private void recordTimed(long id, long nowNanos, RecordType type) {
    if (records.isOn()) {
      records.begin().u64(id).u64(nowNanos);
      records.end(type);
    }
  }

  private boolean done(boolean known) {
    if (records.isOn()) {
      records.begin().u8(known ? 1 : 0);
      records.end(StreamRecords.LANE_DONE);
    }
    return known;
  }

  /** An item that went out has failed; it keeps its lane while it is to be tried again. */
  public FailureOutcome fail(long id, String reason, long nowNanos) {
    if (records.isOn()) {
      records.begin().u64(id).u64(nowNanos).string(reason);
      records.end(StreamRecords.LANE_FAILED);
    }
    FailureOutcome outcome = content.fail(id, reason, nowNanos);
    if (!(outcome instanceof FailureOutcome.Retry)) {
      giveBack(id, nowNanos);
    }
    return outcome;
  }

  /** Cancels an item that waits, for a lane or for its turn, or is in flight. */
  public boolean cancel(long id, long nowNanos) {
    recordTimed(id, nowNanos, StreamRecords.LANE_CANCEL);
    boolean waited = waitingForLane.remove(id) != null;
    Cancellation cancelled = content.cancel(id);
    if (!cancelled.queued().isEmpty()) {
      giveBack(id, nowNanos);
    }
    return done(waited || !cancelled.isEmpty());
  }

  private boolean giveBack(long id, long nowNanos) {
    StreamAssignment lane = lanes.remove(id);
    if (lane != null) {
      streams.acknowledged(lane.stream(), nowNanos);
    }
    return lane != null;
  }

  private void seekLanes(long nowNanos) {
    Iterator<ContentItem> waiting = waitingForLane.values().iterator();
    while (waiting.hasNext()) {
      ContentItem item = waiting.next();
      Optional<StreamAssignment> lane = streams.reserve(item, nowNanos);
      if (lane.isPresent()) {
        waiting.remove();
        queue(item, lane.get(), nowNanos);
      }
    }
  }

  /** Takes a snapshot of pressure in place of the one before. */
  public PressureGauge.Reading updatePressure(PressureSnapshot snapshot, long nowNanos) {
    if (records.isOn()) {
      snapshot.writeTo(records.begin().u64(nowNanos));
      records.end(StreamRecords.LANE_PRESSURE);
    }
    return content.updatePressure(snapshot, nowNanos);
  }

  /** Gives a lane back by hand. */
  public boolean releaseStream(long stream, long nowNanos) {
    recordTimed(stream, nowNanos, StreamRecords.LANE_RELEASE);
    return done(streams.release(stream, nowNanos));
  }

  /** Items that wait, for a lane or for their turn. */
  public int pendingCount() {
    return content.pendingCount() + waitingForLane.size();
  }

  /** Lanes that are handed out. */
  public int activeStreams() {
    return streams.activeCount();
  }

  /** Forgets everything. */
  public void clear() {
    if (records.isOn()) {
      records.begin();
      records.end(StreamRecords.LANE_CLEAR);
    }
    content.clear();
    streams.clear();
    lanes.clear();
    waitingForLane.clear();
  }

  /** What a log must begin with for such a scheduler to be run again. */
  public static EvidenceHeader header(ContentConfig config, int maxStreams, String libraryVersion) {
    CanonicalWriter settings = new CanonicalWriter().u64(maxStreams);
    ContentSettings.write(settings, config);
    return PartHeader.of(PART, settings, libraryVersion);
  }

  /** Makes fresh schedulers of the recorded settings, for replay; a foreign policy is refused. */
  public static Factory factory() {
    return (header, log) -> {
      CanonicalReader settings = PartHeader.settingsOf(header, PART);
      int maxStreams = (int) settings.u64();
      return recording(ContentSettings.read(settings), maxStreams, log);
    };
  }

  @Override
  public void replay(EvidenceRecord input) {
    CanonicalReader in = input.reader();
    if (input.is(StreamRecords.LANE_SCHEDULE)) {
      long at = in.u64();
      schedule(ContentCodec.item(in), at);
    } else if (input.is(StreamRecords.LANE_ASKED)) {
      decide(in.u64());
    } else if (input.is(StreamRecords.LANE_ACKNOWLEDGED)) {
      acknowledge(in.u64(), in.u64());
    } else if (input.is(StreamRecords.LANE_FAILED)) {
      long id = in.u64();
      long at = in.u64();
      fail(id, in.string(), at);
    } else if (input.is(StreamRecords.LANE_CANCEL)) {
      cancel(in.u64(), in.u64());
    } else {
      replayRest(input, in);
    }
  }

  private void replayRest(EvidenceRecord input, CanonicalReader in) {
    if (input.is(StreamRecords.LANE_PRESSURE)) {
      long at = in.u64();
      updatePressure(PressureSnapshot.read(in), at);
    } else if (input.is(StreamRecords.LANE_RELEASE)) {
      releaseStream(in.u64(), in.u64());
    } else if (input.is(StreamRecords.LANE_CLEAR)) {
      clear();
    } else if (!ContentRecords.isInput(input)) {
      // what the content scheduler was told came from here, and was told again already
      throw new EvidenceException.UnknownType(input.index(), input.wire());
    }
  }
}
