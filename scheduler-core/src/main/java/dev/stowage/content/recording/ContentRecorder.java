package dev.stowage.content.recording;

import dev.stowage.content.ContentItem;
import dev.stowage.content.Decision.ScheduleEvidence;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.ScheduleOutcome;
import dev.stowage.content.ScheduleReason;
import dev.stowage.content.queue.ClassQueue;
import dev.stowage.content.queue.FlowQueue;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.RecordType;
import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressureSnapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a scheduler is told and decides into the log, if there is one. The question "what
 * next?" is written only once something comes of it, so that asking in vain costs no record.
 */
public final class ContentRecorder {
  /** How many flows a selection's record describes. */
  static final int MOST_FLOWS = 8;

  private static final long NO_RECORD = -1;

  private final @Nullable EvidenceLog log;
  private final CanonicalWriter out = new CanonicalWriter();
  private long askedAt;
  private boolean askedPending;

  public ContentRecorder(@Nullable EvidenceLog log) {
    this.log = log;
  }

  public void scheduled(ContentItem item, long now) {
    if (log != null) {
      out.reset().u64(now);
      ContentCodec.item(out, item);
      log.append(ContentRecords.SCHEDULED, out);
    }
  }

  public void scheduled(List<ContentItem> batch, long now) {
    if (log != null) {
      out.reset().u64(now).list(batch, ContentCodec::item);
      log.append(ContentRecords.BATCH_SCHEDULED, out);
    }
  }

  public void pressure(PressureSnapshot snapshot, long now) {
    if (log != null) {
      out.reset().u64(now);
      snapshot.writeTo(out);
      log.append(ContentRecords.PRESSURE, out);
    }
  }

  public void cancelAsked(ContentCodec.CancelTarget target) {
    if (log != null) {
      ContentCodec.cancelTarget(out.reset(), target);
      log.append(ContentRecords.CANCEL, out);
    }
  }

  public void completed(long id) {
    append(ContentRecords.COMPLETED, id);
  }

  public void failed(long id, String reason, long now) {
    if (log != null) {
      out.reset().u64(id).u64(now).string(reason);
      log.append(ContentRecords.FAILED, out);
    }
  }

  public void cleared(boolean pressureKept) {
    if (log != null) {
      out.reset().u8(pressureKept ? 1 : 0);
      log.append(ContentRecords.CLEARED, out);
    }
  }

  /** The question; kept back until an outcome follows. */
  public void asked(long now) {
    askedAt = now;
    askedPending = true;
  }

  private void writeQuestion(EvidenceLog target) {
    if (askedPending) {
      askedPending = false;
      target.append(ContentRecords.ASKED, out.reset().u64(askedAt));
    }
  }

  public void expired(ContentItem item) {
    if (log != null) {
      writeQuestion(log);
      out.reset().u64(item.id()).u64(item.details().deadlineOrNever());
      log.append(ContentRecords.EXPIRED, out);
    }
  }

  public void readyAgain(long id) {
    if (log != null) {
      writeQuestion(log);
      append(ContentRecords.READY_AGAIN, id);
    }
  }

  public void shed(long id, long coming) {
    if (log != null) {
      log.append(ContentRecords.SHED, out.reset().u64(id).u64(coming));
    }
  }

  public void refused(long id, ScheduleOutcome why) {
    if (log != null) {
      log.append(ContentRecords.REFUSED, out.reset().u64(id).u8(why.ordinal()));
    }
  }

  public void cancelled(long id, boolean inFlight) {
    if (log != null) {
      log.append(ContentRecords.CANCELLED, out.reset().u64(id).u8(inFlight ? 1 : 0));
    }
  }

  public void retry(long id, int failures, long at) {
    if (log != null) {
      log.append(ContentRecords.RETRY, out.reset().u64(id).u8(failures).u64(at));
    }
  }

  public void givenUp(long id, int failures) {
    if (log != null) {
      log.append(ContentRecords.GIVEN_UP, out.reset().u64(id).u8(failures));
    }
  }

  public long throttled(
      ScheduleReason reason, PriorityClass held, PressureBand band, PressureSnapshot pressure) {
    if (log == null) {
      return NO_RECORD;
    }
    writeQuestion(log);
    out.reset().u8(reason.ordinal()).u8(band.ordinal()).u8(held.rank());
    pressure.writeTo(out);
    return log.append(ContentRecords.THROTTLED, out);
  }

  /** Where the record of a selection that is written now will stand; -1 without a log. */
  public long nextSelectionIndex() {
    return log == null ? NO_RECORD : log.nextIndex() + (askedPending ? 1 : 0);
  }

  public void selected(ScheduleEvidence evidence, ClassQueue queue) {
    if (log == null) {
      return;
    }
    writeQuestion(log);
    out.reset().u64(evidence.decisionId()).u64(evidence.selectedId());
    out.u8(evidence.reason().ordinal()).u8(evidence.band().ordinal());
    int others = evidence.alternativeCount();
    out.u8(others);
    if (others > 0) {
      out.u64(evidence.firstAlternative());
    }
    if (others > 1) {
      out.u64(evidence.secondAlternative());
    }
    if (others > 2) {
      out.u64(evidence.thirdAlternative());
    }
    if (evidence.pressure() == PressureSnapshot.NONE) {
      out.absent();
    } else {
      out.present();
      evidence.pressure().writeTo(out);
    }
    fairness(queue);
    log.append(ContentRecords.SELECTED, out);
  }

  private void fairness(ClassQueue queue) {
    int shown = Math.min(MOST_FLOWS, queue.flowCount());
    out.u32(queue.flowCount()).u32(shown);
    FlowQueue flow = queue.newestFlow();
    for (int i = 0; i < shown && flow != null; i++) {
      out.u64(flow.stream).u64(flow.sentBytes).u64(flow.tenant.flows.deficit(flow));
      flow = flow.previousInClass;
    }
  }

  private void append(RecordType type, long id) {
    if (log != null) {
      log.append(type, out.reset().u64(id));
    }
  }
}
