package dev.stowage;

import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.ContentStats.ClassStats;
import dev.stowage.content.ContentWait;
import dev.stowage.content.Decision;
import dev.stowage.content.FailureOutcome;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.ScheduleOutcome;
import dev.stowage.content.lanes.ContentLanes;
import dev.stowage.engine.CopyUrgency;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.pressure.PressureSnapshot;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/** The queue of transfers: a content scheduler, or content lanes. */
interface TransferOutbox {
  int pendingCount();

  ScheduleOutcome schedule(ContentItem item, long nowNanos);

  Decision decide(long nowNanos);

  Optional<ScheduleOutcome> reclassify(long id, CopyUrgency urgency);

  void cancel(long id);

  boolean isPending(long id);

  boolean isInFlight(long id);

  Optional<ContentWait> waiting(long id);

  boolean complete(long id);

  FailureOutcome fail(long id, String reason, long nowNanos);

  void onLoss(LongConsumer listener);

  PressureSnapshot pressure();

  Map<PriorityClass, ClassStats> classes();

  boolean isRecording();

  boolean isUnused();

  EvidenceHeader header(String libraryVersion);

  void record(EvidenceLog log);

  boolean isIdle();

  void beginAnew(EvidenceLog log);

  static TransferOutbox of(ContentScheduler scheduler) {
    return new TransferOutbox() {
      @Override
      public int pendingCount() {
        return scheduler.pendingCount();
      }

      @Override
      public ScheduleOutcome schedule(ContentItem item, long nowNanos) {
        return scheduler.schedule(item, nowNanos);
      }

      @Override
      public Decision decide(long nowNanos) {
        return scheduler.decide(nowNanos);
      }

      @Override
      public Optional<ScheduleOutcome> reclassify(long id, CopyUrgency urgency) {
        return scheduler.reclassify(id, urgency.priority(), urgency.utility(), Long.MAX_VALUE);
      }

      @Override
      public void cancel(long id) {
        scheduler.cancel(id);
      }

      @Override
      public boolean isPending(long id) {
        return scheduler.isPending(id);
      }

      @Override
      public boolean isInFlight(long id) {
        return scheduler.isInFlight(id);
      }

      @Override
      public Optional<ContentWait> waiting(long id) {
        return scheduler.waiting(id);
      }

      @Override
      public boolean complete(long id) {
        return scheduler.complete(id);
      }

      @Override
      public FailureOutcome fail(long id, String reason, long nowNanos) {
        return scheduler.fail(id, reason, nowNanos);
      }

      @Override
      public void onLoss(LongConsumer listener) {
        scheduler.onLoss(listener);
      }

      @Override
      public PressureSnapshot pressure() {
        return scheduler.pressure().latest();
      }

      @Override
      public Map<PriorityClass, ClassStats> classes() {
        return scheduler.stats().byClass();
      }

      @Override
      public boolean isRecording() {
        return scheduler.isRecording();
      }

      @Override
      public boolean isUnused() {
        return scheduler.isUnused();
      }

      @Override
      public EvidenceHeader header(String libraryVersion) {
        return ContentScheduler.header(scheduler.config(), libraryVersion);
      }

      @Override
      public void record(EvidenceLog log) {
        scheduler.record(log);
      }

      @Override
      public boolean isIdle() {
        return scheduler.isIdle();
      }

      @Override
      public void beginAnew(EvidenceLog log) {
        scheduler.beginAnew(log);
      }
    };
  }

  static TransferOutbox of(ContentLanes lanes) {
    return new TransferOutbox() {
      // Lanes need a time when they are given back, but complete() and cancel() have none.
      private long latestNanos;

      @Override
      public int pendingCount() {
        return lanes.pendingCount();
      }

      @Override
      public ScheduleOutcome schedule(ContentItem item, long nowNanos) {
        latestNanos = nowNanos;
        return lanes.schedule(item, nowNanos);
      }

      @Override
      public Decision decide(long nowNanos) {
        latestNanos = nowNanos;
        return lanes.decide(nowNanos);
      }

      @Override
      public Optional<ScheduleOutcome> reclassify(long id, CopyUrgency urgency) {
        return lanes.reclassify(id, urgency.priority(), urgency.utility(), Long.MAX_VALUE);
      }

      @Override
      public void cancel(long id) {
        lanes.cancel(id, latestNanos);
      }

      @Override
      public boolean isPending(long id) {
        return lanes.isPending(id);
      }

      @Override
      public boolean isInFlight(long id) {
        return lanes.isInFlight(id);
      }

      @Override
      public Optional<ContentWait> waiting(long id) {
        return lanes.waiting(id);
      }

      @Override
      public boolean complete(long id) {
        return lanes.acknowledge(id, latestNanos);
      }

      @Override
      public FailureOutcome fail(long id, String reason, long nowNanos) {
        latestNanos = nowNanos;
        return lanes.fail(id, reason, nowNanos);
      }

      @Override
      public void onLoss(LongConsumer listener) {
        lanes.onLoss(listener);
      }

      @Override
      public PressureSnapshot pressure() {
        return lanes.pressure().latest();
      }

      @Override
      public Map<PriorityClass, ClassStats> classes() {
        return lanes.stats().byClass();
      }

      @Override
      public boolean isRecording() {
        return lanes.isRecording();
      }

      @Override
      public boolean isUnused() {
        return lanes.isUnused();
      }

      @Override
      public EvidenceHeader header(String libraryVersion) {
        return lanes.header(libraryVersion);
      }

      @Override
      public void record(EvidenceLog log) {
        lanes.record(log);
      }

      @Override
      public boolean isIdle() {
        return false; // its streams stay open at the transport
      }

      @Override
      public void beginAnew(EvidenceLog log) {
        throw new IllegalStateException("lanes do not begin anew");
      }
    };
  }
}
