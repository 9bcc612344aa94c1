package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.SchedulerEvent;
import dev.stowage.deterministic.SchedulerRecords;
import dev.stowage.deterministic.Task;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.RecordType;
import java.util.OptionalInt;

/** Writes events into the log, from the driving thread at a barrier alone. */
public final class EventRecorder {
  private final EvidenceLog log;
  private final CanonicalWriter out = new CanonicalWriter();

  public EventRecorder(EvidenceLog log) {
    this.log = log;
  }

  public EvidenceLog log() {
    return log;
  }

  void enqueued(Task task, int core, long timestamp, SchedulerEvent.Origin origin) {
    TaskCodec.write(out.reset(), task);
    out.present().u16(core).u64(timestamp).absent();
    append(
        origin == SchedulerEvent.Origin.HOST
            ? SchedulerRecords.TASK_ENQUEUED
            : SchedulerRecords.TASK_EMITTED);
  }

  void enqueuedOrdered(Task task, OptionalInt core, long timestamp, SchedulerEvent.Origin origin) {
    TaskCodec.write(out.reset(), task);
    TaskCodec.writeCore(out, core);
    out.u64(timestamp).present();
    append(
        origin == SchedulerEvent.Origin.HOST
            ? SchedulerRecords.TASK_ENQUEUED
            : SchedulerRecords.TASK_EMITTED);
  }

  void refused(SchedulerEvent.TaskRefused event) {
    TaskCodec.write(out.reset(), event.task());
    TaskCodec.writeCore(out, event.core());
    out.u64(event.timestamp().bits()).u8(event.refusal().ordinal());
    append(
        event.origin() == SchedulerEvent.Origin.HOST
            ? SchedulerRecords.TASK_REFUSED
            : SchedulerRecords.EMISSION_REFUSED);
  }

  void outcome(Execution execution, int core, long timestamp) {
    out.reset().u64(execution.task().id()).u16(core).u64(timestamp).u64(execution.ticks());
    if (execution.output() != null) {
      out.hash(execution.output());
      append(SchedulerRecords.TASK_EXECUTED);
    } else if (execution.failure() != null) {
      out.u8(execution.failure().ordinal()).string(execution.detail());
      append(SchedulerRecords.TASK_FAILED);
    } else {
      out.u16(execution.guardId());
      append(SchedulerRecords.TASK_REJECTED);
    }
  }

  void stateChange(long timestamp, Effect.Write write, SharedState.Outcome outcome) {
    out.reset().u64(timestamp).string(write.name()).hash(write.value().hash());
    flag(outcome);
    append(SchedulerRecords.STATE_CHANGE);
  }

  void externalInput(long timestamp, Effect.Write write, SharedState.Outcome outcome) {
    out.reset().u64(timestamp).string(write.name()).bytes(write.value().shared());
    flag(outcome);
    append(SchedulerRecords.EXTERNAL_INPUT);
  }

  public void roundStarted(long round, long clock) {
    out.reset().u64(round).u64(clock);
    append(SchedulerRecords.ROUND_STARTED);
  }

  public void roundEnded(long round, long clock, long ran) {
    out.reset().u64(round).u64(clock).u64(ran);
    append(SchedulerRecords.ROUND_ENDED);
  }

  public void stepStarted(int core) {
    out.reset().u16(core);
    append(SchedulerRecords.STEP_STARTED);
  }

  public void orderedStarted(long limit, long most) {
    out.reset().u64(limit).u64(most);
    append(SchedulerRecords.ORDERED_STARTED);
  }

  private void flag(SharedState.Outcome outcome) {
    if (outcome == SharedState.Outcome.APPLIED) {
      out.present();
    } else {
      out.absent();
    }
  }

  private void append(RecordType type) {
    log.append(type, out);
  }
}
