package dev.stowage.lifecycle;

import dev.stowage.model.TickLength;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.WeightPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a fleet (lifecycle design, section 9). It is stored and versioned with the
 * state and changed by {@link Command.Configure}. The record itself holds any values, so that a
 * command can be refused with every reason; {@link Builder#build} refuses what {@link #violations}
 * lists.
 *
 * @param minReplication the floor of a chunk for which no policy names another, at least 1
 * @param maxReplication the most replicas that weights earn a chunk for which no policy says
 *     otherwise, at least 0; below a chunk's floor it counts as that, as {@link
 *     WeightPolicy#AT_FLOOR} always does; {@link WeightPolicy#UNCAPPED} for no cap
 * @param drainWindowTicks M: how long a portal may keep using an old portal assignment, at least 0
 * @param suspectAfterTicks silence after which a worker is suspect, at least 1, or {@link #NEVER}
 * @param departAfterTicks silence after which it has departed, above {@code suspectAfterTicks}
 *     unless both are {@link #NEVER}
 * @param regrowAfterTicks how long bonus replicas lost with a departure are not made again, at
 *     least 0
 * @param giveUpAfterTicks how long a replica may stay missing, more than the lineage pause, or
 *     {@link #NEVER}
 * @param lineagePauseTicks how long nothing is deleted after a lineage began, at least M
 * @param orphanAfterTicks how long unknown bytes are kept after a lineage began, at least 0
 * @param retention how long ended rows are kept
 * @param maxWaitingBytes bytes that may wait for their first placement, at least 0
 * @param maxWaitingChunks chunks that may wait for their first placement, at least 0
 * @param confirmation when a replica counts as confirmed
 * @param gates whether promotion and release wait for the floor
 * @param weights the weights, floors, caps and constraints of datasets
 * @param placement how the planner works
 * @param trust how far time and silence are believed
 * @param maxChunksPerCycle at most so many new chunks are placed in a scheduling cycle, and so many
 *     shown in a visibility cycle, at least 1, or {@link #UNLIMITED}; the rest waits for the next
 *     one. A swap counts as a whole, with those it rests on: one that is larger is done alone
 */
public record LifecycleConfig(
    int minReplication,
    int maxReplication,
    long drainWindowTicks,
    long suspectAfterTicks,
    long departAfterTicks,
    long regrowAfterTicks,
    long giveUpAfterTicks,
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
    long maxChunksPerCycle) {
  /** A number of ticks that never pass. */
  public static final long NEVER = Long.MAX_VALUE;

  /** The default floor. */
  public static final int DEFAULT_MIN_REPLICATION = 2;

  /** The default cap: weights earn nothing. */
  public static final int DEFAULT_MAX_REPLICATION = WeightPolicy.AT_FLOOR;

  /** The default M. */
  public static final long DEFAULT_DRAIN_WINDOW_TICKS = 300;

  /** The default silence before a worker is suspect. */
  public static final long DEFAULT_SUSPECT_AFTER_TICKS = 60;

  /** The default silence before a worker has departed. */
  public static final long DEFAULT_DEPART_AFTER_TICKS = 900;

  /** The default rest before lost bonus replicas are made again. */
  public static final long DEFAULT_REGROW_AFTER_TICKS = 600;

  /** The default patience with a missing replica. */
  public static final long DEFAULT_GIVE_UP_AFTER_TICKS = 3_600;

  /** The default patience with unknown bytes. */
  public static final long DEFAULT_ORPHAN_AFTER_TICKS = 604_800;

  /** The default horizon of retention. */
  public static final long DEFAULT_RETENTION_TICKS = 2_592_000;

  /** The default number of ticks that time may go forward at once. */
  public static final long DEFAULT_MAX_STEP_TICKS = 3_600;

  /** The default lead of a host's clock over that of the store. */
  public static final long DEFAULT_ALLOWED_SKEW_TICKS = 5;

  /** The default share of the capacity that may depart by silence at once, in millionths. */
  public static final int DEFAULT_DEPARTURE_GUARD_MILLIONTHS = 340_000;

  /** No guard: whoever is silent for long enough departs, however many do. */
  public static final int UNGUARDED = -1;

  /** The default share of its bytes that a worker deletes without asking again: half. */
  public static final int DEFAULT_MASS_DELETION_MILLIONTHS = 500_000;

  /** The default number of chunks that a cycle places or shows. */
  public static final long DEFAULT_MAX_CHUNKS_PER_CYCLE = 1_000_000;

  /** No bound on what waits, or on what a cycle does. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  /** Refuses nulls only. */
  public LifecycleConfig {
    Objects.requireNonNull(retention, "retention");
    Objects.requireNonNull(confirmation, "confirmation");
    Objects.requireNonNull(gates, "gates");
    Objects.requireNonNull(weights, "weights");
    Objects.requireNonNull(placement, "placement");
    Objects.requireNonNull(trust, "trust");
  }

  /**
   * How far a fleet believes the time that it is told, and the silence that it sees (lifecycle
   * design, section 8). Any values; {@link LifecycleConfig#violations} judges them.
   *
   * @param maxStepTicks how far ahead of what is known a cycle may be called, at least 1, or {@link
   *     #NEVER}: then no cycle is refused
   * @param allowedSkewTicks by how much a host's time may lead the clock of the store, at least 0
   * @param departureGuardMillionths the share of the fleet's capacity above which silent workers do
   *     not depart at once, 0 to 1,000,000, or {@link #UNGUARDED}
   * @param massDeletionMillionths the share of a worker's bytes above which it deletes only what a
   *     full slice does not name, 0 to 1,000,000, or {@link #UNGUARDED}; nothing in the fleet reads
   *     it, workers are to be told
   */
  public record Trust(
      long maxStepTicks,
      long allowedSkewTicks,
      int departureGuardMillionths,
      int massDeletionMillionths) {
    /** The defaults. */
    public static final Trust DEFAULT =
        new Trust(
            DEFAULT_MAX_STEP_TICKS,
            DEFAULT_ALLOWED_SKEW_TICKS,
            DEFAULT_DEPARTURE_GUARD_MILLIONTHS,
            DEFAULT_MASS_DELETION_MILLIONTHS);

    /** Whatever is said is believed. */
    public static final Trust BLIND =
        new Trust(NEVER, DEFAULT_ALLOWED_SKEW_TICKS, UNGUARDED, UNGUARDED);

    /** Whether many silent workers are kept from departing at once. */
    public boolean isGuarded() {
      return departureGuardMillionths != UNGUARDED;
    }
  }

  /** As {@link Trust#maxStepTicks}. */
  public long maxStepTicks() {
    return trust.maxStepTicks();
  }

  /** The defaults of section 9. */
  public static LifecycleConfig defaults() {
    return builder().build();
  }

  /** A builder that starts from the defaults and is told times in ticks. */
  public static Builder builder() {
    return new Builder(null);
  }

  /**
   * A builder that starts from the defaults, which are numbers of ticks, and is told times as such.
   *
   * @param tickLength how long a tick lasts where the configuration is used; {@code
   *     StowageConfig.withFleet} fills it in
   * @throws IllegalArgumentException unless it is above zero and below 292 years
   */
  public static Builder builder(Duration tickLength) {
    return new Builder(TickLength.of(tickLength));
  }

  /** A builder that starts from this configuration and is told times in ticks. */
  public Builder toBuilder() {
    return copiedTo(builder());
  }

  /**
   * A builder that starts from this configuration and is told times as such.
   *
   * @param tickLength how long a tick lasts where the configuration is used
   * @throws IllegalArgumentException unless it is above zero and below 292 years
   */
  public Builder toBuilder(Duration tickLength) {
    return copiedTo(builder(tickLength));
  }

  private Builder copiedTo(Builder builder) {
    builder.minReplication = minReplication;
    builder.maxReplication = maxReplication;
    builder.drainWindowTicks = drainWindowTicks;
    builder.suspectAfterTicks = suspectAfterTicks;
    builder.departAfterTicks = departAfterTicks;
    builder.regrowAfterTicks = regrowAfterTicks;
    builder.giveUpAfterTicks = giveUpAfterTicks;
    builder.lineagePauseTicks = lineagePauseTicks;
    builder.orphanAfterTicks = orphanAfterTicks;
    builder.retention = retention;
    builder.maxWaitingBytes = maxWaitingBytes;
    builder.maxWaitingChunks = maxWaitingChunks;
    builder.confirmation = confirmation;
    builder.gates = gates;
    builder.weights = weights;
    builder.placement = placement;
    builder.trust(trust);
    builder.maxChunksPerCycle = maxChunksPerCycle;
    return builder;
  }

  /** Every bound that is violated, with the value; empty for a configuration that may be used. */
  public List<String> violations() {
    List<String> found = new ArrayList<>();
    atLeast(found, "minReplication", minReplication, 1);
    atLeast(found, "maxReplication", maxReplication, 0);
    atLeast(found, "drainWindowTicks", drainWindowTicks, 0);
    atLeast(found, "suspectAfterTicks", suspectAfterTicks, 1);
    boolean bothNever = suspectAfterTicks == NEVER && departAfterTicks == NEVER;
    if (departAfterTicks <= suspectAfterTicks && !bothNever && departAfterTicks != NEVER) {
      found.add(
          "departAfterTicks is "
              + departAfterTicks
              + "; more than suspectAfterTicks, "
              + suspectAfterTicks
              + ", is accepted");
    }
    atLeast(found, "regrowAfterTicks", regrowAfterTicks, 0);
    if (giveUpAfterTicks <= lineagePauseTicks && giveUpAfterTicks != NEVER) {
      found.add(
          "giveUpAfterTicks is "
              + giveUpAfterTicks
              + "; more than lineagePauseTicks, "
              + lineagePauseTicks
              + ", is accepted");
    }
    atLeast(found, "lineagePauseTicks", lineagePauseTicks, Math.max(0, drainWindowTicks));
    atLeast(found, "orphanAfterTicks", orphanAfterTicks, 0);
    atLeast(found, "retention of chunks", retention.chunkTicks(), 0);
    atLeast(found, "retention of swaps", retention.swapTicks(), 0);
    atLeast(found, "retention of assignments", retention.assignmentTicks(), 0);
    atLeast(found, "retention of workers", retention.workerTicks(), 0);
    atLeast(found, "maxWaitingBytes", maxWaitingBytes, 0);
    atLeast(found, "maxWaitingChunks", maxWaitingChunks, 0);
    if (!confirmation.isValid()) {
      found.add(
          "confirmation quorum is " + confirmation.quorumPercent() + "; 0 to 100 is accepted");
    }
    atLeast(found, "maxStepTicks", trust.maxStepTicks(), 1);
    atLeast(found, "allowedSkewTicks", trust.allowedSkewTicks(), 0);
    share(found, "departureGuard", trust.departureGuardMillionths());
    share(found, "massDeletion", trust.massDeletionMillionths());
    atLeast(found, "maxChunksPerCycle", maxChunksPerCycle, 1);
    return found;
  }

  private static final int MILLION = 1_000_000;

  private static void share(List<String> found, String what, int millionths) {
    if (millionths != UNGUARDED && (millionths < 0 || millionths > MILLION)) {
      found.add(what + " is " + millionths + " millionths; 0 to " + MILLION + " is accepted");
    }
  }

  private static void atLeast(List<String> found, String what, long value, long least) {
    if (value < least) {
      found.add(what + " is " + value + "; at least " + least + " is accepted");
    }
  }

  /**
   * Collects a configuration. What is stored is ticks: a setter that takes a {@link Duration}
   * rounds it up to whole ticks, so that nothing lasts shorter than was asked for. It throws {@link
   * IllegalStateException} if the builder was not told how long a tick lasts, and {@link
   * IllegalArgumentException} for a time below zero or beyond 292 years. Not thread-safe.
   */
  public static final class Builder {
    private final @Nullable TickLength tickLength;
    private int minReplication = DEFAULT_MIN_REPLICATION;
    private int maxReplication = DEFAULT_MAX_REPLICATION;
    private long drainWindowTicks = DEFAULT_DRAIN_WINDOW_TICKS;
    private long suspectAfterTicks = DEFAULT_SUSPECT_AFTER_TICKS;
    private long departAfterTicks = DEFAULT_DEPART_AFTER_TICKS;
    private long regrowAfterTicks = DEFAULT_REGROW_AFTER_TICKS;
    private long giveUpAfterTicks = DEFAULT_GIVE_UP_AFTER_TICKS;
    private long lineagePauseTicks;
    private long orphanAfterTicks = DEFAULT_ORPHAN_AFTER_TICKS;
    private RetentionHorizons retention = RetentionHorizons.ofTicks(DEFAULT_RETENTION_TICKS);
    private long maxWaitingBytes = UNLIMITED;
    private long maxWaitingChunks = UNLIMITED;
    private ConfirmationPolicy confirmation = ConfirmationPolicy.perWorker();
    private Gates gates = Gates.ON;
    private WeightPolicy weights = WeightPolicy.DEFAULTS;
    private PlacementConfig placement = PlacementConfig.defaults();
    private long maxChunksPerCycle = DEFAULT_MAX_CHUNKS_PER_CYCLE;
    private long maxStepTicks = Trust.DEFAULT.maxStepTicks();
    private long allowedSkewTicks = Trust.DEFAULT.allowedSkewTicks();
    private int departureGuardMillionths = Trust.DEFAULT.departureGuardMillionths();
    private int massDeletionMillionths = Trust.DEFAULT.massDeletionMillionths();

    private Builder(@Nullable TickLength tickLength) {
      this.tickLength = tickLength;
    }

    private long ticks(Duration time, String name) {
      if (tickLength == null) {
        throw new IllegalStateException(
            name
                + " is "
                + time
                + ", and how long a tick lasts is not known; see builder(Duration)");
      }
      return tickLength.ticks(time, name);
    }

    /** The floor, at least 1. */
    public Builder minReplication(int replicas) {
      minReplication = replicas;
      return this;
    }

    /**
     * The most replicas that weights earn a chunk, at least 0; {@link WeightPolicy#UNCAPPED} for no
     * cap. Unless set, weights earn nothing: every chunk has its floor.
     */
    public Builder maxReplication(int replicas) {
      maxReplication = replicas;
      return this;
    }

    /** M. */
    public Builder drainWindow(Duration time) {
      return drainWindowTicks(ticks(time, "drainWindow"));
    }

    /** The same in ticks, at least 0. */
    public Builder drainWindowTicks(long ticks) {
      drainWindowTicks = ticks;
      return this;
    }

    /** Silence after which a worker is suspect. */
    public Builder suspectAfter(Duration time) {
      return suspectAfterTicks(ticks(time, "suspectAfter"));
    }

    /** The same in ticks; {@link #NEVER} for never. */
    public Builder suspectAfterTicks(long ticks) {
      suspectAfterTicks = ticks;
      return this;
    }

    /** Silence after which a worker has departed. */
    public Builder departAfter(Duration time) {
      return departAfterTicks(ticks(time, "departAfter"));
    }

    /** The same in ticks; {@link #NEVER} for never. */
    public Builder departAfterTicks(long ticks) {
      departAfterTicks = ticks;
      return this;
    }

    /** Rest before bonus replicas lost with a departure are made again. */
    public Builder regrowAfter(Duration time) {
      return regrowAfterTicks(ticks(time, "regrowAfter"));
    }

    /** The same in ticks. */
    public Builder regrowAfterTicks(long ticks) {
      regrowAfterTicks = ticks;
      return this;
    }

    /** Patience with a replica that stays missing. */
    public Builder giveUpAfter(Duration time) {
      return giveUpAfterTicks(ticks(time, "giveUpAfter"));
    }

    /** The same in ticks; {@link #NEVER} for never. */
    public Builder giveUpAfterTicks(long ticks) {
      giveUpAfterTicks = ticks;
      return this;
    }

    /** The pause after a lineage began; M if that is more. */
    public Builder lineagePause(Duration time) {
      return lineagePauseTicks(ticks(time, "lineagePause"));
    }

    /** The same in ticks. */
    public Builder lineagePauseTicks(long ticks) {
      lineagePauseTicks = ticks;
      return this;
    }

    /** Patience with unknown bytes. */
    public Builder orphanAfter(Duration time) {
      return orphanAfterTicks(ticks(time, "orphanAfter"));
    }

    /** The same in ticks. */
    public Builder orphanAfterTicks(long ticks) {
      orphanAfterTicks = ticks;
      return this;
    }

    /** How long ended rows of every kind are kept. */
    public Builder retention(Duration time) {
      return retention(RetentionHorizons.ofTicks(ticks(time, "retention")));
    }

    /** How long ended rows of each kind are kept. */
    public Builder retention(RetentionHorizons horizons) {
      retention = horizons;
      return this;
    }

    /** Bytes that may wait for their first placement. */
    public Builder maxWaitingBytes(long bytes) {
      maxWaitingBytes = bytes;
      return this;
    }

    /** Chunks that may wait for their first placement. */
    public Builder maxWaitingChunks(long chunks) {
      maxWaitingChunks = chunks;
      return this;
    }

    /** When a replica counts as confirmed. */
    public Builder confirmation(ConfirmationPolicy policy) {
      confirmation = policy;
      return this;
    }

    /** Whether promotion and release wait for the floor. */
    public Builder gates(Gates mode) {
      gates = mode;
      return this;
    }

    /** The weights, floors, caps and constraints of datasets; none unless set. */
    public Builder weights(WeightPolicy policy) {
      weights = policy;
      return this;
    }

    /** How the planner works. */
    public Builder placement(PlacementConfig config) {
      placement = config;
      return this;
    }

    /** Chunks that a cycle places or shows; {@link #UNLIMITED} for all that it can. */
    public Builder maxChunksPerCycle(long chunks) {
      maxChunksPerCycle = chunks;
      return this;
    }

    /** How far ahead of what is known a cycle may be called. */
    public Builder maxStep(Duration time) {
      return maxStepTicks(ticks(time, "maxStep"));
    }

    /** The same in ticks; {@link #NEVER}: no cycle is refused. */
    public Builder maxStepTicks(long ticks) {
      maxStepTicks = ticks;
      return this;
    }

    /** By how much a host's time may lead the clock of the store. */
    public Builder allowedSkew(Duration time) {
      return allowedSkewTicks(ticks(time, "allowedSkew"));
    }

    /** The same in ticks. */
    public Builder allowedSkewTicks(long ticks) {
      allowedSkewTicks = ticks;
      return this;
    }

    /** The share of the capacity, 0 to 1, above which silent workers do not depart at once. */
    public Builder departureGuard(double share) {
      return departureGuardMillionths((int) Math.round(share * MILLION));
    }

    /** The same in millionths; {@link #UNGUARDED} for no guard. */
    public Builder departureGuardMillionths(int millionths) {
      departureGuardMillionths = millionths;
      return this;
    }

    /**
     * The share of its bytes, 0 to 1, above which a worker asks for a full slice before it deletes.
     */
    public Builder massDeletion(double share) {
      return massDeletionMillionths((int) Math.round(share * MILLION));
    }

    /** The same in millionths; {@link #UNGUARDED}: it never asks. */
    public Builder massDeletionMillionths(int millionths) {
      massDeletionMillionths = millionths;
      return this;
    }

    /** How far time and silence are believed. */
    public Builder trust(Trust wanted) {
      maxStepTicks = wanted.maxStepTicks();
      allowedSkewTicks = wanted.allowedSkewTicks();
      departureGuardMillionths = wanted.departureGuardMillionths();
      massDeletionMillionths = wanted.massDeletionMillionths();
      return this;
    }

    /** The configuration, whatever its values; for a command that is to be judged when executed. */
    public LifecycleConfig unchecked() {
      return new LifecycleConfig(
          minReplication,
          maxReplication,
          drainWindowTicks,
          suspectAfterTicks,
          departAfterTicks,
          regrowAfterTicks,
          giveUpAfterTicks,
          Math.max(lineagePauseTicks, drainWindowTicks),
          orphanAfterTicks,
          retention,
          maxWaitingBytes,
          maxWaitingChunks,
          confirmation,
          gates,
          weights,
          placement,
          new Trust(
              maxStepTicks, allowedSkewTicks, departureGuardMillionths, massDeletionMillionths),
          maxChunksPerCycle);
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException naming every violated bound at once
     */
    public LifecycleConfig build() {
      LifecycleConfig config = unchecked();
      List<String> violated = config.violations();
      if (!violated.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", violated));
      }
      return config;
    }
  }
}
