package dev.stowage.deterministic;

import dev.stowage.deterministic.Task.TaskOutcome;
import dev.stowage.deterministic.basics.Bounds;
import dev.stowage.deterministic.crew.TaskCodec;
import dev.stowage.deterministic.queues.Timestamp;
import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.RecordCatalog.RecordDecoder;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.RecordType;
import dev.stowage.evidence.Subject;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** The record types of a scheduler's log, codes 0x0100 to 0x01FF, and their decoding. */
public final class SchedulerRecords {
  /** A task enqueued by the host. */
  public static final RecordType TASK_ENQUEUED = RecordType.input(0x0100, "TASK_ENQUEUED");

  /** A host's task refused by a full queue. */
  public static final RecordType TASK_REFUSED = RecordType.input(0x0101, "TASK_REFUSED");

  /** A write of the host to the shared state. */
  public static final RecordType EXTERNAL_INPUT = RecordType.input(0x0102, "EXTERNAL_INPUT");

  /** The start of a round. */
  public static final RecordType ROUND_STARTED = RecordType.input(0x0103, "ROUND_STARTED");

  /** The start of a step of one task. */
  public static final RecordType STEP_STARTED = RecordType.input(0x0104, "STEP_STARTED");

  /** The start of a run of ordered tasks. */
  public static final RecordType ORDERED_STARTED = RecordType.input(0x0105, "ORDERED_STARTED");

  /** A task emitted by a task. */
  public static final RecordType TASK_EMITTED = RecordType.outcome(0x0110, "TASK_EMITTED");

  /** An emitted task refused by a full queue. */
  public static final RecordType EMISSION_REFUSED = RecordType.outcome(0x0111, "EMISSION_REFUSED");

  /** A successful task. */
  public static final RecordType TASK_EXECUTED = RecordType.outcome(0x0112, "TASK_EXECUTED");

  /** A failed task. */
  public static final RecordType TASK_FAILED = RecordType.outcome(0x0113, "TASK_FAILED");

  /** A task rejected by a guard. */
  public static final RecordType TASK_REJECTED = RecordType.outcome(0x0114, "TASK_REJECTED");

  /** A task's write to the shared state. */
  public static final RecordType STATE_CHANGE = RecordType.outcome(0x0116, "STATE_CHANGE");

  /** The end of a round. */
  public static final RecordType ROUND_ENDED = RecordType.outcome(0x0117, "ROUND_ENDED");

  private static final Map<Integer, Decoding> DECODINGS = decodings();

  private SchedulerRecords() {}

  private interface EventReader {
    SchedulerEvent read(CanonicalReader in);
  }

  private record Decoding(RecordType type, EventReader reader) {}

  /** Returns the types with their decoders, for explanations. */
  public static RecordCatalog catalog() {
    RecordCatalog.Builder builder = RecordCatalog.builder();
    for (Decoding decoding : DECODINGS.values()) {
      builder.add(
          decoding.type,
          in -> {
            SchedulerEvent event = decoding.reader.read(in);
            return new RecordDecoder.Decoded(event.toString(), subjectsOf(event));
          });
    }
    return builder.build();
  }

  /** Reports whether {@link #decode} knows the record's type. */
  public static boolean isEvent(EvidenceRecord record) {
    return DECODINGS.containsKey(record.wire());
  }

  /** Decodes an event; throws {@link EvidenceException.UnknownType} or {@code Malformed}. */
  public static SchedulerEvent decode(EvidenceRecord record) {
    Decoding decoding = DECODINGS.get(record.wire());
    if (decoding == null) {
      throw new EvidenceException.UnknownType(record.index(), record.wire());
    }
    CanonicalReader in = record.reader();
    try {
      SchedulerEvent event = decoding.reader.read(in);
      in.end();
      return event;
    } catch (IllegalArgumentException e) {
      throw new EvidenceException.Malformed(
          record.payloadLength() - in.remaining(), decoding.type.name() + ": " + e.getMessage());
    }
  }

  private static List<Subject> subjectsOf(SchedulerEvent event) {
    if (event instanceof TaskOutcome outcome) {
      return List.of(Subject.task(outcome.taskId()));
    }
    if (event instanceof SchedulerEvent.TaskEnqueued enqueued) {
      return List.of(Subject.task(enqueued.task().id()));
    }
    if (event instanceof SchedulerEvent.TaskRefused refused) {
      return List.of(Subject.task(refused.task().id()));
    }
    return List.of();
  }

  private static Map<Integer, Decoding> decodings() {
    Map<Integer, Decoding> all = new TreeMap<>();
    put(all, TASK_ENQUEUED, in -> enqueued(in, SchedulerEvent.Origin.HOST));
    put(all, TASK_EMITTED, in -> enqueued(in, SchedulerEvent.Origin.EMITTED));
    put(all, TASK_REFUSED, in -> refused(in, SchedulerEvent.Origin.HOST));
    put(all, EMISSION_REFUSED, in -> refused(in, SchedulerEvent.Origin.EMITTED));
    put(
        all,
        EXTERNAL_INPUT,
        in ->
            new SchedulerEvent.ExternalInput(
                time(in), in.string(), Payload.of(in.bytes()), in.flag()));
    put(all, ROUND_STARTED, in -> new SchedulerEvent.RoundStarted(in.u64(), time(in)));
    put(all, STEP_STARTED, in -> new SchedulerEvent.StepStarted(in.u16()));
    put(all, ORDERED_STARTED, in -> new SchedulerEvent.OrderedStarted(time(in), in.u64()));
    put(
        all,
        TASK_EXECUTED,
        in -> new SchedulerEvent.TaskExecuted(in.u64(), in.u16(), time(in), in.u64(), in.hash()));
    put(all, TASK_FAILED, SchedulerRecords::failed);
    put(
        all,
        TASK_REJECTED,
        in -> new SchedulerEvent.TaskRejected(in.u64(), in.u16(), time(in), in.u64(), in.u16()));
    put(
        all,
        STATE_CHANGE,
        in -> new SchedulerEvent.StateChange(time(in), in.string(), in.hash(), in.flag()));
    put(all, ROUND_ENDED, in -> new SchedulerEvent.RoundEnded(in.u64(), time(in), in.u64()));
    return all;
  }

  private static void put(Map<Integer, Decoding> all, RecordType type, EventReader reader) {
    all.put(type.wire(), new Decoding(type, reader));
  }

  private static Timestamp time(CanonicalReader in) {
    return new Timestamp(in.u64());
  }

  private static SchedulerEvent enqueued(CanonicalReader in, SchedulerEvent.Origin origin) {
    Task task = TaskCodec.read(in);
    OptionalInt core = TaskCodec.readCore(in);
    return new SchedulerEvent.TaskEnqueued(task, core, time(in), in.flag(), origin);
  }

  private static SchedulerEvent refused(CanonicalReader in, SchedulerEvent.Origin origin) {
    Task task = TaskCodec.read(in);
    OptionalInt core = TaskCodec.readCore(in);
    return new SchedulerEvent.TaskRefused(
        task, core, time(in), choice(in, SchedulerEvent.Refusal.values()), origin);
  }

  private static SchedulerEvent failed(CanonicalReader in) {
    return new SchedulerEvent.TaskFailed(
        in.u64(),
        in.u16(),
        time(in),
        in.u64(),
        choice(in, SchedulerEvent.Failure.values()),
        in.string());
  }

  private static <E> E choice(CanonicalReader in, E[] values) {
    return values[Bounds.between(in.u8(), 0, values.length - 1, "reason")];
  }
}
