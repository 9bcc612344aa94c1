package dev.stowage.pressure;

import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayable;
import dev.stowage.evidence.parts.Outcomes;
import dev.stowage.evidence.parts.PartKind;
import dev.stowage.evidence.parts.RecordWriter;
import dev.stowage.evidence.parts.Recorded;
import dev.stowage.pressure.LoadSignals.LoadSignal;
import dev.stowage.pressure.PressureRecords.Asked;
import dev.stowage.pressure.PressureRecords.Decision;
import dev.stowage.pressure.PressureRecords.Input;
import dev.stowage.pressure.PressureRecords.Sampled;
import dev.stowage.shape.Forms;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * Answers whether more work may come in, from five signals of the host's runtime.
 *
 * <p>A signal above its threshold asks for backpressure, one above 1.2 times its threshold for
 * refusal; a load exactly at a bound is on the milder side. With no live signal the answer is
 * backpressure: not to know is no reason to hurry. A governor that is off, or that only observes,
 * admits everything and still reports what it saw.
 *
 * <p>Samples come from a {@link LoadSource}, at most once a period, or are recorded by the host,
 * which counts at once. Not thread-safe.
 */
public final class LoadGovernor {
  private static final PartKind<Config> KIND =
      new PartKind<>(
          "load-governor",
          PressureRecords.ALL,
          Config.SHAPE,
          (config, log) -> recording(config, LoadSource.NONE, log).shell);

  private final Config config;
  private final LoadSource source;
  private final Recorded<Input, Decision> shell;
  private LoadSignals signals = LoadSignals.NONE;
  private long sampledAtNanos;
  private boolean sampled;
  private final long[] verdicts = new long[LoadDecision.Verdict.values().length];

  /** A governor that samples {@code source}. */
  public LoadGovernor(Config config, LoadSource source) {
    this(config, source, RecordWriter.none());
  }

  LoadGovernor(Config config, LoadSource source, RecordWriter log) {
    this.config = Objects.requireNonNull(config, "config");
    this.source = Objects.requireNonNull(source, "source");
    shell = new Recorded<>(log, PressureRecords.ALL, this::apply);
  }

  /**
   * A governor that samples {@code source} and records every sample, question and decision; it is
   * run again from the record alone, without the source.
   */
  public static LoadGovernor recording(Config config, LoadSource source, EvidenceLog log) {
    return new LoadGovernor(config, source, RecordWriter.into(log));
  }

  /** What a governor does with what it sees. */
  public enum Mode {
    /** Admits everything. */
    OFF,
    /** Admits everything, and reports. */
    OBSERVE,
    /** Decides. */
    ENFORCE
  }

  /**
   * How a governor works.
   *
   * @param mode what it does with what it sees
   * @param samplePeriodNanos least time between two samples of the source, at least 0
   */
  public record Config(Mode mode, long samplePeriodNanos) {
    private static final Shape.Builder<Config> FIELDS = Shape.named("load_governor");

    private static final ValueField<Config, Mode> MODE =
        FIELDS
            .oneOf("mode", Mode.class, Config::mode)
            .orElse(Mode.OFF)
            .means("whether a governor admits everything, also reports, or decides");
    private static final NumberField<Config> SAMPLE_PERIOD =
        FIELDS
            .number("sample_period_nanos", Config::samplePeriodNanos)
            .atLeast(0)
            .orElse(Nanos.PER_SECOND)
            .means("the least time between two samples of the source");

    /** The settings of a governor. */
    public static final Shape<Config> SHAPE =
        FIELDS.make(v -> new Config(MODE.of(v), SAMPLE_PERIOD.of(v)));

    /** Off; an enforcing governor is asked for. */
    public static final Config DEFAULT = SHAPE.make(SHAPE.values());

    /** Throws {@link IllegalArgumentException} if the period is negative. */
    public Config(Mode mode, long samplePeriodNanos) {
      this.mode = Objects.requireNonNull(mode, "mode");
      this.samplePeriodNanos = samplePeriodNanos;
      SHAPE.checked(this);
    }

    /** This with another mode. */
    public Config withMode(Mode other) {
      return SHAPE.with(this, MODE, other);
    }
  }

  /** Takes a sample that the host has made; it stands for a period. */
  public void record(LoadSignals sample, long nowNanos) {
    shell.apply(new Sampled(nowNanos, Objects.requireNonNull(sample, "sample")));
  }

  /** Whether work may come in at this time. */
  public LoadDecision decide(long nowNanos) {
    refresh(nowNanos);
    return (LoadDecision) shell.answer(new Asked(nowNanos));
  }

  void apply(Input input, Outcomes<Decision> to) {
    if (input instanceof Sampled sample) {
      signals = sample.signals();
      sampledAtNanos = sample.atNanos();
      sampled = true;
    } else if (input instanceof Asked) {
      to.add(judge());
    }
  }

  /** Samples the source if the last sample has had its time. */
  void refresh(long nowNanos) {
    if (!sampled || Nanos.between(sampledAtNanos, nowNanos) >= config.samplePeriodNanos()) {
      resample(nowNanos);
    }
  }

  /** The decision on the sample in force; counted, not recorded. */
  LoadDecision judge() {
    LoadDecision decision =
        new LoadDecision(outcome(), verdict(), signals.overall(), exceeded(signals));
    verdicts[decision.verdict().ordinal()]++;
    return decision;
  }

  /** How often a verdict was given. */
  public long count(LoadDecision.Verdict verdict) {
    return verdicts[verdict.ordinal()];
  }

  /** What a log must begin with for a governor of this configuration to be run again. */
  public static EvidenceHeader header(Config config, String libraryVersion) {
    return KIND.header(config, libraryVersion);
  }

  /** Makes fresh governors of the recorded configuration, for replay. */
  public static Replayable.Factory factory() {
    return KIND;
  }

  private void resample(long nowNanos) {
    // a host that records its own samples gives no source; its last sample stays in force
    if (source != LoadSource.NONE) {
      record(source.sample(nowNanos), nowNanos);
    }
  }

  private LoadDecision.Outcome outcome() {
    if (config.mode() != Mode.ENFORCE) {
      return LoadDecision.Outcome.ADMIT;
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
   * The governor's answer.
   *
   * @param outcome whether work may come in
   * @param verdict how much of the picture the governor saw
   * @param overall the greatest live load in ten-thousandths
   * @param exceeded the live signals above their threshold; reported even where the governor only
   *     observes
   */
  public record LoadDecision(
      Outcome outcome, Verdict verdict, long overall, Set<LoadSignal> exceeded)
      implements PressureRecords.Decision {
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

    /** Whether work may come in. */
    public enum Outcome {
      /** It may. */
      ADMIT,
      /** It may, and its sender should slow down. */
      ADMIT_WITH_BACKPRESSURE,
      /** It may not. */
      REJECT
    }

    /** How much of the picture the governor saw; the number is what a metric shows. */
    public enum Verdict {
      /** All five signals were live. */
      COMPLETE(0),
      /** Some were. */
      PARTIAL_SIGNALS_UNAVAILABLE(1),
      /** None was: there is nothing to win by deciding. */
      NO_WIN_NO_LIVE_SIGNALS(2);

      private final int metric;

      Verdict(int metric) {
        this.metric = metric;
      }

      /** The number that a metric shows. */
      public int metric() {
        return metric;
      }
    }
  }
}
