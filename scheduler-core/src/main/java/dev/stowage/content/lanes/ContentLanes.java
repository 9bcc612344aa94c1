package dev.stowage.content.lanes;

import static dev.stowage.shape.RecordShapes.narrow;
import static dev.stowage.shape.RecordShapes.nested;
import static dev.stowage.shape.RecordShapes.shape;

import dev.stowage.content.Cancellation;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.ContentStats;
import dev.stowage.content.Decision;
import dev.stowage.content.Decision.Selected;
import dev.stowage.content.Decision.ThrottleEvidence;
import dev.stowage.content.FailureOutcome;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.ScheduleOutcome;
import dev.stowage.content.ScheduleReason;
import dev.stowage.content.lanes.StreamAssignment.StreamPriority;
import dev.stowage.content.recording.ContentRecords;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayable;
import dev.stowage.evidence.parts.Journal;
import dev.stowage.evidence.parts.PartKind;
import dev.stowage.evidence.parts.RecordWriter;
import dev.stowage.pressure.PressureGauge;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A {@link ContentScheduler} whose items go out on lanes of a {@link StreamScheduler}.
 *
 * <p>A lane is reserved when an item is queued, after it is known to be new; bytes count when they
 * are sent; a lane is given back when the last item that was reserved for it is acknowledged,
 * cancelled or given up. An item for which no lane can be had waits for one. Belongs to one thread
 * at a time.
 */
public final class ContentLanes implements Replayable {
  private static final PartKind<Settings> KIND =
      new PartKind<>(
          "streamed-scheduler",
          StreamRecords.LANES,
          Settings.SHAPE,
          (settings, log) -> recording(settings.content(), settings.maxStreams(), log));

  private final ContentScheduler content;
  private final StreamScheduler streams;
  private final Journal<StreamRecords.LaneInput, StreamRecords.LaneOutcome> journal;
  private final Map<Long, StreamAssignment> lanes = new HashMap<>();
  private final Map<Long, ContentItem> waitingForLane = new LinkedHashMap<>();
  private LongConsumer onLoss = id -> {};
  private long latestNanos;

  /** The version of the streams for which items that wait have sought a lane. */
  private long soughtVersion = -1;

  private record Settings(int maxStreams, ContentConfig content) {
    static final Shape<Settings> SHAPE =
        shape(
            "content_lanes",
            narrow("max_streams", Settings::maxStreams),
            nested("content", Settings::content, ContentConfig.SHAPE),
            Settings::new);
  }

  /** Joins the two; nothing may have been queued or handed out yet. */
  public ContentLanes(ContentScheduler content, StreamScheduler streams) {
    this(content, streams, RecordWriter.none());
  }

