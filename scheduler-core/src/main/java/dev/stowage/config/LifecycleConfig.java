package dev.stowage.config;

import dev.stowage.model.Tick.TickLength;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.shape.Form;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import dev.stowage.shape.Values;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a fleet (lifecycle design, section 9), changed by the command {@code
 * Configure}. The record holds any values; {@link #violations} checks them by the bounds in {@link
 * #SHAPE}. The methods of the builder describe the components.
 */
public record LifecycleConfig(
    int minReplication,
    int maxReplication,
    long drainWindowTicks,
    long suspectAfterTicks,
    long departAfterTicks,
    long regrowAfterTicks,
    long giveUpAfterTicks,
    long stallAfterTicks,
    long lineagePauseTicks,
    long orphanAfterTicks,
    RetentionHorizons retention,
    long maxWaitingBytes,
    long maxWaitingChunks,
    ConfirmationPolicy confirmation,
    Gates gates,
    WeightPolicy weights,
    PlacementConfig placement,
    Trust trust,
    long maxChunksPerCycle,
    long evidenceMaxAgeTicks,
    Feedback feedback,
    HoldUntil holdUntil,
    long raiseBudgetBytes) {
  /** The number of ticks that stands for never. */
  public static final long NEVER = Long.MAX_VALUE;

  /** No guard: any number of silent workers may depart at once. */
  public static final int UNGUARDED = -1;

  /** No bound on waiting chunks and bytes or on the work of a cycle. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  /** The raise budget that is the movement budget of each plan. */
  public static final long LIKE_MOVES = -1;

  private static final Shape.Builder<LifecycleConfig> FIELDS = Shape.named("config");

  private static final NumberField<LifecycleConfig> MIN_REPLICATION =
      FIELDS
          .number("min_replication", LifecycleConfig::minReplication)
          .narrow()
          .atLeast(1)
          .orElse(2)
          .means("the floor: replicas that every chunk must have");
  private static final NumberField<LifecycleConfig> MAX_REPLICATION =
      FIELDS
          .number("max_replication", LifecycleConfig::maxReplication)
          .narrow()
          .atLeast(0)
          .word(WeightPolicy.UNCAPPED, "none")
          .orElse(WeightPolicy.AT_FLOOR, "floor")
          .means("the most replicas that weights earn a chunk");
  private static final NumberField<LifecycleConfig> DRAIN_WINDOW =
      FIELDS
          .number("drain_window_ticks", LifecycleConfig::drainWindowTicks)
          .atLeast(0)
          .orElse(300)
          .means("how long a portal may use an old assignment");
  private static final NumberField<LifecycleConfig> SUSPECT_AFTER =
      FIELDS
          .number("suspect_after_ticks", LifecycleConfig::suspectAfterTicks)
          .atLeast(1)
          .word(NEVER, "never")
          .orElse(60)
          .means("silence after which a worker is suspect");
  private static final NumberField<LifecycleConfig> DEPART_AFTER =
      FIELDS
          .number("depart_after_ticks", LifecycleConfig::departAfterTicks)
          .above(SUSPECT_AFTER)
          .word(NEVER, "never")
          .orElse(900)
          .means("silence after which a worker has departed");
  private static final NumberField<LifecycleConfig> REGROW_AFTER =
      FIELDS
          .number("regrow_after_ticks", LifecycleConfig::regrowAfterTicks)
          .atLeast(0)
          .orElse(600)
          .means("how long earned copies lost with a worker are not made again");
  private static final NumberField<LifecycleConfig> LINEAGE_PAUSE =
      FIELDS
          .number("lineage_pause_ticks", LifecycleConfig::lineagePauseTicks)
          .atLeast(0)
          .atLeast(DRAIN_WINDOW)
          .orElse(0)
          .means("how long nothing is deleted after a lineage began");
  private static final NumberField<LifecycleConfig> GIVE_UP_AFTER =
      FIELDS
          .number("give_up_after_ticks", LifecycleConfig::giveUpAfterTicks)
          .above(LINEAGE_PAUSE)
          .word(NEVER, "never")
          .orElse(3_600)
          .means("how long a replica may stay missing");
  private static final NumberField<LifecycleConfig> STALL_AFTER =
      FIELDS
          .number("stall_after_ticks", LifecycleConfig::stallAfterTicks)
          .atLeast(1)
          .word(NEVER, "never")
          .orElse(60)
          .means(
              "time after which a copy of a chunk at risk, on a worker that took"
                  + " nothing meanwhile, is made elsewhere too");
  private static final NumberField<LifecycleConfig> ORPHAN_AFTER =
      FIELDS
          .number("orphan_after_ticks", LifecycleConfig::orphanAfterTicks)
          .atLeast(0)
          .word(NEVER, "never")
          .orElse(604_800)
          .means("how long unknown bytes are kept after a lineage began");
  private static final NumberField<LifecycleConfig> CHUNK_RETENTION =
      FIELDS
          .number("chunk_retention_ticks", it -> it.retention.chunkTicks())
          .atLeast(0)
          .word(NEVER, "never")
          .orElse(2_592_000)
          .means("how long tombstones and rejected chunks are kept");
  private static final NumberField<LifecycleConfig> SWAP_RETENTION =
      FIELDS
          .number("swap_retention_ticks", it -> it.retention.swapTicks())
          .atLeast(0)
          .word(NEVER, "never")
          .orElse(2_592_000)
          .means("how long ended swaps are kept");
  private static final NumberField<LifecycleConfig> ASSIGNMENT_RETENTION =
      FIELDS
          .number("assignment_retention_ticks", it -> it.retention.assignmentTicks())
          .atLeast(0)
          .word(NEVER, "never")
          .orElse(2_592_000)
          .means("how long replaced assignments are kept");
  private static final NumberField<LifecycleConfig> WORKER_RETENTION =
      FIELDS
          .number("worker_retention_ticks", it -> it.retention.workerTicks())
          .atLeast(0)
          .word(NEVER, "never")
          .orElse(2_592_000)
          .means("how long departed workers are kept");
  private static final NumberField<LifecycleConfig> MAX_WAITING_BYTES =
      FIELDS
          .number("max_waiting_bytes", LifecycleConfig::maxWaitingBytes)
          .atLeast(0)
          .orElse(UNLIMITED, "unlimited")
          .means("bytes that may wait for their first placement");
  private static final NumberField<LifecycleConfig> MAX_WAITING_CHUNKS =
      FIELDS
          .number("max_waiting_chunks", LifecycleConfig::maxWaitingChunks)
          .atLeast(0)
          .orElse(UNLIMITED, "unlimited")
          .means("chunks that may wait for their first placement");
  private static final NumberField<LifecycleConfig> CONFIRMATION =
      FIELDS
          .number("confirmation", it -> it.confirmation.quorumPercent())
          .narrow()
          .between(0, 100)
          .orElse(ConfirmationPolicy.PER_WORKER, "per-worker")
          .means("each worker confirms for itself, or a percentage of them for all");
  private static final ValueField<LifecycleConfig, Gates> GATES =
      FIELDS
          .oneOf("gates", Gates.class, LifecycleConfig::gates)
          .orElse(Gates.ON)
          .means("whether promotion and release wait for the floor");

  private static final ValueField<LifecycleConfig, WeightPolicy> WEIGHTS =
      FIELDS
          .value("weight_policy", LifecycleConfig::weights, Form.of(WeightPolicy.class))
          .orElse(WeightPolicy.DEFAULTS)
          .means("weights, floors, caps and constraints of datasets");

  private static final ValueField<LifecycleConfig, PlacementConfig> PLACEMENT =
      FIELDS
          .nested("placement", LifecycleConfig::placement, Shape.of(PlacementConfig.class))
          .orElse(PlacementConfig.defaults());

  private static final NumberField<LifecycleConfig> MAX_STEP =
      FIELDS
          .number("max_step_ticks", it -> it.trust.maxStepTicks())
          .atLeast(1)
          .word(NEVER, "none")
          .orElse(3_600)
          .means("how far ahead of the fleet's time a cycle may be called");
  private static final NumberField<LifecycleConfig> ALLOWED_SKEW =
      FIELDS
          .number("allowed_skew_ticks", it -> it.trust.allowedSkewTicks())
          .atLeast(0)
          .orElse(5)
          .means("by how much a leader's clock may be ahead of the store's");
  private static final NumberField<LifecycleConfig> DEPARTURE_GUARD =
      FIELDS
          .number("departure_guard_millionths", it -> it.trust.departureGuardMillionths())
          .narrow()
          .between(0, PlacementConfig.ONE)
          .word(UNGUARDED, "none")
          .orElse(340_000)
          .means("share of the capacity above which silent workers do not depart");
  private static final NumberField<LifecycleConfig> MASS_DELETION =
      FIELDS
          .number("mass_deletion_millionths", it -> it.trust.massDeletionMillionths())
          .narrow()
          .between(0, PlacementConfig.ONE)
          .word(UNGUARDED, "none")
          .orElse(500_000)
          .means(
              "share of its chunks or bytes above which a worker deletes only what a"
                  + " full slice does not name");
  private static final NumberField<LifecycleConfig> MAX_CHUNKS =
      FIELDS
          .number("max_chunks_per_cycle", LifecycleConfig::maxChunksPerCycle)
          .atLeast(1)
          .word(UNLIMITED, "unlimited")
          .orElse(10_000)
          .means("new chunks that a cycle considers or shows");

  private static final NumberField<LifecycleConfig> EVIDENCE_MAX_AGE =
      FIELDS
          .number("evidence_max_age_ticks", LifecycleConfig::evidenceMaxAgeTicks)
          .atLeast(0)
          .word(NEVER, "none")
          .orElse(NEVER)
          .means("age beyond which evidence is not kept in the store");

  private static final NumberField<LifecycleConfig> PRESSURE_STALE_AFTER =
      FIELDS
          .number("pressure_stale_after_ticks", it -> it.feedback.staleAfterTicks())
          .atLeast(0)
          .word(NEVER, "never")
          .orElse(30)
          .means(
              "age beyond which the leader's pressure counts as elevated, and a"
                  + " worker's as normal");
  private static final NumberField<LifecycleConfig> ELEVATED_BUDGET =
      budgetShare("elevated_budget", it -> it.feedback.elevatedMillionths(), 500_000)
          .means("share of the movement budget under elevated pressure");
  private static final NumberField<LifecycleConfig> HIGH_BUDGET =
      budgetShare("high_budget", it -> it.feedback.highMillionths(), 125_000)
          .means("the same under high pressure");
  private static final NumberField<LifecycleConfig> CRITICAL_BUDGET =
      budgetShare("critical_budget", it -> it.feedback.criticalMillionths(), 0)
          .means("the same under critical pressure");
  private static final NumberField<LifecycleConfig> MAX_IN_FLIGHT =
      FIELDS
          .number("max_in_flight_bytes", it -> it.feedback.maxInFlightBytes())
          .atLeast(0)
          .word(NEVER, "none")
          .orElse(NEVER)
          .means("assigned, unconfirmed bytes above which growth and moves wait");

  private static final ValueField<LifecycleConfig, HoldUntil> HOLD_UNTIL =
      FIELDS
          .value("hold_until", LifecycleConfig::holdUntil, HoldUntil.FORM)
          .accepts(HoldUntil.ACCEPTED)
          .orElse(HoldUntil.NONE)
          .means("counted workers, or their capacity, before the first chunk is placed");

  private static final NumberField<LifecycleConfig> RAISE_BUDGET =
      FIELDS
          .number("raise_budget_bytes", LifecycleConfig::raiseBudgetBytes)
          .atLeast(0)
          .word(LIKE_MOVES, "movement")
          .word(UNLIMITED, "unlimited")
          .orElse(LIKE_MOVES)
          .means(
              "bytes that one plan may copy to meet raised floors; movement: the"
                  + " movement budget");

  /** The settings of a fleet. */
  static final Shape<LifecycleConfig> SHAPE =
      FIELDS.make(v ->
          new LifecycleConfig(
              MIN_REPLICATION.intOf(v),
              MAX_REPLICATION.intOf(v),
              DRAIN_WINDOW.of(v),
              SUSPECT_AFTER.of(v),
              DEPART_AFTER.of(v),
              REGROW_AFTER.of(v),
              GIVE_UP_AFTER.of(v),
              STALL_AFTER.of(v),
              LINEAGE_PAUSE.of(v),
              ORPHAN_AFTER.of(v),
              new RetentionHorizons(
                  CHUNK_RETENTION.of(v),
                  SWAP_RETENTION.of(v),
                  ASSIGNMENT_RETENTION.of(v),
                  WORKER_RETENTION.of(v)),
              MAX_WAITING_BYTES.of(v),
              MAX_WAITING_CHUNKS.of(v),
              new ConfirmationPolicy(CONFIRMATION.intOf(v)),
              GATES.of(v),
              WEIGHTS.of(v),
              PLACEMENT.of(v),
              new Trust(
                  MAX_STEP.of(v),
                  ALLOWED_SKEW.of(v),
                  DEPARTURE_GUARD.intOf(v),
                  MASS_DELETION.intOf(v)),
              MAX_CHUNKS.of(v),
              EVIDENCE_MAX_AGE.of(v),
              new Feedback(
                  PRESSURE_STALE_AFTER.of(v),
                  ELEVATED_BUDGET.intOf(v),
                  HIGH_BUDGET.intOf(v),
                  CRITICAL_BUDGET.intOf(v),
                  MAX_IN_FLIGHT.of(v)),
              HOLD_UNTIL.of(v),
              RAISE_BUDGET.of(v)));

  /** Throws {@code NullPointerException} for nulls; accepts all other values. */
  public LifecycleConfig {
    Objects.requireNonNull(retention, "retention");
    Objects.requireNonNull(confirmation, "confirmation");
    Objects.requireNonNull(gates, "gates");
    Objects.requireNonNull(weights, "weights");
    Objects.requireNonNull(placement, "placement");
    Objects.requireNonNull(trust, "trust");
    Objects.requireNonNull(feedback, "feedback");
    Objects.requireNonNull(holdUntil, "holdUntil");
  }

  private static NumberField<LifecycleConfig> budgetShare(
      String name, ToLongFunction<LifecycleConfig> get, int usual) {
    return FIELDS
        .number(name + "_millionths", get)
        .narrow()
        .between(0, PlacementConfig.ONE)
        .orElse(usual);
  }

  /**
   * The configuration of a fleet.
   *
   * @param version its version, which counts accepted changes from 1
   */
  public record InForce(long version, LifecycleConfig value) {
    /** Throws {@code NullPointerException} for null. */
    public InForce {
      Objects.requireNonNull(value, "value");
    }
  }

  /** The effects of pressure, in ticks, millionths and bytes. */
  public record Feedback(
      long staleAfterTicks,
      int elevatedMillionths,
      int highMillionths,
      int criticalMillionths,
      long maxInFlightBytes) {
    /** Returns the share of the movement budget in a band, in millionths. */
    public int millionths(PressureBand band) {
      return switch (band) {
        case NORMAL -> PlacementConfig.ONE;
        case ELEVATED -> elevatedMillionths;
        case HIGH -> highMillionths;
        case CRITICAL -> criticalMillionths;
      };
    }
  }

  /** The trust in time and silence (lifecycle design, section 8), in ticks and millionths. */
  public record Trust(
      long maxStepTicks,
      long allowedSkewTicks,
      int departureGuardMillionths,
      int massDeletionMillionths) {
    /** The defaults. */
    public static final Trust DEFAULT = SHAPE.make(SHAPE.values()).trust;

    /** Full trust: no time is refused and no departure is guarded. */
    public static final Trust BLIND =
        new Trust(NEVER, DEFAULT.allowedSkewTicks(), UNGUARDED, UNGUARDED);

    /** Reports whether the guard keeps many silent workers from departing at once. */
    public boolean isGuarded() {
      return departureGuardMillionths != UNGUARDED;
    }
  }

  /** Returns {@link Trust#maxStepTicks}. */
  public long maxStepTicks() {
    return trust.maxStepTicks();
  }

  /** Returns the bytes that a plan may copy to raise floors, by those of its movement budget. */
  public long raiseBudget(long movementBytes) {
    return raiseBudgetBytes == LIKE_MOVES ? movementBytes : raiseBudgetBytes;
  }

  /** Returns the defaults of section 9. */
  public static LifecycleConfig defaults() {
    return builder().build();
  }

  /** Creates a builder with the defaults that takes times in ticks only. */
  public static Builder builder() {
    return new Builder(SHAPE.values(), null);
  }

  /**
   * Creates a builder with the defaults that also takes durations; throws {@code
   * IllegalArgumentException} unless a tick is above zero and below 292 years.
   */
  public static Builder builder(Duration tickLength) {
    return new Builder(SHAPE.values(), TickLength.of(tickLength));
  }

  /** Creates a builder with this configuration that takes times in ticks only. */
  public Builder toBuilder() {
    return new Builder(SHAPE.values(this), null);
  }

  /** Creates a builder with this configuration, otherwise as {@link #builder(Duration)}. */
  public Builder toBuilder(Duration tickLength) {
    return new Builder(SHAPE.values(this), TickLength.of(tickLength));
  }

  /** Returns every violated bound with its value; empty for a valid configuration. */
  public List<String> violations() {
    return SHAPE.violations(this);
  }

  /**
   * Builds a configuration. A setter that takes a {@link Duration} rounds it up to whole ticks. It
   * throws {@link IllegalStateException} if the builder has no tick length, and {@link
   * IllegalArgumentException} for a time below zero or beyond 292 years. Not thread-safe.
   */
  public static final class Builder {
    private final Values values;
    private final @Nullable TickLength tickLength;

    private Builder(Values values, @Nullable TickLength tickLength) {
      this.values = values;
      this.tickLength = tickLength;
    }

    private Builder time(NumberField<LifecycleConfig> field, Duration time) {
      return set(field, ticks(time, field));
    }

    private long ticks(Duration time, NumberField<LifecycleConfig> field) {
      if (tickLength == null) {
        throw new IllegalStateException(
            field.word()
                + " is "
                + time
                + ", but the length of a tick is not known; pass it to builder(Duration)");
      }
      return tickLength.ticks(time, field.word());
    }

    private Builder set(NumberField<LifecycleConfig> field, long value) {
      field.set(values, value);
      return this;
    }

    private <V> Builder set(ValueField<LifecycleConfig, V> field, V value) {
      field.set(values, Objects.requireNonNull(value, field.name()));
      return this;
    }

    private Builder share(NumberField<LifecycleConfig> field, double share) {
      return set(field, Math.round(share * PlacementConfig.ONE));
    }

    /** Sets the floor of chunks whose policy names none, at least 1. */
    public Builder minReplication(int replicas) {
      return set(MIN_REPLICATION, replicas);
    }

    /**
     * Sets the most replicas that weights earn a chunk whose policy names no cap, at least 0;
     * {@link WeightPolicy#UNCAPPED} for no cap. A cap below the floor, the default, counts as the
     * floor.
     */
    public Builder maxReplication(int replicas) {
      return set(MAX_REPLICATION, replicas);
    }

    /** Sets M, the time for which a portal may keep using an old portal assignment. */
    public Builder drainWindow(Duration time) {
      return time(DRAIN_WINDOW, time);
    }

    /** Sets M in ticks, at least 0. */
    public Builder drainWindowTicks(long ticks) {
      return set(DRAIN_WINDOW, ticks);
    }

    /** Sets the silence after which a worker is suspect. */
    public Builder suspectAfter(Duration time) {
      return time(SUSPECT_AFTER, time);
    }

    /** Sets {@link #suspectAfter} in ticks; {@link #NEVER} for never. */
    public Builder suspectAfterTicks(long ticks) {
      return set(SUSPECT_AFTER, ticks);
    }

    /** Sets the silence after which a worker has departed. */
    public Builder departAfter(Duration time) {
      return time(DEPART_AFTER, time);
    }

    /** Sets {@link #departAfter} in ticks; {@link #NEVER} for never. */
    public Builder departAfterTicks(long ticks) {
      return set(DEPART_AFTER, ticks);
    }

    /** Sets the wait before bonus replicas lost with a departure are made again. */
    public Builder regrowAfter(Duration time) {
      return time(REGROW_AFTER, time);
    }

    /** Sets {@link #regrowAfter} in ticks. */
    public Builder regrowAfterTicks(long ticks) {
      return set(REGROW_AFTER, ticks);
    }

    /** Sets the time after which a plan gives up a missing replica. */
    public Builder giveUpAfter(Duration time) {
      return time(GIVE_UP_AFTER, time);
    }

    /** Sets {@link #giveUpAfter} in ticks; {@link #NEVER} for never. */
    public Builder giveUpAfterTicks(long ticks) {
      return set(GIVE_UP_AFTER, ticks);
    }

    /**
     * Sets the time after which a copy of a chunk at risk is made elsewhere too, if its worker took
     * neither it nor what it was given with it or later; twice as long for each further copy.
     */
    public Builder stallAfter(Duration time) {
      return time(STALL_AFTER, time);
    }

    /** Sets {@link #stallAfter} in ticks; {@link #NEVER} for never. */
    public Builder stallAfterTicks(long ticks) {
      return set(STALL_AFTER, ticks);
    }

    /** Sets the pause after a lineage began; at least M takes effect. */
    public Builder lineagePause(Duration time) {
      return time(LINEAGE_PAUSE, time);
    }

    /** Sets {@link #lineagePause} in ticks. */
    public Builder lineagePauseTicks(long ticks) {
      return set(LINEAGE_PAUSE, ticks);
    }

    /** Sets the time for which unknown bytes are kept after a lineage began. */
    public Builder orphanAfter(Duration time) {
      return time(ORPHAN_AFTER, time);
    }

    /** Sets {@link #orphanAfter} in ticks. */
    public Builder orphanAfterTicks(long ticks) {
      return set(ORPHAN_AFTER, ticks);
    }

    /** Sets the time for which ended rows of every kind are kept. */
    public Builder retention(Duration time) {
      return retention(RetentionHorizons.ofTicks(ticks(time, CHUNK_RETENTION)));
    }

    /** Sets the times for which ended rows of each kind are kept. */
    public Builder retention(RetentionHorizons horizons) {
      set(CHUNK_RETENTION, horizons.chunkTicks()).set(SWAP_RETENTION, horizons.swapTicks());
      return set(ASSIGNMENT_RETENTION, horizons.assignmentTicks())
          .set(WORKER_RETENTION, horizons.workerTicks());
    }

    /** Sets the bytes that may wait for their first placement. */
    public Builder maxWaitingBytes(long bytes) {
      return set(MAX_WAITING_BYTES, bytes);
    }

    /** Sets the number of chunks that may wait for their first placement. */
    public Builder maxWaitingChunks(long chunks) {
      return set(MAX_WAITING_CHUNKS, chunks);
    }

    /** Sets the rule by which a replica counts as confirmed. */
    public Builder confirmation(ConfirmationPolicy policy) {
      return set(CONFIRMATION, policy.quorumPercent());
    }

    /** Sets whether promotion and release wait for the floor. */
    public Builder gates(Gates mode) {
      return set(GATES, mode);
    }

    /** Sets the weights, floors, caps and constraints of datasets; none by default. */
    public Builder weights(WeightPolicy policy) {
      return set(WEIGHTS, policy);
    }

    /** Sets the settings of the planner. */
    public Builder placement(PlacementConfig config) {
      return set(PLACEMENT, config);
    }

    /**
     * Sets the most new chunks that a cycle places or shows; {@link #UNLIMITED} for all. A swap
     * counts with those it depends on, and runs alone if it is larger.
     */
    public Builder maxChunksPerCycle(long chunks) {
      return set(MAX_CHUNKS, chunks);
    }

    /** Sets the age of the newest command beyond which retention deletes evidence, oldest first. */
    public Builder evidenceMaxAge(Duration time) {
      return time(EVIDENCE_MAX_AGE, time);
    }

    /** Sets {@link #evidenceMaxAge} in ticks, at least 0; {@link #NEVER} for no bound. */
    public Builder evidenceMaxAgeTicks(long ticks) {
      return set(EVIDENCE_MAX_AGE, ticks);
    }

    /** Sets the age beyond which an observed pressure counts as at least elevated. */
    public Builder pressureStaleAfter(Duration time) {
      return time(PRESSURE_STALE_AFTER, time);
    }

    /** Sets {@link #pressureStaleAfter} in ticks, at least 0; {@link #NEVER} for no such age. */
    public Builder pressureStaleAfterTicks(long ticks) {
      return set(PRESSURE_STALE_AFTER, ticks);
    }

    /** Sets the shares of the movement budget per band, in millionths, 0 to 1,000,000. */
    public Builder budgetUnderPressure(int elevated, int high, int critical) {
      set(ELEVATED_BUDGET, elevated);
      set(HIGH_BUDGET, high);
      return set(CRITICAL_BUDGET, critical);
    }

    /** Sets the bytes in flight above which growth and moves wait, at least 0 or {@link #NEVER}. */
    public Builder maxInFlightBytes(long bytes) {
      return set(MAX_IN_FLIGHT, bytes);
    }

    /** Sets what the fleet must have once before its first chunk is placed. */
    public Builder holdUntil(HoldUntil wanted) {
      return set(HOLD_UNTIL, wanted);
    }

    /**
     * Sets the bytes that one plan may copy to meet floors that were raised, at least 0, or {@link
     * #LIKE_MOVES}, the default, or {@link #UNLIMITED}. A copy larger than that goes alone.
     */
    public Builder raiseBudgetBytes(long bytes) {
      return set(RAISE_BUDGET, bytes);
    }

    /** Sets the furthest that a cycle may be called ahead of the known time. */
    public Builder maxStep(Duration time) {
      return time(MAX_STEP, time);
    }

    /** Sets {@link #maxStep} in ticks; {@link #NEVER}: no cycle is refused. */
    public Builder maxStepTicks(long ticks) {
      return set(MAX_STEP, ticks);
    }

    /** Sets the lead that a host's time may have over the clock of the store. */
    public Builder allowedSkew(Duration time) {
      return time(ALLOWED_SKEW, time);
    }

    /** Sets {@link #allowedSkew} in ticks. */
    public Builder allowedSkewTicks(long ticks) {
      return set(ALLOWED_SKEW, ticks);
    }

    /** Sets the share of the capacity, 0 to 1, above which silent workers do not depart at once. */
    public Builder departureGuard(double share) {
      return share(DEPARTURE_GUARD, share);
    }

    /** Sets {@link #departureGuard} in millionths; {@link #UNGUARDED} for no guard. */
    public Builder departureGuardMillionths(int millionths) {
      return set(DEPARTURE_GUARD, millionths);
    }

    /** Sets the share of bytes, 0 to 1, above which workers want a full slice to delete. */
    public Builder massDeletion(double share) {
      return share(MASS_DELETION, share);
    }

    /** Sets {@link #massDeletion} in millionths; {@link #UNGUARDED}: it never asks. */
    public Builder massDeletionMillionths(int millionths) {
      return set(MASS_DELETION, millionths);
    }

    /** Sets the trust in time and silence. */
    public Builder trust(Trust wanted) {
      set(MAX_STEP, wanted.maxStepTicks()).set(ALLOWED_SKEW, wanted.allowedSkewTicks());
      return set(DEPARTURE_GUARD, wanted.departureGuardMillionths())
          .set(MASS_DELETION, wanted.massDeletionMillionths());
    }

    /** Returns the configuration with any values, for a command that checks them on execution. */
    public LifecycleConfig unchecked() {
      LifecycleConfig config = SHAPE.make(values);
      long pause = Math.max(config.lineagePauseTicks, config.drainWindowTicks);
      return SHAPE.with(config, LINEAGE_PAUSE, pause);
    }

    /** Returns the configuration; throws {@code IllegalArgumentException} naming all violations. */
    public LifecycleConfig build() {
      return SHAPE.checked(unchecked());
    }
  }

  /**
   * The ticks for which rows are kept after they ended (lifecycle design, section 7): tombstones
   * and rejected chunks, ended swaps, replaced assignments, departed workers. {@link
   * LifecycleConfig#NEVER} keeps them for ever.
   */
  public record RetentionHorizons(
      long chunkTicks, long swapTicks, long assignmentTicks, long workerTicks) {
    /** Returns one horizon for every kind. */
    public static RetentionHorizons ofTicks(long ticks) {
      return new RetentionHorizons(ticks, ticks, ticks, ticks);
    }
  }

  /** The rule by which promotion and release wait for the floor (lifecycle design, section 4). */
  public enum Gates {
    /** They wait for the floor. */
    ON,
    /** One confirmed replica is enough. */
    NONE
  }
}
