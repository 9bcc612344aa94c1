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
 * Admission with a grant: what the work may use, what its sender should do, and who could help.
 *
 * <p>Under backpressure a requested envelope is halved, and where none was requested the reduced
 * one is granted. All grants together stay within {@link ResourceEnvelope#TOTAL}: the last one gets
 * what is left, and with no memory, operations or tasks left work is rejected. A grant is held
 * until {@link #release}. Not thread-safe.
 */
public final class EnvelopeAdmission {
  private static final PartKind<LoadGovernor.Config> KIND =
      new PartKind<>(
          "envelope-admission",
          PressureRecords.ALL,
          LoadGovernor.Config.SHAPE,
          (config, log) -> recording(config, LoadSource.NONE, log).shell);

  /** After backpressure or a refusal, work should not be offered again for this long: 100 ms. */
  public static final long RETRY_AFTER_NANOS = 100 * Nanos.PER_MILLISECOND;

  private final LoadGovernor governor;
  private final PeerHints peers;
  private final RecordWriter log;
  private final Recorded<Input, Decision> shell;
  private ResourceEnvelope granted = ResourceEnvelope.NOTHING;

  /** Admission on top of a governor; hints come from {@code peers}. */
  public EnvelopeAdmission(LoadGovernor governor, PeerHints peers) {
    this(governor, peers, RecordWriter.none());
  }

  private EnvelopeAdmission(LoadGovernor governor, PeerHints peers, RecordWriter log) {
    this.governor = Objects.requireNonNull(governor, "governor");
    this.peers = Objects.requireNonNull(peers, "peers");
    this.log = log;
    shell = new Recorded<>(log, PressureRecords.ALL, this::apply);
  }

  /**
   * Admission on a governor and on hints of its own, all three recording into one log: samples,
   * what peers say, questions, grants and answers.
   */
  public static EnvelopeAdmission recording(
      LoadGovernor.Config config, LoadSource source, EvidenceLog log) {
    RecordWriter writer = RecordWriter.into(log);
    return new EnvelopeAdmission(
        new LoadGovernor(config, source, writer), new PeerHints(writer), writer);
  }

  /** The governor that is asked. */
  public LoadGovernor governor() {
    return governor;
  }

  /** What peers said. */
  public PeerHints peers() {
    return peers;
  }

  /**
   * The answer to a request.
   *
   * @param decision the governor's decision; {@link LoadDecision.Outcome#REJECT} also where nothing
   *     is left to grant
   * @param grant what the work may use; empty if it was rejected
   * @param retryAfterNanos how long the sender should wait; 0 without pressure
   * @param shedLoad whether the sender should shed load
   * @param relief a peer that could take the work, if there is one and there is pressure
   */
  public record Answer(
      LoadDecision decision,
      Optional<ResourceEnvelope> grant,
      long retryAfterNanos,
      boolean shedLoad,
      Optional<PeerHints.Relief> relief)
      implements Decision {
    static final Shape<Answer> SHAPE =
        Shape.of(
            "admission",
            row -> {
              var decision = row.nested("decision", Answer::decision, LoadDecision.SHAPE);
              var grant = row.value("grant", Answer::grant, ResourceEnvelope.OPTIONAL);
              var retryAfter = row.number("retry_after_nanos", Answer::retryAfterNanos);
              var shedLoad = row.flag("shed_load", Answer::shedLoad);
              var relief = row.value("relief", Answer::relief, PeerHints.Relief.OPTIONAL);
              return v ->
                  new Answer(
                      decision.of(v), grant.of(v), retryAfter.of(v), shedLoad.of(v), relief.of(v));
            });
  }

  /** Asks for the default envelope. */
  public Answer admit(long nowNanos) {
    return admit(Optional.empty(), nowNanos);
  }

  /** Asks for an envelope. */
  public Answer admit(ResourceEnvelope requested, long nowNanos) {
    return admit(Optional.of(requested), nowNanos);
  }

  private Answer admit(Optional<ResourceEnvelope> requested, long nowNanos) {
    governor.refresh(nowNanos);
    return (Answer) shell.answer(new AdmitAsked(nowNanos, requested));
  }

  /**
   * Gives a grant back.
   *
   * @throws IllegalArgumentException if more is given back than was granted
   */
  public void release(ResourceEnvelope grant) {
    granted.minus(grant); // refuses before anything is written
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
      peers.apply(input, to);
    }
  }

  /** What all grants together may use now. */
  public ResourceEnvelope granted() {
    return granted;
  }

  private Answer answer(AdmitAsked asked) {
    // a governor of the host's may record its decisions in a log of its own
    LoadDecision decision = log.isOn() ? governor.judge() : governor.decide(asked.atNanos());
    boolean pressure = isUnderPressure(decision);
    ResourceEnvelope usual = pressure ? ResourceEnvelope.REDUCED : ResourceEnvelope.DEFAULT;
    ResourceEnvelope envelope = asked.envelope().map(r -> pressure ? r.halved() : r).orElse(usual);
    return answer(decision, envelope, asked.atNanos());
  }

  private Answer answer(LoadDecision asked, ResourceEnvelope envelope, long nowNanos) {
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
    return new Answer(
        decision,
        grant,
        pressure ? RETRY_AFTER_NANOS : 0,
        pressure,
        pressure ? peers.choice(nowNanos) : Optional.empty());
  }

  /** What a log must begin with for an admission of this configuration to be run again. */
  public static EvidenceHeader header(LoadGovernor.Config config, String libraryVersion) {
    return KIND.header(config, libraryVersion);
  }

  /** Makes fresh admissions of the recorded configuration, for replay. */
  public static Replayable.Factory factory() {
    return KIND;
  }

  private static boolean isUnderPressure(LoadDecision decision) {
    return decision.outcome() != LoadDecision.Outcome.ADMIT;
  }

  /**
   * What admitted work may use.
   *
   * @param memoryBytes at least 0
   * @param cpuWeightMillis its share of the processors in thousandths of a weight of 1, at least 0
   * @param ioOperations at a time, at least 0
   * @param tasks at a time, at least 0
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

    /** What is granted where nothing was asked for: 64 MiB, weight 1, 10 operations, 100 tasks. */
    public static final ResourceEnvelope DEFAULT =
        new ResourceEnvelope(64 * MEBIBYTE, 1_000, 10, 100);

    /** The same under backpressure: 16 MiB, weight 0.5, 2 operations, 10 tasks. */
    public static final ResourceEnvelope REDUCED = new ResourceEnvelope(16 * MEBIBYTE, 500, 2, 10);

    /** What all granted envelopes together may use: 4 GiB, 1,000 operations, 10,000 tasks. */
    public static final ResourceEnvelope TOTAL =
        new ResourceEnvelope(4096 * MEBIBYTE, Long.MAX_VALUE, 1_000, 10_000);

    static final ResourceEnvelope NOTHING = new ResourceEnvelope(0, 0, 0, 0);

    /** Refuses a negative part with {@link IllegalArgumentException}. */
    public ResourceEnvelope {
      if (memoryBytes < 0 || cpuWeightMillis < 0 || ioOperations < 0 || tasks < 0) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "envelope is %d bytes, %d millis, %d operations, %d tasks; each at least 0",
                memoryBytes,
                cpuWeightMillis,
                ioOperations,
                tasks));
      }
    }

    /** Half of every part, rounded down. */
    public ResourceEnvelope halved() {
      return new ResourceEnvelope(
          memoryBytes / 2, cpuWeightMillis / 2, ioOperations / 2, tasks / 2);
    }

    /** The smaller of the two, part by part. */
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

    /** This without the other; refuses to go below nothing. */
    ResourceEnvelope minus(ResourceEnvelope other) {
      return new ResourceEnvelope(
          memoryBytes - other.memoryBytes,
          cpuWeightMillis - other.cpuWeightMillis,
          ioOperations - other.ioOperations,
          tasks - other.tasks);
    }
  }
}