  private ContentLanes(ContentScheduler content, StreamScheduler streams, RecordWriter log) {
    this.journal = new Journal<>(log, StreamRecords.LANES);
    this.content = Objects.requireNonNull(content, "content");
    this.streams = Objects.requireNonNull(streams, "streams");
    content.onLoss(id -> {
      giveBack(id, latestNanos);
      onLoss.accept(id);
    });
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

  /**
   * Tells who wants to know of items that are shed, expire, are in flight and forgotten, or waited
   * for a lane and then found no room in the queue.
   */
  public void onLoss(LongConsumer listener) {
    onLoss = Objects.requireNonNull(listener, "listener");
  }

  /** Queues an item and reserves its lane; if there is none, the item waits for one. */
  public ScheduleOutcome schedule(ContentItem item, long nowNanos) {
    if (journal.isOn()) {
      journal.told(new StreamRecords.LaneSchedule(nowNanos, item));
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
    if (journal.isOn()) {
      journal.add(new StreamRecords.LaneMissing(id));
    }
  }

  private ScheduleOutcome queue(ContentItem item, StreamAssignment lane, long nowNanos) {
    if (journal.isOn()) {
      journal.add(new StreamRecords.LaneReserved(item.id(), lane));
    }
    ScheduleOutcome admission = content.schedule(item, nowNanos);
    if (admission.isAccepted()) {
      lanes.put(item.id(), lane);
    } else {
      streams.acknowledged(lane.stream(), nowNanos);
    }
    return admission;
  }

  /**
   * Gives an item that waits another class, utility and deadline, as {@link
   * ContentScheduler#reclassify} does. It goes out on a lane of its new class where one can be had,
   * else on the one that it has; an item that names its stream keeps it.
   *
   * @param utility any number but NaN
   * @param deadlineNanos from when on it is of no use; the end of time means never
   * @return whether it stands in its new place, or why it stays where it was; empty if no item of
   *     this id waits
   */
  public Optional<ScheduleOutcome> reclassify(
      long id, PriorityClass priorityClass, double utility, long deadlineNanos) {
    ContentItem probe = ContentItem.of(id, priorityClass, 0, 1, utility);
    if (journal.isOn()) {
      journal.told(new StreamRecords.LaneReclassified(id, priorityClass, utility, deadlineNanos));
    }
    ContentItem waiting = waitingForLane.get(id);
    if (waiting != null) {
      waitingForLane.put(id, waiting.reclassified(priorityClass, utility, deadlineNanos));
      soughtVersion = -1;
      return Optional.of(ScheduleOutcome.ACCEPTED);
    }
    Optional<ScheduleOutcome> outcome =
        content.reclassify(id, priorityClass, utility, deadlineNanos);
    if (outcome.equals(Optional.of(ScheduleOutcome.ACCEPTED))) {
      changeLane(probe);
    }
    return outcome;
  }

  private void changeLane(ContentItem probe) {
    StreamAssignment before = lanes.get(probe.id());
    boolean isFitting =
        before == null
            || streams.isNamed(before.stream())
            || before.priority() == StreamPriority.of(probe.priorityClass());
    Optional<StreamAssignment> after =
        isFitting ? Optional.empty() : streams.reserve(probe, latestNanos);
    if (before != null && after.isPresent()) {
      lanes.put(probe.id(), after.get());
      streams.acknowledged(before.stream(), latestNanos);
      if (journal.isOn()) {
        journal.add(new StreamRecords.LaneReserved(probe.id(), after.get()));
      }
    }
  }

  /** What goes out next and on which lane, or why nothing does. */
  public Decision decide(long nowNanos) {
    if (journal.isOn()) {
      journal.told(new StreamRecords.LaneAsked(nowNanos));
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
    streams.count(lane.stream(), item.sizeBytes(), nowNanos);
    if (journal.isOn()) {
      journal.add(new StreamRecords.LaneSent(item.id(), lane.stream()));
    }
    return new Selected(item, lane, selected.evidence());
  }

  /** An item that went out has arrived; its lane is given back with the last of its items. */
  public boolean acknowledge(long id, long nowNanos) {
    if (journal.isOn()) {
      journal.told(new StreamRecords.LaneAcknowledged(id, nowNanos));
    }
    content.complete(id);
    return done(giveBack(id, nowNanos));
  }

  private boolean done(boolean known) {
    if (journal.isOn()) {
      journal.add(new StreamRecords.LaneDone(known));
    }
    return known;
  }

  /** An item that went out has failed; it keeps its lane while it is to be tried again. */
  public FailureOutcome fail(long id, String reason, long nowNanos) {
    if (journal.isOn()) {
      journal.told(new StreamRecords.LaneFailed(id, nowNanos, reason));
    }
    FailureOutcome outcome = content.fail(id, reason, nowNanos);
    if (!(outcome instanceof FailureOutcome.Retry)) {
      giveBack(id, nowNanos);
    }
    return outcome;
  }

  /** Cancels an item that waits, for a lane or for its turn, or is in flight. */
  public boolean cancel(long id, long nowNanos) {
    if (journal.isOn()) {
      journal.told(new StreamRecords.LaneCancel(id, nowNanos));
    }
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
    if (soughtVersion == streams.version()) {
      return;
    }
    soughtVersion = streams.version();
    List<Long> refused = new ArrayList<>();
    Iterator<ContentItem> waiting = waitingForLane.values().iterator();
    while (waiting.hasNext()) {
      ContentItem item = waiting.next();
      Optional<StreamAssignment> lane = streams.reserve(item, nowNanos);
      if (lane.isPresent()) {
        waiting.remove();
        if (!queue(item, lane.get(), nowNanos).isAccepted()) {
          refused.add(item.id());
        }
      }
    }
    refused.forEach(onLoss::accept);
  }

  /** Takes a snapshot of pressure in place of the one before. */
  public PressureGauge.Reading updatePressure(PressureSnapshot snapshot, long nowNanos) {
    if (journal.isOn()) {
      journal.told(new StreamRecords.LanePressure(nowNanos, snapshot));
    }
    return content.updatePressure(snapshot, nowNanos);
  }

  /** Gives a lane back by hand. */
  public boolean releaseStream(long stream, long nowNanos) {
    if (journal.isOn()) {
      journal.told(new StreamRecords.LaneRelease(stream, nowNanos));
    }
    return done(streams.release(stream, nowNanos));
  }

  /** Items that wait, for a lane or for their turn. */
  public int pendingCount() {
    return content.pendingCount() + waitingForLane.size();
  }

  /** Reports whether an item with this id waits, for a lane or for its turn. */
  public boolean isPending(long id) {
    return waitingForLane.containsKey(id) || content.isPending(id);
  }

  /** Reports whether an item with this id is in flight, cancelled or not, and remembered. */
  public boolean isInFlight(long id) {
    return content.isInFlight(id);
  }

  /** Returns the token of an item in flight, as {@link ContentScheduler#token} does. */
  public Optional<ContentScheduler.CancelToken> token(long id) {
    return content.token(id);
  }

  /** Returns counts of the scheduler from which the lanes are filled. */
  public ContentStats stats() {
    return content.stats();
  }

  /** Returns the gauge of the content scheduler. */
  public PressureGauge pressure() {
    return content.pressure();
  }

  /** Lanes that are handed out. */
  public int activeStreams() {
    return streams.activeCount();
  }

  /** Forgets everything. */
  public void clear() {
    if (journal.isOn()) {
      journal.told(new StreamRecords.LaneClear());
    }
    content.clear();
    streams.clear();
    lanes.clear();
    waitingForLane.clear();
    soughtVersion = -1;
  }

  /** What a log must begin with for such a scheduler to be run again. */
  public static EvidenceHeader header(ContentConfig config, int maxStreams, String libraryVersion) {
    return KIND.header(new Settings(maxStreams, config), libraryVersion);
  }

  /** Makes fresh schedulers of the recorded settings, for replay; a foreign policy is refused. */
  public static Factory factory() {
    return KIND;
  }

  @Override
  public void replay(EvidenceRecord record) {
    if (ContentRecords.ALL.isInput(record)) {
      // what the content scheduler was told came from here, and is told again with it
      return;
    }
    StreamRecords.LaneInput input = StreamRecords.LANES.input(record);
    if (input instanceof StreamRecords.LaneSchedule it) {
      schedule(it.item(), it.atNanos());
    } else if (input instanceof StreamRecords.LaneAsked it) {
      decide(it.atNanos());
    } else if (input instanceof StreamRecords.LaneAcknowledged it) {
      acknowledge(it.item(), it.atNanos());
    } else if (input instanceof StreamRecords.LaneFailed it) {
      fail(it.item(), it.reason(), it.atNanos());
    } else if (input instanceof StreamRecords.LaneCancel it) {
      cancel(it.item(), it.atNanos());
    } else if (input instanceof StreamRecords.LanePressure it) {
      updatePressure(it.snapshot(), it.atNanos());
    } else if (input instanceof StreamRecords.LaneRelease it) {
      releaseStream(it.stream(), it.atNanos());
    } else if (input instanceof StreamRecords.LaneReclassified it) {
      reclassify(it.item(), it.priorityClass(), it.utility(), it.deadlineNanos());
    } else if (input instanceof StreamRecords.LaneClear) {
      clear();
    }
  }
}
