package dev.stowage.pressure;

import dev.stowage.columns.Nanos;
import dev.stowage.model.StowageOption;
import dev.stowage.pressure.LoadSource.LoadSignals;
import dev.stowage.pressure.LoadSource.LoadSignals.LoadSignal;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

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

  private final Config config;
  private final LoadSource source;
  private LoadSignals signals = LoadSignals.NONE;
  private long sampledAtNanos;
  private boolean sampled;
  private int underWay;
  private final long[] verdicts = new long[LoadDecision.Verdict.values().length];

  /** Creates a governor that samples {@code source}. */
  public LoadGovernor(Config config, LoadSource source) {
    this.config = Objects.requireNonNull(config, "config");
    this.source = Objects.requireNonNull(source, "source");
  }

  /** Reports whether it decides, in {@link Mode#ENFORCE}. */
  public boolean isEnforcing() {
    return config.mode() == Mode.ENFORCE;
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
  public record Config(
      @Declare(or = "OFF") Mode mode,
      @Declare(least = 0, orElse = Nanos.PER_SECOND) long samplePeriodNanos) {
    /** The shape of the settings. */
    static final Shape<Config> SHAPE = Shape.derived("load_governor", Config.class);

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
      return SHAPE.with(this, "mode", other);
    }
  }

  /** Takes a sample made by the host; it stays in force for a sample period. */
  public void record(LoadSignals sample, long nowNanos) {
    signals = Objects.requireNonNull(sample, "sample");
    sampledAtNanos = nowNanos;
    sampled = true;
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
    Set<LoadSignal> exceeded = EnumSet.allOf(LoadSignal.class);
    exceeded.removeIf(it -> signals.load(it) <= it.backpressureAbove());
    LoadDecision decision =
        new LoadDecision(outcome(exceeded), verdict(), signals.overall(), exceeded);
    verdicts[decision.verdict().ordinal()]++;
    underWay += decision.isAdmitted() ? 1 : 0;
    return decision;
  }

  /** Ends work that was admitted; throws {@link IllegalStateException} if none is under way. */
  public void release() {
    if (underWay == 0) {
      throw new IllegalStateException("no work is under way");
    }
    underWay--;
  }

  /** Returns the number of decisions with {@code verdict}. */
  public long count(LoadDecision.Verdict verdict) {
    return verdicts[verdict.ordinal()];
  }

  private LoadDecision.Outcome outcome(Set<LoadSignal> exceeded) {
    if (config.mode() != Mode.ENFORCE) {
      return LoadDecision.Outcome.ADMIT;
    }
    if (underWay >= MOST_AT_ONCE) {
      return LoadDecision.Outcome.REJECT;
    }
    if (signals.liveCount() == 0) {
      return LoadDecision.Outcome.ADMIT_WITH_BACKPRESSURE;
    }
    if (exceeded.stream().anyMatch(it -> signals.load(it) > it.rejectAbove())) {
      return LoadDecision.Outcome.REJECT;
    }
    return exceeded.isEmpty()
        ? LoadDecision.Outcome.ADMIT
        : LoadDecision.Outcome.ADMIT_WITH_BACKPRESSURE;
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

  /**
   * A decision: {@code overall} is the greatest live load in ten-thousandths; {@code exceeded}
   * holds the live signals above their threshold, in every mode. Work that is rejected though none
   * is has too much beside it.
   */
  public record LoadDecision(
      Outcome outcome, Verdict verdict, long overall, Set<LoadSignal> exceeded) {
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

    /** The completeness of the signals behind a decision; its ordinal is the metric. */
    public enum Verdict {
      /** All five signals were live. */
      COMPLETE,
      /** Some signals were live. */
      PARTIAL_SIGNALS_UNAVAILABLE,
      /** No signal was live. */
      NO_WIN_NO_LIVE_SIGNALS
    }
  }
}
