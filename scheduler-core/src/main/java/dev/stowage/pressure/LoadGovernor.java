package dev.stowage.pressure;

import static dev.stowage.shape.RecordShapes.nested;
import static dev.stowage.shape.RecordShapes.number;
import static dev.stowage.shape.RecordShapes.shape;

import dev.stowage.columns.Nanos;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayer.Replayable;
import dev.stowage.evidence.parts.Outcomes;
import dev.stowage.evidence.parts.PartKind;
import dev.stowage.evidence.parts.Recorded;
import dev.stowage.evidence.parts.Records;
import dev.stowage.model.StowageOption;
import dev.stowage.pressure.LoadSource.LoadSignals;
import dev.stowage.pressure.LoadSource.LoadSignals.LoadSignal;
import dev.stowage.shape.Forms;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The gate of work that comes in, from the five signals of {@link LoadSignals}. A signal above its
 * threshold asks for backpressure, one above 1.2 times its threshold for rejection; no live signal
 * means backpressure. So much work may be under way at once. Samples come from a {@link
 * LoadSource}, at most once a period, or from {@link #record}, which takes effect at once. Not
 * thread-safe.
 */
public final class LoadGovernor implements StowageOption {
  /** The work that may be under way at once; more is rejected. */
  public static final int MOST_AT_ONCE = 64;

  private static final long RETRY_AFTER_NANOS = 100 * Nanos.PER_MILLISECOND;

  private static final Records<Input, LoadDecision> RECORDS =
      Records.of(Input.class, LoadDecision.class)
          .input(0x0200, Sampled.class, Sampled.SHAPE)
          .input(0x0201, Asked.class, Asked.SHAPE)
          .input(0x0203, Released.class, Released.SHAPE)
          .outcome(0x0210, LoadDecision.class, LoadDecision.SHAPE)
          .build();

  private static final PartKind<Config> KIND =
      new PartKind<>(
          "load-governor",
          RECORDS,
          Config.SHAPE,
          (config, log) -> recording(config, LoadSource.NONE, log).shell);

  private final Config config;
  private final LoadSource source;
  private final Recorded<Input, LoadDecision> shell;
  private LoadSignals signals = LoadSignals.NONE;
  private long sampledAtNanos;
  private boolean sampled;
  private int underWay;
  private final long[] verdicts = new long[LoadDecision.Verdict.values().length];

  /** Creates a governor that samples {@code source}. */
  public LoadGovernor(Config config, LoadSource source) {
    this(config, source, null);
  }

  private LoadGovernor(Config config, LoadSource source, @Nullable EvidenceLog log) {
    this.config = Objects.requireNonNull(config, "config");
    this.source = Objects.requireNonNull(source, "source");
    shell = new Recorded<>(log, RECORDS, this::apply);
  }

  /** Creates a governor that records samples, requests and decisions; replay needs no source. */
  public static LoadGovernor recording(Config config, LoadSource source, EvidenceLog log) {
    return new LoadGovernor(config, source, Objects.requireNonNull(log, "log"));
  }

  /** Reports whether it decides, in {@link Mode#ENFORCE}. */
  public boolean isEnforcing() {
    return config.mode() == Mode.ENFORCE;
  }

  private sealed interface Input {}

  private record Sampled(long atNanos, LoadSignals signals) implements Input {
    static final Shape<Sampled> SHAPE =
        shape(
            "load_sampled",
            number("at_nanos", Sampled::atNanos),
            nested("signals", Sampled::signals, LoadSignals.SHAPE),
            Sampled::new);
  }

  private record Asked(long atNanos) implements Input {
    static final Shape<Asked> SHAPE =
        shape("load_asked", number("at_nanos", Asked::atNanos), Asked::new);
  }

  private record Released() implements Input {
    static final Shape<Released> SHAPE = shape("load_released", Released::new);
  }

  /** The effect of a governor. */
  public enum Mode {
    /** Admits everything. */
    OFF,
    /** Admits everything and reports. */
    OBSERVE,
    /** Decides. */
    ENFORCE
  }

  /** The mode of a governor, and the least time between two samples in nanoseconds, at least 0. */
  public record Config(Mode mode, long samplePeriodNanos) {
    private static final Shape.Builder<Config> FIELDS = Shape.named("load_governor");

    private static final ValueField<Config, Mode> MODE =
        FIELDS.oneOf("mode", Mode.class, Config::mode).orElse(Mode.OFF);
    private static final NumberField<Config> SAMPLE_PERIOD =
        FIELDS
            .number("sample_period_nanos", Config::samplePeriodNanos)
            .atLeast(0)
            .orElse(Nanos.PER_SECOND);

    /** The shape of the settings. */
    static final Shape<Config> SHAPE =
        FIELDS.make(v -> new Config(MODE.of(v), SAMPLE_PERIOD.of(v)));

    /** A governor that is off, with a sample period of 1 s. */
    public static final Config DEFAULT = SHAPE.make(SHAPE.values());

    /** Throws {@link IllegalArgumentException} if the period is negative. */
    public Config(Mode mode, long samplePeriodNanos) {
      this.mode = Objects.requireNonNull(mode, "mode");
      this.samplePeriodNanos = samplePeriodNanos;
      SHAPE.checked(this);
    }

    /** Returns these settings with another mode. */
    public Config withMode(Mode other) {
      return SHAPE.with(this, MODE, other);
    }
  }

  /** Takes a sample made by the host; it stays in force for a sample period. */
  public void record(LoadSignals sample, long nowNanos) {
    shell.apply(new Sampled(nowNanos, Objects.requireNonNull(sample, "sample")));
  }

  /**
   * Returns the decision for work that arrives at {@code nowNanos}. Unless it is rejected, the work
   * is under way until {@link #release}.
   */
  public LoadDecision admit(long nowNanos) {
    boolean isOld = Nanos.between(sampledAtNanos, nowNanos) >= config.samplePeriodNanos();
    // Without a source the latest sample recorded by the host stays in force.
    if ((!sampled || isOld) && source != LoadSource.NONE) {
      record(source.sample(nowNanos), nowNanos);
    }
    return shell.answer(new Asked(nowNanos));
  }

  /** Ends work that was admitted; throws {@link IllegalStateException} if none is under way. */
  public void release() {
    if (underWay == 0) {
      throw new IllegalStateException("no work is under way");
    }
    shell.apply(new Released());
  }

  private void apply(Input input, Outcomes<LoadDecision> to) {
    if (input instanceof Sampled sample) {
      signals = sample.signals();
      sampledAtNanos = sample.atNanos();
      sampled = true;
    } else if (input instanceof Asked) {
      LoadDecision decision =
          new LoadDecision(outcome(), verdict(), signals.overall(), exceeded(signals));
      verdicts[decision.verdict().ordinal()]++;
      underWay += decision.isAdmitted() ? 1 : 0;
      to.add(decision);
    } else {
      underWay--;
    }
  }

  /** Returns the number of decisions with {@code verdict}. */
  public long count(LoadDecision.Verdict verdict) {
    return verdicts[verdict.ordinal()];
  }

  /** Returns the header of a log from which a governor with {@code config} is replayed. */
  public static EvidenceHeader header(Config config, String libraryVersion) {
    return KIND.header(config, libraryVersion);
  }

  /** Returns a factory that creates governors from recorded configurations, for replay. */
  public static Replayable.Factory factory() {
    return KIND;
  }

  private LoadDecision.Outcome outcome() {
    if (config.mode() != Mode.ENFORCE) {
      return LoadDecision.Outcome.ADMIT;
    }
    if (underWay >= MOST_AT_ONCE) {
      return LoadDecision.Outcome.REJECT;
    }
    if (signals.liveCount() == 0) {
      return LoadDecision.Outcome.ADMIT_WITH_BACKPRESSURE;
    }
    LoadDecision.Outcome worst = LoadDecision.Outcome.ADMIT;
    for (LoadSignal signal : LoadSignal.values()) {
      if (signals.load(signal) > signal.rejectAbove()) {
        return LoadDecision.Outcome.REJECT;
      }
      if (signals.load(signal) > signal.backpressureAbove()) {
        worst = LoadDecision.Outcome.ADMIT_WITH_BACKPRESSURE;
      }
    }
    return worst;
  }

  private LoadDecision.Verdict verdict() {
    int live = signals.liveCount();
    if (live == 0) {
      return LoadDecision.Verdict.NO_WIN_NO_LIVE_SIGNALS;
    }
    return live == LoadSignal.values().length
        ? LoadDecision.Verdict.COMPLETE
        : LoadDecision.Verdict.PARTIAL_SIGNALS_UNAVAILABLE;
  }

  private static Set<LoadSignal> exceeded(LoadSignals signals) {
    EnumSet<LoadSignal> exceeded = EnumSet.noneOf(LoadSignal.class);
    for (LoadSignal signal : LoadSignal.values()) {
      if (signals.load(signal) > signal.backpressureAbove()) {
        exceeded.add(signal);
      }
    }
    return exceeded;
  }

  /**
   * A decision: {@code overall} is the greatest live load in ten-thousandths; {@code exceeded}
   * holds the live signals above their threshold, in every mode. Work that is rejected though none
   * is has too much beside it.
   */
  public record LoadDecision(
      Outcome outcome, Verdict verdict, long overall, Set<LoadSignal> exceeded) {
    static final Shape<LoadDecision> SHAPE =
        Shape.of(
            "load_decided",
            row -> {
              var outcome = row.oneOf("outcome", Outcome.class, LoadDecision::outcome);
              var verdict = row.oneOf("verdict", Verdict.class, LoadDecision::verdict);
              var overall = row.number("overall", LoadDecision::overall);
              var exceeded =
                  row.value("exceeded", LoadDecision::exceeded, Forms.setOf(LoadSignal.class));
              return v ->
                  new LoadDecision(outcome.of(v), verdict.of(v), overall.of(v), exceeded.of(v));
            });

    /** Returns what holds a sender up, in words. */
    public String why() {
      return exceeded.isEmpty()
          ? "too many batches come in at once"
          : "the load is too high: " + exceeded;
    }

    /** Reports whether the work may go on. */
    public boolean isAdmitted() {
      return outcome != Outcome.REJECT;
    }

    /** Returns the wait before more work is offered: 100 ms, or 0 without pressure. */
    public long retryAfterNanos() {
      return outcome == Outcome.ADMIT ? 0 : RETRY_AFTER_NANOS;
    }

    /** The treatment of new work. */
    public enum Outcome {
      /** The work is admitted. */
      ADMIT,
      /** The work is admitted, and its sender should slow down. */
      ADMIT_WITH_BACKPRESSURE,
      /** The work is rejected. */
      REJECT
    }

    /** The completeness of the signals behind a decision. */
    public enum Verdict {
      /** All five signals were live. */
      COMPLETE(0),
      /** Some signals were live. */
      PARTIAL_SIGNALS_UNAVAILABLE(1),
      /** No signal was live. */
      NO_WIN_NO_LIVE_SIGNALS(2);

      private final int metric;

      Verdict(int metric) {
        this.metric = metric;
      }

      /** Returns the value shown by the metric, 0 to 2. */
      public int metric() {
        return metric;
      }
    }
  }
}
