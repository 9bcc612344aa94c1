package dev.stowage.pressure;

import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayable;
import dev.stowage.evidence.parts.Outcomes;
import dev.stowage.evidence.parts.PartKind;
import dev.stowage.evidence.parts.RecordWriter;
import dev.stowage.evidence.parts.Recorded;
import dev.stowage.pressure.LoadGovernor.LoadDecision;
import dev.stowage.pressure.PressureRecords.AdmitAsked;
import dev.stowage.pressure.PressureRecords.Decision;
import dev.stowage.pressure.PressureRecords.Granted;
import dev.stowage.pressure.PressureRecords.Input;
import dev.stowage.pressure.PressureRecords.Released;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Admits work and grants it a resource envelope. Under backpressure a requested envelope is halved,
 * and {@link ResourceEnvelope#REDUCED} is granted if none was requested. All grants together stay
 * within {@link ResourceEnvelope#TOTAL}; work is rejected while no memory, operations or tasks are
 * left. A grant is held until {@link #release}. Not thread-safe.
 */
public final class EnvelopeAdmission {
  private static final PartKind<LoadGovernor.Config> KIND =
      new PartKind<>(
          "envelope-admission",
          PressureRecords.ALL,
          LoadGovernor.Config.SHAPE,
          (config, log) -> recording(config, LoadSource.NONE, log).shell);

  /** The wait before work is offered again after backpressure or a refusal: 100 ms. */
  public static final long RETRY_AFTER_NANOS = 100 * Nanos.PER_MILLISECOND;

  private final LoadGovernor governor;
  private final RecordWriter log;
  private final Recorded<Input, Decision> shell;
  private ResourceEnvelope granted = ResourceEnvelope.NOTHING;

  /** Creates an admission on {@code governor}. */
  public EnvelopeAdmission(LoadGovernor governor) {
    this(governor, RecordWriter.none());
  }

  private EnvelopeAdmission(LoadGovernor governor, RecordWriter log) {
    this.governor = Objects.requireNonNull(governor, "governor");
    this.log = log;
    shell = new Recorded<>(log, PressureRecords.ALL, this::apply);
  }

  /** Creates an admission that records its samples, requests, grants and answers. */
  public static EnvelopeAdmission recording(
      LoadGovernor.Config config, LoadSource source, EvidenceLog log) {
    RecordWriter writer = RecordWriter.into(log);
    return new EnvelopeAdmission(new LoadGovernor(config, source, writer), writer);
  }

  /** Returns the governor that decides. */
  public LoadGovernor governor() {
    return governor;
  }

  /**
   * The answer to a request. The decision is also {@link LoadDecision.Outcome#REJECT} if nothing is
   * left to grant; the grant is then empty. Without pressure the retry delay is 0 ns.
   */
  public record Answer(
      LoadDecision decision,
      Optional<ResourceEnvelope> grant,
      long retryAfterNanos,
      boolean shedLoad)
      implements Decision {
    static final Shape<Answer> SHAPE =
        Shape.of(
            "admission",
            row -> {
              var decision = row.nested("decision", Answer::decision, LoadDecision.SHAPE);
              var grant = row.value("grant", Answer::grant, ResourceEnvelope.OPTIONAL);
              var retryAfter = row.number("retry_after_nanos", Answer::retryAfterNanos);
              var shedLoad = row.flag("shed_load", Answer::shedLoad);
              return v -> new Answer(decision.of(v), grant.of(v), retryAfter.of(v), shedLoad.of(v));
            });
  }

  /** Requests the default envelope. */
  public Answer admit(long nowNanos) {
    return admit(Optional.empty(), nowNanos);
  }

  /** Requests {@code requested}. */
  public Answer admit(ResourceEnvelope requested, long nowNanos) {
    return admit(Optional.of(requested), nowNanos);
  }

  private Answer admit(Optional<ResourceEnvelope> requested, long nowNanos) {
    governor.refresh(nowNanos);
    return (Answer) shell.answer(new AdmitAsked(nowNanos, requested));
  }

  /** Releases a grant; throws {@link IllegalArgumentException} if it exceeds what is granted. */
  public void release(ResourceEnvelope grant) {
    granted.minus(grant); // throws before anything is recorded
    shell.apply(new Released(grant));
  }

  private void apply(Input input, Outcomes<Decision> to) {
    if (input instanceof AdmitAsked asked) {
      to.add(answer(asked));
    } else if (input instanceof Released released) {
      granted = granted.minus(released.grant());
      to.add(new Granted(granted));
    } else {
      governor.apply(input, to);
    }
  }

  /** Returns the sum of all grants that are held. */
  public ResourceEnvelope granted() {
    return granted;
  }

  private Answer answer(AdmitAsked asked) {
    // A governor passed by the host may record its decisions in its own log.
    LoadDecision decision = log.isOn() ? governor.judge() : governor.decide(asked.atNanos());
    boolean pressure = isUnderPressure(decision);
    ResourceEnvelope usual = pressure ? ResourceEnvelope.REDUCED : ResourceEnvelope.DEFAULT;
    ResourceEnvelope envelope = asked.envelope().map(r -> pressure ? r.halved() : r).orElse(usual);
    return answer(decision, envelope);
  }

  private Answer answer(LoadDecision asked, ResourceEnvelope envelope) {
    ResourceEnvelope left = ResourceEnvelope.TOTAL.minus(granted);
    boolean exhausted = left.memoryBytes() == 0 || left.ioOperations() == 0 || left.tasks() == 0;
    LoadDecision decision =
        exhausted
            ? new LoadDecision(
                LoadDecision.Outcome.REJECT, asked.verdict(), asked.overall(), asked.exceeded())
            : asked;
    boolean pressure = isUnderPressure(decision);
    Optional<ResourceEnvelope> grant = Optional.empty();
    if (decision.outcome() != LoadDecision.Outcome.REJECT) {
      ResourceEnvelope bounded = envelope.atMost(left);
      granted = granted.plus(bounded);
      grant = Optional.of(bounded);
    }
    return new Answer(decision, grant, pressure ? RETRY_AFTER_NANOS : 0, pressure);
  }

  /** Returns the header of a log from which an admission with {@code config} is replayed. */
  public static EvidenceHeader header(LoadGovernor.Config config, String libraryVersion) {
    return KIND.header(config, libraryVersion);
  }

  /** Returns a factory that creates admissions from recorded configurations, for replay. */
  public static Replayable.Factory factory() {
    return KIND;
  }

  private static boolean isUnderPressure(LoadDecision decision) {
    return decision.outcome() != LoadDecision.Outcome.ADMIT;
  }

  /**
   * The resources of admitted work, each at least 0: memory in bytes, processor weight in
   * thousandths of weight 1, concurrent I/O operations and concurrent tasks.
   */
  public record ResourceEnvelope(
      long memoryBytes, long cpuWeightMillis, int ioOperations, int tasks) {
    static final Shape<ResourceEnvelope> SHAPE =
        Shape.of(
            "envelope",
            row -> {
              var memory = row.number("memory_bytes", ResourceEnvelope::memoryBytes);
              var cpu = row.number("cpu_weight_millis", ResourceEnvelope::cpuWeightMillis);
              var io = row.number("io_operations", ResourceEnvelope::ioOperations).narrow();
              var tasks = row.number("tasks", ResourceEnvelope::tasks).narrow();
              return v ->
                  new ResourceEnvelope(memory.of(v), cpu.of(v), io.intOf(v), tasks.intOf(v));
            });

    static final Form<Optional<ResourceEnvelope>> OPTIONAL = Forms.optional(Forms.row(SHAPE));

    private static final long MEBIBYTE = 1L << 20;

    /** The envelope granted by default: 64 MiB, weight 1, 10 operations, 100 tasks. */
    public static final ResourceEnvelope DEFAULT =
        new ResourceEnvelope(64 * MEBIBYTE, 1_000, 10, 100);

    /** The default envelope under backpressure: 16 MiB, weight 0.5, 2 operations, 10 tasks. */
    public static final ResourceEnvelope REDUCED = new ResourceEnvelope(16 * MEBIBYTE, 500, 2, 10);

    /** The bound of all grants together: 4 GiB, 1,000 operations, 10,000 tasks. */
    public static final ResourceEnvelope TOTAL =
        new ResourceEnvelope(4096 * MEBIBYTE, Long.MAX_VALUE, 1_000, 10_000);

    static final ResourceEnvelope NOTHING = new ResourceEnvelope(0, 0, 0, 0);

    /** Throws {@link IllegalArgumentException} for a negative component. */
    public ResourceEnvelope {
      if (memoryBytes < 0 || cpuWeightMillis < 0 || ioOperations < 0 || tasks < 0) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "envelope is %d bytes, %d millis, %d operations, %d tasks; at least 0 is accepted",
                memoryBytes,
                cpuWeightMillis,
                ioOperations,
                tasks));
      }
    }

    /** Returns half of every component, rounded down. */
    public ResourceEnvelope halved() {
      return new ResourceEnvelope(
          memoryBytes / 2, cpuWeightMillis / 2, ioOperations / 2, tasks / 2);
    }

    /** Returns the smaller value of each component. */
    public ResourceEnvelope atMost(ResourceEnvelope bound) {
      return new ResourceEnvelope(
          Math.min(memoryBytes, bound.memoryBytes),
          Math.min(cpuWeightMillis, bound.cpuWeightMillis),
          Math.min(ioOperations, bound.ioOperations),
          Math.min(tasks, bound.tasks));
    }

    ResourceEnvelope plus(ResourceEnvelope other) {
      return new ResourceEnvelope(
          Math.addExact(memoryBytes, other.memoryBytes),
          Math.addExact(cpuWeightMillis, other.cpuWeightMillis),
          Math.addExact(ioOperations, other.ioOperations),
          Math.addExact(tasks, other.tasks));
    }

    ResourceEnvelope minus(ResourceEnvelope other) {
      return new ResourceEnvelope(
          memoryBytes - other.memoryBytes,
          cpuWeightMillis - other.cpuWeightMillis,
          ioOperations - other.ioOperations,
          tasks - other.tasks);
    }
  }
}
