package dev.stowage;

import dev.stowage.columns.RandomToken;
import dev.stowage.evidence.Retention;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * How a facade works, grouped by concern. Immutable.
 *
 * @param fleet the configuration that an empty store is given; one that has a configuration keeps
 *     it until {@link Stowage#configure} changes it
 * @param tickLength how long a tick lasts
 * @param lease who leads, and for how long at a time
 * @param evidence what is recorded, and how much of it stays in memory
 * @param audit how much is checked before a command is durable
 */
public record StowageConfig(
    LifecycleConfig fleet,
    Duration tickLength,
    LeaseConfig lease,
    EvidenceConfig evidence,
    AuditLevel audit) {
  /** A tick lasts a second unless something else is said. */
  public static final Duration DEFAULT_TICK_LENGTH = Duration.ofSeconds(1);

  /** Refuses nulls. */
  public StowageConfig {
    Objects.requireNonNull(fleet, "fleet");
    Objects.requireNonNull(tickLength, "tickLength");
    Objects.requireNonNull(lease, "lease");
    Objects.requireNonNull(evidence, "evidence");
    Objects.requireNonNull(audit, "audit");
  }

  /** Everything at its default. */
  public static StowageConfig defaults() {
    return new StowageConfig(
        LifecycleConfig.defaults(),
        DEFAULT_TICK_LENGTH,
        LeaseConfig.DEFAULT,
        EvidenceConfig.DEFAULT,
        AuditLevel.CHANGES);
  }

  /**
   * The right to lead.
   *
   * @param holder names this facade, or is {@link #DRAWN}: 1 to 512 characters, well-formed, not
   *     blank, no control characters; two never share a name, because whoever claims under the name
   *     of the holder takes the lease from it
   * @param duration how long a claim or a renewal lasts on the store's clock; above zero, at most
   *     {@link Lease#LONGEST}
   */
  public record LeaseConfig(String holder, Duration duration) {
    /**
     * Stands for a name that each facade draws when it is built: {@code stowage-} and 16 random
     * hexadecimal digits. {@link Stowage#holder} tells which. A process that has a name of its own,
     * the same after a restart, is better given that one: it need not wait for its own lease.
     */
    public static final String DRAWN = "stowage-*";

    /** A drawn name, with a lease of half a minute. */
    public static final LeaseConfig DEFAULT = new LeaseConfig(DRAWN, Duration.ofSeconds(30));

    /** Refuses nulls. */
    public LeaseConfig {
      Objects.requireNonNull(holder, "holder");
      Objects.requireNonNull(duration, "duration");
    }
  }

  /**
   * What is recorded.
   *
   * @param seed names the run in the header of the chain; any value
   * @param retention how many records, and how many bytes of them, stay in memory; as many records
   *     stay in the store. Bounds no age: {@link LifecycleConfig#evidenceMaxAgeTicks} does
   */
  public record EvidenceConfig(long seed, Retention retention) {
    /** Seed 0, a bounded ring. */
    public static final EvidenceConfig DEFAULT = new EvidenceConfig(0, Retention.DEFAULT);

    /** Refuses null, and a retention that bounds an age. */
    public EvidenceConfig {
      if (Objects.requireNonNull(retention, "retention").maxAgeTicks() != Long.MAX_VALUE) {
        throw new IllegalArgumentException(
            "retention bounds the age by "
                + retention.maxAgeTicks()
                + " ticks; the fleet's evidence_max_age does that");
      }
    }
  }

  /** This configuration for another fleet. */
  public StowageConfig withFleet(LifecycleConfig other) {
    return new StowageConfig(other, tickLength, lease, evidence, audit);
  }

  /**
   * This configuration with something changed for its fleet. Times become ticks of {@link
   * #tickLength}, so set that first.
   *
   * <pre>{@code
   * config.withFleet(fleet -> fleet.drainWindow(Duration.ofMinutes(5)))
   * }</pre>
   *
   * @throws IllegalArgumentException naming every bound that the fleet violates, or a tick length
   *     that is not above zero and below 292 years
   */
  public StowageConfig withFleet(UnaryOperator<LifecycleConfig.Builder> change) {
    Objects.requireNonNull(change, "change");
    return withFleet(change.apply(fleet.toBuilder(tickLength)).build());
  }

  /**
   * This configuration with ticks of another length. What is stored as ticks keeps its number, so
   * it lasts as much longer or shorter.
   */
  public StowageConfig withTickLength(Duration other) {
    return new StowageConfig(fleet, other, lease, evidence, audit);
  }

  /** This configuration with a name where one is to be drawn. */
  StowageConfig named() {
    return lease.holder().equals(LeaseConfig.DRAWN)
        ? withHolder(String.format(Locale.ROOT, "stowage-%016x", RandomToken.draw()))
        : this;
  }

  /** This configuration for the process of this name. */
  public StowageConfig withHolder(String name) {
    return withLease(new LeaseConfig(name, lease.duration()));
  }

  /** This configuration with another lease. */
  public StowageConfig withLease(LeaseConfig other) {
    return new StowageConfig(fleet, tickLength, other, evidence, audit);
  }

  /** This configuration with other evidence. */
  public StowageConfig withEvidence(EvidenceConfig other) {
    return new StowageConfig(fleet, tickLength, lease, other, audit);
  }

  /** This configuration with another audit. */
  public StowageConfig withAudit(AuditLevel other) {
    return new StowageConfig(fleet, tickLength, lease, evidence, other);
  }

  /** Every bound that is violated, with the value; empty for a configuration that may be used. */
  public List<String> violations() {
    List<String> found = new ArrayList<>(fleet.violations());
    found.addAll(Lifecycle.tooLarge(fleet));
    if (tickLength.isNegative() || tickLength.isZero()) {
      found.add("tickLength is " + tickLength + "; above zero is accepted");
    }
    found.addAll(LeaseRequest.violations(lease.holder(), lease.duration()));
    return found;
  }
}
