package dev.stowage.content.lanes;

import static dev.stowage.shape.RecordShapes.narrow;
import static dev.stowage.shape.RecordShapes.nested;
import static dev.stowage.shape.RecordShapes.shape;

import dev.stowage.content.ByteRate;
import dev.stowage.content.Cancellation;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentQueue;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.ContentStats;
import dev.stowage.content.ContentWait;
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
import org.jspecify.annotations.Nullable;

/**
 * A {@link ContentScheduler} on lanes of a {@link StreamScheduler}. An item reserves a lane, or
 * waits for one, when it is queued; the lane is released when the last such item is acknowledged,
 * cancelled or given up. Confined to one thread at a time.
 */
public final class ContentLanes implements ContentQueue, Replayable {
  private static final PartKind<Settings> KIND =
      new PartKind<>(
          "streamed-scheduler",
          StreamRecords.LANES,
          Settings.SHAPE,
          (settings, log) -> recording(settings.content(), settings.maxStreams(), log));

  private final ContentScheduler content;
  private final StreamScheduler streams;
  private Journal<StreamRecords.LaneInput, StreamRecords.LaneOutcome> journal;
  private final Map<Long, StreamAssignment> lanes = new HashMap<>();
  private final Map<Long, ContentItem> waitingForLane = new LinkedHashMap<>();
  private LongConsumer onLoss = id -> {};
  private long latestNanos;

  /** The version of the streams in which waiting items last sought a lane. */
  private long soughtVersion = -1;

  private record Settings(int maxStreams, ContentConfig content) {
    static final Shape<Settings> SHAPE =
        shape(
            "content_lanes",
            narrow("max_streams", Settings::maxStreams),
            nested("content", Settings::content, ContentConfig.SHAPE),
            Settings::new);
  }

  /** Combines two unused schedulers. */
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

  /** Creates both schedulers, recording into one log; {@code maxStreams} below 1 reads as 1. */
  public static ContentLanes recording(ContentConfig config, int maxStreams, EvidenceLog log) {
    return new ContentLanes(
        ContentScheduler.recording(config, log),
        new StreamScheduler(maxStreams),
        RecordWriter.into(log));
  }

  /**
   * Records into a log from now on, the content scheduler included, which must not record yet. Only
   * a log that begins before the first call, as {@link #isUnused} tells, replays.
   */
  @Override
  public void record(EvidenceLog into) {
    content.record(into);
    journal = new Journal<>(RecordWriter.into(into), StreamRecords.LANES);
  }

  @Override
  public boolean isRecording() {
    return content.isRecording();
  }

  @Override
  public boolean isUnused() {
    return content.isUnused() && waitingForLane.isEmpty() && streams.isUnused();
  }

  @Override
  public EvidenceHeader header(String libraryVersion) {
    return header(content.config(), streams.maxStreams(), libraryVersion);
  }

  /** Returns false: the streams stay open at the transport. */
  @Override
  public boolean isIdle() {
    return false;
  }

  @Override
  public void beginAnew(EvidenceLog into) {
    throw new IllegalStateException("lanes do not begin anew");
  }

  /** Sets the listener for items shed, expired, forgotten, or refused after the wait for a lane. */
  @Override
  public void onLoss(LongConsumer listener) {
    onLoss = Objects.requireNonNull(listener, "listener");
  }

