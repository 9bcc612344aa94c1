package dev.stowage;

import dev.stowage.columns.Nanos;
import dev.stowage.columns.RandomToken;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.evidence.Retention;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The configuration of a facade, grouped by concern. Immutable.
 *
 * @param fleet the configuration for an empty store; {@link Stowage#configure} changes a stored one
 * @param tickLength the length of a tick, above zero
 * @param lease the holder and duration of the lease
 * @param evidence the evidence recorded and kept in memory
 * @param audit the checks before a command is durable
 * @param queue the bounds of submitted commands
 */
public record StowageConfig(
    LifecycleConfig fleet,
    Duration tickLength,
    LeaseConfig lease,
    EvidenceConfig evidence,
    AuditLevel audit,
    QueueConfig queue) {
  /** The default length of a tick, one second. */
  public static final Duration DEFAULT_TICK_LENGTH = Duration.ofSeconds(1);

  /** Throws {@link NullPointerException} if a component is null. */
  public StowageConfig {
    Objects.requireNonNull(fleet, "fleet");
    Objects.requireNonNull(tickLength, "tickLength");
    Objects.requireNonNull(lease, "lease");
    Objects.requireNonNull(evidence, "evidence");
    Objects.requireNonNull(audit, "audit");
    Objects.requireNonNull(queue, "queue");
  }

  /** Returns the default configuration. */
  public static StowageConfig defaults() {
    return new StowageConfig(
        LifecycleConfig.defaults(),
        DEFAULT_TICK_LENGTH,
        LeaseConfig.DEFAULT,
        EvidenceConfig.DEFAULT,
        AuditLevel.CHANGES,
        QueueConfig.DEFAULT);
  }

  /**
   * The right to lead.
   *
   * @param holder names this facade, or is {@link #DRAWN}: 1 to 512 characters, well-formed, not
   *     blank, no control characters; unique, because a claim under the holder's name takes its
   *     lease
   * @param duration the length of a claim on the store's clock, above zero to {@link Lease#LONGEST}
   */
  public record LeaseConfig(String holder, Duration duration) {
    /**
     * Stands for a name drawn per facade, {@code stowage-} and 16 random hexadecimal digits. A
     * fixed name need not wait for its own lease after a restart.
     */
    public static final String DRAWN = "stowage-*";

    /** A drawn name with a lease of 30 seconds. */
    public static final LeaseConfig DEFAULT = new LeaseConfig(DRAWN, Duration.ofSeconds(30));

    /** Throws {@link NullPointerException} if a component is null. */
    public LeaseConfig {
      Objects.requireNonNull(holder, "holder");
      Objects.requireNonNull(duration, "duration");
    }
  }

  /**
   * The recording of evidence.
   *
   * @param seed names the run in the header of the chain; any value
   * @param retention the most records, and bytes of them, in memory; the store keeps equally many.
   *     {@link LifecycleConfig#evidenceMaxAgeTicks} bounds the age
   * @param parts the recording of transfers and propagation
   * @param deeds the deeds that the store keeps longer than other records, by each run of retention
   */
  public record EvidenceConfig(
      long seed, Retention retention, PartEvidence parts, Retention deeds) {
    /** 30 days of ticks of a second, and 16 MiB. */
    public static final Retention DEEDS =
        new Retention(Long.MAX_VALUE, 16L << 20, Duration.ofDays(30).toSeconds());

    /** Seed 0, a bounded ring, and what parts decide. */
    public static final EvidenceConfig DEFAULT = new EvidenceConfig(0, Retention.DEFAULT);

    /** Creates a configuration with {@link PartEvidence#DEFAULT}. */
    public EvidenceConfig(long seed, Retention retention) {
      this(seed, retention, PartEvidence.DEFAULT);
    }

    /** Creates a configuration with {@link #DEEDS}. */
    public EvidenceConfig(long seed, Retention retention, PartEvidence parts) {
      this(seed, retention, parts, DEEDS);
    }

    /** Throws {@link IllegalArgumentException} if {@code retention} bounds an age. */
    public EvidenceConfig {
      if (Objects.requireNonNull(retention, "retention").maxAgeTicks() != Long.MAX_VALUE) {
        throw new IllegalArgumentException(
            "retention has maxAgeTicks "
                + retention.maxAgeTicks()
                + "; leave it unbounded and set evidence_max_age of the fleet instead");
      }
      Objects.requireNonNull(parts, "parts");
      Objects.requireNonNull(deeds, "deeds");
    }
  }

  /**
   * The recording of {@link Transfers} and {@link Propagation} in the evidence of the fleet.
   * Records wait in memory for the next commit. What does not fit is dropped and counted ({@link
   * StowageStats#partRecordsDropped}).
   *
   * @param mostWaiting the most records that wait for a commit; 0 records nothing
   * @param mostWaitingBytes the most bytes of their payloads; at least 1
   */
  public record PartEvidence(int mostWaiting, long mostWaitingBytes) {
    /** Up to 65,536 records of 16 MiB wait. */
    public static final PartEvidence DEFAULT = new PartEvidence(65_536, 16L << 20);

    /** Records nothing of parts. */
    public static final PartEvidence OFF = new PartEvidence(0, 1);

    /** Throws {@link IllegalArgumentException} naming the value that is out of range. */
    public PartEvidence {
      if (mostWaiting < 0) {
        throw new IllegalArgumentException(
            "mostWaiting is " + mostWaiting + "; at least 0 is accepted");
      }
      if (mostWaitingBytes < 1) {
        throw new IllegalArgumentException(
            "mostWaitingBytes is " + mostWaitingBytes + "; at least 1 is accepted");
      }
    }
  }

  /**
   * The commands of {@link Stowage#submit} that are not answered yet. What exceeds a bound is
   * refused with {@link StowageException.Reason#BACKPRESSURE}; one command always fits.
   *
   * @param mostCommands the most commands; at least 1
   * @param mostBytes the most canonical bytes of them; at least 1
   * @param within how long a process that does not lead waits for the leader's answer before its
   *     own is {@code REQUESTED}; at least 0, below the timeout of whoever asks it
   */
  public record QueueConfig(int mostCommands, long mostBytes, Duration within) {
    /** Up to 4,096 commands of 64 MiB, and 5 seconds. */
    public static final QueueConfig DEFAULT =
        new QueueConfig(4_096, 64L << 20, Duration.ofSeconds(5));

    /** Throws {@link IllegalArgumentException} naming the value that is out of range. */
    public QueueConfig {
      if (mostCommands < 1) {
        throw new IllegalArgumentException(
            "mostCommands is " + mostCommands + "; at least 1 is accepted");
      }
      if (mostBytes < 1) {
        throw new IllegalArgumentException(
            "mostBytes is " + mostBytes + "; at least 1 is accepted");
      }
      Nanos.of(within, "within");
    }
  }

  /** Returns this configuration with {@code other} as its fleet. */
  public StowageConfig withFleet(LifecycleConfig other) {
    return new StowageConfig(other, tickLength, lease, evidence, audit, queue);
  }

  /**
   * Returns this configuration with a changed fleet, whose durations become ticks of {@link
   * #tickLength}. Throws {@link IllegalArgumentException} naming every bound that the fleet
   * violates, or a tick length that is not above zero and below 292 years.
   *
   * <pre>{@code config.withFleet(fleet -> fleet.drainWindow(Duration.ofMinutes(5)))}</pre>
   */
  public StowageConfig withFleet(UnaryOperator<LifecycleConfig.Builder> change) {
    Objects.requireNonNull(change, "change");
    return withFleet(change.apply(fleet.toBuilder(tickLength)).build());
  }

  /** Returns this configuration with another tick length. Stored tick counts keep their numbers. */
  public StowageConfig withTickLength(Duration other) {
    return new StowageConfig(fleet, other, lease, evidence, audit, queue);
  }

  StowageConfig named() {
    return lease.holder().equals(LeaseConfig.DRAWN)
        ? withHolder(String.format(Locale.ROOT, "stowage-%016x", RandomToken.draw()))
        : this;
  }

  /** Returns this configuration with another holder of the lease. */
  public StowageConfig withHolder(String name) {
    return withLease(new LeaseConfig(name, lease.duration()));
  }

  /** Returns this configuration with another lease. */
  public StowageConfig withLease(LeaseConfig other) {
    return new StowageConfig(fleet, tickLength, other, evidence, audit, queue);
  }

  /** Returns this configuration with other evidence. */
  public StowageConfig withEvidence(EvidenceConfig other) {
    return new StowageConfig(fleet, tickLength, lease, other, audit, queue);
  }

  /** Returns this configuration with another recording of transfers and propagation. */
  public StowageConfig withPartEvidence(PartEvidence other) {
    Objects.requireNonNull(other, "other");
    return withEvidence(
        new EvidenceConfig(evidence.seed(), evidence.retention(), other, evidence.deeds()));
  }

  /** Returns this configuration with another audit level. */
  public StowageConfig withAudit(AuditLevel other) {
    return new StowageConfig(fleet, tickLength, lease, evidence, other, queue);
  }

  /** Returns this configuration with other bounds of submitted commands. */
  public StowageConfig withQueue(QueueConfig other) {
    return new StowageConfig(fleet, tickLength, lease, evidence, audit, other);
  }

  /** Returns this configuration with another time in which the leader is to answer. */
  public StowageConfig withAnswersWithin(Duration other) {
    Objects.requireNonNull(other, "other");
    return withQueue(new QueueConfig(queue.mostCommands(), queue.mostBytes(), other));
  }

  /** Returns every violated bound with its value; empty if the configuration is usable. */
  public List<String> violations() {
    List<String> found = new ArrayList<>(fleet.violations());
    found.addAll(Lifecycle.tooLarge(fleet));
    if (tickLength.isNegative() || tickLength.isZero()) {
      found.add("tickLength is " + tickLength + "; above zero is accepted");
    }
    found.addAll(LeaseRequest.violations(lease.holder(), lease.duration()));
    return found;
  }

  /** The checks that the engine makes; a violation stops the command before it is durable. */
  public enum AuditLevel {
    /** Nothing beyond the checks that each decision makes by itself. */
    OFF,
    /**
     * Every state invariant of what a command changed, and of 4,096 more chunks in turn per cycle.
     */
    CHANGES,
    /** Every state invariant after each cycle: one pass over the fleet. */
    STATE,
    /** Every state and step invariant of each cycle: two passes over the fleet and a copy of it. */
    CYCLES,
    /** Every state and step invariant after every command; keeps a copy of the state before it. */
    ALL
  }
}
