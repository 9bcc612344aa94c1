package dev.stowage.content;

import dev.stowage.content.Decision.Selected;
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
public final class StreamedScheduler {
  private final ContentScheduler content;
  private final StreamScheduler streams;
  private final Map<Long, StreamAssignment> lanes = new HashMap<>();
  private final Map<Long, ContentItem> waitingForLane = new LinkedHashMap<>();
  private long latestNanos;

  /** Joins the two; nothing may have been queued or handed out yet. */
  public StreamedScheduler(ContentScheduler content, StreamScheduler streams) {
    this.content = Objects.requireNonNull(content, "content");
    this.streams = Objects.requireNonNull(streams, "streams");
    content.onLoss(id -> giveBack(id, latestNanos));
  }

  /** Queues an item and reserves its lane; if there is none, the item waits for one. */
  public Admission schedule(ContentItem item, long nowNanos) {
    if (content.isPending(item.id()) || waitingForLane.containsKey(item.id())) {
      return Admission.DUPLICATE;
    }
    latestNanos = nowNanos;
    // an item in flight with this id is superseded, and so is its claim to a lane
    giveBack(item.id(), nowNanos);
    Optional<StreamAssignment> lane = streams.reserve(item, nowNanos);
    if (lane.isEmpty()) {
      waitingForLane.put(item.id(), item);
      return Admission.ACCEPTED;
    }
    return queue(item, lane.get(), nowNanos);
  }

  private Admission queue(ContentItem item, StreamAssignment lane, long nowNanos) {
    Admission admission = content.schedule(item, nowNanos);
    if (admission.isAccepted()) {
      lanes.put(item.id(), lane);
    } else {
      streams.acknowledged(lane.stream(), nowNanos);
    }
    return admission;
  }

  /** What goes out next and on which lane, or why nothing does. */
  public Decision decide(long nowNanos) {
    latestNanos = nowNanos;
    seekLanes(nowNanos);
    Decision decision = content.decide(nowNanos);
    if (decision instanceof Selected selected) {
      return onItsLane(selected, nowNanos);
    }
    if (decision instanceof Decision.Idle && !waitingForLane.isEmpty()) {
      ContentItem first = waitingForLane.values().iterator().next();
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
    return new Selected(item, lane, selected.evidence());
  }

  /** An item that went out has arrived; its lane is given back with the last of its items. */
  public boolean acknowledge(long id, long nowNanos) {
    content.complete(id);
    return giveBack(id, nowNanos);
  }

  /** An item that went out has failed; it keeps its lane while it is to be tried again. */
  public FailureOutcome fail(long id, String reason, long nowNanos) {
    FailureOutcome outcome = content.fail(id, reason, nowNanos);
    if (!(outcome instanceof FailureOutcome.Retry)) {
      giveBack(id, nowNanos);
    }
    return outcome;
  }

  /** Cancels an item that waits, for a lane or for its turn, or is in flight. */
  public boolean cancel(long id, long nowNanos) {
    boolean waited = waitingForLane.remove(id) != null;
    Cancellation cancelled = content.cancel(id);
    if (!cancelled.queued().isEmpty()) {
      giveBack(id, nowNanos);
    }
    return waited || !cancelled.isEmpty();
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
    return content.updatePressure(snapshot, nowNanos);
  }

  /** Gives a lane back by hand. */
  public boolean releaseStream(long stream, long nowNanos) {
    return streams.release(stream, nowNanos);
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
    content.clear();
    streams.clear();
    lanes.clear();
    waitingForLane.clear();
  }
}