  /** Queues an item and reserves its lane; without a free lane, the item waits for one. */
  @Override
  public ScheduleOutcome schedule(ContentItem item, long nowNanos) {
    if (journal.isOn()) {
      journal.told(new StreamRecords.LaneSchedule(nowNanos, item));
    }
    if (content.isPending(item.id()) || waitingForLane.containsKey(item.id())) {
      return ScheduleOutcome.DUPLICATE;
    }
    latestNanos = nowNanos;
    // An item in flight with this id is superseded and loses its claim to a lane.
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

  /** Reclassifies like {@link ContentScheduler#reclassify}, onto a free lane of the new class. */
  @Override
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

  @Override
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

  /** Selects the next item, if one may be sent. */
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

  /** Acknowledges an item, whose lane the last one releases; reports whether it had a lane. */
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

  /** Reports a failed item, which keeps its lane while it is to be tried again. */
  @Override
  public FailureOutcome fail(long id, String reason, long nowNanos) {
    if (journal.isOn()) {
      journal.told(new StreamRecords.LaneFailed(id, nowNanos, reason));
    }
    latestNanos = nowNanos;
    FailureOutcome outcome = content.fail(id, reason, nowNanos);
    if (!(outcome instanceof FailureOutcome.Retry)) {
      giveBack(id, nowNanos);
    }
    return outcome;
  }

  @Override
  public boolean complete(long id) {
    return acknowledge(id, latestNanos);
  }

  @Override
  public Cancellation cancel(long id) {
    return cancel(id, latestNanos);
  }

  private Cancellation cancel(long id, long nowNanos) {
    if (journal.isOn()) {
      journal.told(new StreamRecords.LaneCancel(id, nowNanos));
    }
    ContentItem waited = waitingForLane.remove(id);
    Cancellation cancelled = content.cancel(id);
    if (!cancelled.queued().isEmpty()) {
      giveBack(id, nowNanos);
    }
    done(waited != null || !cancelled.isEmpty());
    return waited == null ? cancelled : new Cancellation(List.of(waited), List.of());
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

  @Override
  public void limit(String destination, int items, @Nullable ByteRate rate) {
    if (journal.isOn()) {
      journal.told(new StreamRecords.LaneLimited(destination, items, Optional.ofNullable(rate)));
    }
    content.limit(destination, items, rate);
  }

  @Override
  public boolean isAwaited(String destination) {
    return content.isAwaited(destination);
  }

  /** Replaces the snapshot of pressure. */
  public PressureGauge.Reading updatePressure(PressureSnapshot snapshot, long nowNanos) {
    if (journal.isOn()) {
      journal.told(new StreamRecords.LanePressure(nowNanos, snapshot));
    }
    return content.updatePressure(snapshot, nowNanos);
  }

  /** Releases a lane; reports whether it was in use. */
  public boolean releaseStream(long stream, long nowNanos) {
    if (journal.isOn()) {
      journal.told(new StreamRecords.LaneRelease(stream, nowNanos));
    }
    return done(streams.release(stream, nowNanos));
  }

  /** Returns the number of items that wait for a lane or for their turn. */
  @Override
  public int pendingCount() {
    return content.pendingCount() + waitingForLane.size();
  }

  @Override
  public Optional<ContentWait> waiting(long id) {
    ContentItem item = waitingForLane.get(id);
    return item == null
        ? content.waiting(id)
        : Optional.of(
            new ContentWait(
                item.priorityClass(),
                content.pressure().band(latestNanos),
                Optional.of(ScheduleReason.NO_LANE),
                false,
                0,
                0,
                0,
                Math.max(0, waitingForLane.size() - 1)));
  }

  /** Reports whether an item with this id waits for a lane or for its turn. */
  @Override
  public boolean isPending(long id) {
    return waitingForLane.containsKey(id) || content.isPending(id);
  }

  @Override
  public boolean isInFlight(long id) {
    return content.isInFlight(id);
  }

  /** Returns the token of an item in flight, as {@link ContentScheduler#token} does. */
  public Optional<ContentScheduler.CancelToken> token(long id) {
    return content.token(id);
  }

  @Override
  public ContentStats stats() {
    return content.stats();
  }

  @Override
  public PressureGauge pressure() {
    return content.pressure();
  }

  /** Returns the number of lanes in use. */
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

  /** Returns the header of a log from which such a scheduler is replayed. */
  public static EvidenceHeader header(ContentConfig config, int maxStreams, String libraryVersion) {
    return KIND.header(new Settings(maxStreams, config), libraryVersion);
  }

  /** Returns a factory for replay from recorded settings; it refuses a host's own policy. */
  public static Factory factory() {
    return KIND;
  }

  @Override
  public void replay(EvidenceRecord record) {
    if (ContentRecords.ALL.isInput(record)) {
      // Replay of the lane's inputs repeats these.
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
    } else if (input instanceof StreamRecords.LaneLimited it) {
      limit(it.destination(), it.items(), it.rate().orElse(null));
    } else if (input instanceof StreamRecords.LaneClear) {
      clear();
    }
  }
}
