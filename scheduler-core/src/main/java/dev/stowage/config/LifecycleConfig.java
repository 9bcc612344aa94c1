package dev.stowage.config;

import dev.stowage.model.Tick.TickLength;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Means;
import dev.stowage.shape.Shape;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a fleet (lifecycle design, section 9), changed by the command {@code
 * Configure}. The record holds any values; {@link #violations} checks them by the bounds in {@link
 * #SHAPE}. The methods of the builder describe the components.
 */
public record LifecycleConfig(
    @Declare(least = 1, orElse = 2) @Means("the floor: replicas that every chunk must have")
        int minReplication,
    @Declare(
            least = 0,
            at = {WeightPolicy.UNCAPPED, WeightPolicy.AT_FLOOR},
            word = {"none", "floor"},
            orElse = WeightPolicy.AT_FLOOR)
        @Means("the most replicas that weights earn a chunk")
        int maxReplication,
    @Declare(least = 0, orElse = 300) @Means("how long a portal may use an old assignment")
        long drainWindowTicks,
    @Declare(least = 1, at = NEVER, word = "never", orElse = 60)
        @Means("silence after which a worker is suspect")
        long suspectAfterTicks,
    @Declare(at = NEVER, word = "never", orElse = 900)
        @Means("silence after which a worker has departed")
        long departAfterTicks,
    @Declare(least = 0, orElse = 600)
        @Means("how long earned copies lost with a worker are not made again")
        long regrowAfterTicks,
    @Declare(least = 0, orElse = 0) @Means("how long nothing is deleted after a lineage began")
        long lineagePauseTicks,
    @Declare(at = NEVER, word = "never", orElse = 3_600)
        @Means("how long a replica may stay missing")
        long giveUpAfterTicks,
    @Declare(least = 1, at = NEVER, word = "never", orElse = 60)
        @Means(
            "time after which a copy of a chunk at risk, on a worker that took"
                + " nothing meanwhile, is made elsewhere too")
        long stallAfterTicks,
    @Declare(least = 0, at = NEVER, word = "never", orElse = 604_800)
        @Means("how long unknown bytes are kept after a lineage began")
        long orphanAfterTicks,
    @Declare(flat = true) RetentionHorizons retention,
    @Declare(least = 0, word = "unlimited", orElse = UNLIMITED)
        @Means("bytes that may wait for their first placement")
        long maxWaitingBytes,
    @Declare(least = 0, word = "unlimited", orElse = UNLIMITED)
        @Means("chunks that may wait for their first placement")
        long maxWaitingChunks,
    @Declare(flat = true) ConfirmationPolicy confirmation,
    @Declare(or = "ON") @Means("whether promotion and release wait for the floor") Gates gates,
    @Declare(name = "weight_policy", or = "DEFAULTS")
        @Means("weights, floors, caps and constraints of datasets")
        WeightPolicy weights,
    @Declare(or = "DEFAULTS") PlacementConfig placement,
    @Declare(flat = true) Trust trust,
    @Declare(least = 1, at = UNLIMITED, word = "unlimited", orElse = 10_000)
        @Means("new chunks that a cycle considers or shows")
        long maxChunksPerCycle,
    @Declare(least = 0, word = "none", orElse = NEVER)
        @Means("age beyond which evidence is not kept in the store")
        long evidenceMaxAgeTicks,
    @Declare(flat = true) Feedback feedback,
    @Declare(or = "NONE")
        @Means("counted workers, or their capacity, before the first chunk is placed")
        HoldUntil holdUntil,
    @Declare(
            least = 0,
            at = {LIKE_MOVES, UNLIMITED},
            word = {"movement", "unlimited"},
            orElse = LIKE_MOVES)
        @Means(
            "bytes that one plan may copy to meet raised floors; movement: the"
                + " movement budget")
        long raiseBudgetBytes) {
  /** The number of ticks that stands for never. */
  public static final long NEVER = Long.MAX_VALUE;

  /** No guard: any number of silent workers may depart at once. */
  public static final int UNGUARDED = -1;

  /** No bound on waiting chunks and bytes or on the work of a cycle. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  /** The raise budget that is the movement budget of each plan. */
  public static final long LIKE_MOVES = -1;

  /** The settings of a fleet. */
  static final Shape<LifecycleConfig> SHAPE =
      Shape.derived(
          "config",
          LifecycleConfig.class,
          row -> {
            row.number("depart_after_ticks").above(row.number("suspect_after_ticks"));
            row.number("lineage_pause_ticks").atLeast(row.number("drain_window_ticks"));
            row.number("give_up_after_ticks").above(row.number("lineage_pause_ticks"));
            row.<HoldUntil>value("hold_until").accepts(HoldUntil.ACCEPTED);
          });

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

  /**
   * The configuration of a fleet.
   *
   * @param version its version, which counts accepted changes from 1
   */
  public record InForce(long version, LifecycleConfig value) {}

  /** The effects of pressure, in ticks, millionths and bytes. */
  public record Feedback(
      @Declare(
              name = "pressure_stale_after_ticks",
              least = 0,
              at = NEVER,
              word = "never",
              orElse = 30)
          @Means(
              "age beyond which the leader's pressure counts as elevated, and a"
                  + " worker's as normal")
          long staleAfterTicks,
      @Declare(
              name = "elevated_budget_millionths",
              least = 0,
              most = PlacementConfig.ONE,
              orElse = 500_000)
          @Means("share of the movement budget under elevated pressure")
          int elevatedMillionths,
      @Declare(
              name = "high_budget_millionths",
              least = 0,
              most = PlacementConfig.ONE,
              orElse = 125_000)
          @Means("the same under high pressure")
          int highMillionths,
      @Declare(
              name = "critical_budget_millionths",
              least = 0,
              most = PlacementConfig.ONE,
              orElse = 0)
          @Means("the same under critical pressure")
          int criticalMillionths,
      @Declare(least = 0, word = "none", orElse = NEVER)
          @Means("assigned, unconfirmed bytes above which growth and moves wait")
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
      @Declare(least = 1, at = NEVER, word = "none", orElse = 3_600)
          @Means("how far ahead of the fleet's time a cycle may be called")
          long maxStepTicks,
      @Declare(least = 0, orElse = 5)
          @Means("by how much a leader's clock may be ahead of the store's")
          long allowedSkewTicks,
      @Declare(
              least = 0,
              most = PlacementConfig.ONE,
              at = UNGUARDED,
              word = "none",
              orElse = 340_000)
          @Means("share of the capacity above which silent workers do not depart")
          int departureGuardMillionths,
      @Declare(
              least = 0,
              most = PlacementConfig.ONE,
              at = UNGUARDED,
              word = "none",
              orElse = 500_000)
          @Means(
              "share of its chunks or bytes above which a worker deletes only what a"
                  + " full slice does not name")
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
    return new Builder(SHAPE.draft(), null);
  }

  /**
   * Creates a builder with the defaults that also takes durations; throws {@code
   * IllegalArgumentException} unless a tick is above zero and below 292 years.
   */
  public static Builder builder(Duration tickLength) {
    return new Builder(SHAPE.draft(), TickLength.of(tickLength));
  }

  /** Creates a builder with this configuration that takes times in ticks only. */
  public Builder toBuilder() {
    return new Builder(SHAPE.draft(this), null);
  }

  /** Creates a builder with this configuration, otherwise as {@link #builder(Duration)}. */
  public Builder toBuilder(Duration tickLength) {
    return new Builder(SHAPE.draft(this), TickLength.of(tickLength));
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
    private final Shape.Draft<LifecycleConfig> draft;
    private final @Nullable TickLength tickLength;

    private Builder(Shape.Draft<LifecycleConfig> draft, @Nullable TickLength tickLength) {
      this.draft = draft;
      this.tickLength = tickLength;
    }

    private Builder time(String field, Duration time) {
      return set(field, ticks(time, SHAPE.number(field).word()));
    }

    private long ticks(Duration time, String word) {
      if (tickLength == null) {
        throw new IllegalStateException(
            word
                + " is "
                + time
                + ", but the length of a tick is not known; pass it to builder(Duration)");
      }
      return tickLength.ticks(time, word);
    }

    private Builder set(String field, Object value) {
      draft.with(field, value);
      return this;
    }

    private Builder share(String field, double share) {
      return set(field, Math.round(share * PlacementConfig.ONE));
    }

    /** Sets the floor of chunks whose policy names none, at least 1. */
    public Builder minReplication(int replicas) {
      return set("min_replication", replicas);
    }

    /**
     * Sets the most replicas that weights earn a chunk whose policy names no cap, at least 0;
     * {@link WeightPolicy#UNCAPPED} for no cap. A cap below the floor, the default, counts as the
     * floor.
     */
    public Builder maxReplication(int replicas) {
      return set("max_replication", replicas);
    }

    /** Sets M, the time for which a portal may keep using an old portal assignment. */
    public Builder drainWindow(Duration time) {
      return time("drain_window_ticks", time);
    }

    /** Sets M in ticks, at least 0. */
    public Builder drainWindowTicks(long ticks) {
      return set("drain_window_ticks", ticks);
    }

    /** Sets the silence after which a worker is suspect. */
    public Builder suspectAfter(Duration time) {
      return time("suspect_after_ticks", time);
    }

    /** Sets {@link #suspectAfter} in ticks; {@link #NEVER} for never. */
    public Builder suspectAfterTicks(long ticks) {
      return set("suspect_after_ticks", ticks);
    }

    /** Sets the silence after which a worker has departed. */
    public Builder departAfter(Duration time) {
      return time("depart_after_ticks", time);
    }

    /** Sets {@link #departAfter} in ticks; {@link #NEVER} for never. */
    public Builder departAfterTicks(long ticks) {
      return set("depart_after_ticks", ticks);
    }

    /** Sets the wait before bonus replicas lost with a departure are made again. */
    public Builder regrowAfter(Duration time) {
      return time("regrow_after_ticks", time);
    }

    /** Sets {@link #regrowAfter} in ticks. */
    public Builder regrowAfterTicks(long ticks) {
      return set("regrow_after_ticks", ticks);
    }

    /** Sets the time after which a plan gives up a missing replica. */
    public Builder giveUpAfter(Duration time) {
      return time("give_up_after_ticks", time);
    }

    /** Sets {@link #giveUpAfter} in ticks; {@link #NEVER} for never. */
    public Builder giveUpAfterTicks(long ticks) {
      return set("give_up_after_ticks", ticks);
    }

    /**
     * Sets the time after which a copy of a chunk at risk is made elsewhere too, if its worker took
     * neither it nor what it was given with it or later; twice as long for each further copy.
     */
    public Builder stallAfter(Duration time) {
      return time("stall_after_ticks", time);
    }

    /** Sets {@link #stallAfter} in ticks; {@link #NEVER} for never. */
    public Builder stallAfterTicks(long ticks) {
      return set("stall_after_ticks", ticks);
    }

    /** Sets the pause after a lineage began; at least M takes effect. */
    public Builder lineagePause(Duration time) {
      return time("lineage_pause_ticks", time);
    }

    /** Sets {@link #lineagePause} in ticks. */
    public Builder lineagePauseTicks(long ticks) {
      return set("lineage_pause_ticks", ticks);
    }

    /** Sets the time for which unknown bytes are kept after a lineage began. */
    public Builder orphanAfter(Duration time) {
      return time("orphan_after_ticks", time);
    }

    /** Sets {@link #orphanAfter} in ticks. */
    public Builder orphanAfterTicks(long ticks) {
      return set("orphan_after_ticks", ticks);
    }

    /** Sets the time for which ended rows of every kind are kept. */
    public Builder retention(Duration time) {
      return retention(RetentionHorizons.ofTicks(ticks(time, "chunk_retention")));
    }

    /** Sets the times for which ended rows of each kind are kept. */
    public Builder retention(RetentionHorizons horizons) {
      set("chunk_retention_ticks", horizons.chunkTicks())
          .set("swap_retention_ticks", horizons.swapTicks());
      return set("assignment_retention_ticks", horizons.assignmentTicks())
          .set("worker_retention_ticks", horizons.workerTicks());
    }

    /** Sets the bytes that may wait for their first placement. */
    public Builder maxWaitingBytes(long bytes) {
      return set("max_waiting_bytes", bytes);
    }

    /** Sets the number of chunks that may wait for their first placement. */
    public Builder maxWaitingChunks(long chunks) {
      return set("max_waiting_chunks", chunks);
    }

    /** Sets the rule by which a replica counts as confirmed. */
    public Builder confirmation(ConfirmationPolicy policy) {
      return set("confirmation", policy.quorumPercent());
    }

    /** Sets whether promotion and release wait for the floor. */
    public Builder gates(Gates mode) {
      return set("gates", mode);
    }

    /** Sets the weights, floors, caps and constraints of datasets; none by default. */
    public Builder weights(WeightPolicy policy) {
      return set("weight_policy", policy);
    }

    /** Sets the settings of the planner. */
    public Builder placement(PlacementConfig config) {
      return set("placement", config);
    }

    /**
     * Sets the most new chunks that a cycle places or shows; {@link #UNLIMITED} for all. A swap
     * counts with those it depends on, and runs alone if it is larger.
     */
    public Builder maxChunksPerCycle(long chunks) {
      return set("max_chunks_per_cycle", chunks);
    }

    /** Sets the age of the newest command beyond which retention deletes evidence, oldest first. */
    public Builder evidenceMaxAge(Duration time) {
      return time("evidence_max_age_ticks", time);
    }

    /** Sets {@link #evidenceMaxAge} in ticks, at least 0; {@link #NEVER} for no bound. */
    public Builder evidenceMaxAgeTicks(long ticks) {
      return set("evidence_max_age_ticks", ticks);
    }

    /** Sets the age beyond which an observed pressure counts as at least elevated. */
    public Builder pressureStaleAfter(Duration time) {
      return time("pressure_stale_after_ticks", time);
    }

    /** Sets {@link #pressureStaleAfter} in ticks, at least 0; {@link #NEVER} for no such age. */
    public Builder pressureStaleAfterTicks(long ticks) {
      return set("pressure_stale_after_ticks", ticks);
    }

    /** Sets the shares of the movement budget per band, in millionths, 0 to 1,000,000. */
    public Builder budgetUnderPressure(int elevated, int high, int critical) {
      set("elevated_budget_millionths", elevated);
      set("high_budget_millionths", high);
      return set("critical_budget_millionths", critical);
    }

    /** Sets the bytes in flight above which growth and moves wait, at least 0 or {@link #NEVER}. */
    public Builder maxInFlightBytes(long bytes) {
      return set("max_in_flight_bytes", bytes);
    }

    /** Sets what the fleet must have once before its first chunk is placed. */
    public Builder holdUntil(HoldUntil wanted) {
      return set("hold_until", wanted);
    }

    /**
     * Sets the bytes that one plan may copy to meet floors that were raised, at least 0, or {@link
     * #LIKE_MOVES}, the default, or {@link #UNLIMITED}. A copy larger than that goes alone.
     */
    public Builder raiseBudgetBytes(long bytes) {
      return set("raise_budget_bytes", bytes);
    }

    /** Sets the furthest that a cycle may be called ahead of the known time. */
    public Builder maxStep(Duration time) {
      return time("max_step_ticks", time);
    }

    /** Sets {@link #maxStep} in ticks; {@link #NEVER}: no cycle is refused. */
    public Builder maxStepTicks(long ticks) {
      return set("max_step_ticks", ticks);
    }

    /** Sets the lead that a host's time may have over the clock of the store. */
    public Builder allowedSkew(Duration time) {
      return time("allowed_skew_ticks", time);
    }

    /** Sets {@link #allowedSkew} in ticks. */
    public Builder allowedSkewTicks(long ticks) {
      return set("allowed_skew_ticks", ticks);
    }

    /** Sets the share of the capacity, 0 to 1, above which silent workers do not depart at once. */
    public Builder departureGuard(double share) {
      return share("departure_guard_millionths", share);
    }

    /** Sets {@link #departureGuard} in millionths; {@link #UNGUARDED} for no guard. */
    public Builder departureGuardMillionths(int millionths) {
      return set("departure_guard_millionths", millionths);
    }

    /** Sets the share of bytes, 0 to 1, above which workers want a full slice to delete. */
    public Builder massDeletion(double share) {
      return share("mass_deletion_millionths", share);
    }

    /** Sets {@link #massDeletion} in millionths; {@link #UNGUARDED}: it never asks. */
    public Builder massDeletionMillionths(int millionths) {
      return set("mass_deletion_millionths", millionths);
    }

    /** Sets the trust in time and silence. */
    public Builder trust(Trust wanted) {
      set("max_step_ticks", wanted.maxStepTicks())
          .set("allowed_skew_ticks", wanted.allowedSkewTicks());
      return set("departure_guard_millionths", wanted.departureGuardMillionths())
          .set("mass_deletion_millionths", wanted.massDeletionMillionths());
    }

    /** Returns the configuration with any values, for a command that checks them on execution. */
    public LifecycleConfig unchecked() {
      LifecycleConfig config = draft.row();
      long pause = Math.max(config.lineagePauseTicks, config.drainWindowTicks);
      return SHAPE.with(config, "lineage_pause_ticks", pause);
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
      @Declare(
              name = "chunk_retention_ticks",
              least = 0,
              at = NEVER,
              word = "never",
              orElse = 2_592_000)
          @Means("how long tombstones and rejected chunks are kept")
          long chunkTicks,
      @Declare(
              name = "swap_retention_ticks",
              least = 0,
              at = NEVER,
              word = "never",
              orElse = 2_592_000)
          @Means("how long ended swaps are kept")
          long swapTicks,
      @Declare(
              name = "assignment_retention_ticks",
              least = 0,
              at = NEVER,
              word = "never",
              orElse = 2_592_000)
          @Means("how long replaced assignments are kept")
          long assignmentTicks,
      @Declare(
              name = "worker_retention_ticks",
              least = 0,
              at = NEVER,
              word = "never",
              orElse = 2_592_000)
          @Means("how long departed workers are kept")
          long workerTicks) {
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
