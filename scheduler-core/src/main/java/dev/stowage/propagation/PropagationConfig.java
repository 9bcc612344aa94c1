package dev.stowage.propagation;

import dev.stowage.pressure.Nanos;
import dev.stowage.propagation.authority.AuthorityProof.ProofPolicy;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How a scheduler works.
 *
 * @param budgetBytesPerSecond what a target may be sent, 1 to {@value #MOST_BYTES_PER_SECOND}; one
 *     second of it is the burst
 * @param mostBackgroundWaitNanos an update of background urgency that would wait longer for the
 *     budget is dropped, at least 0
 * @param majorFrom an update this significant is a major one, 0 to {@value
 *     StateUpdate#MOST_SIGNIFICANT}
 * @param retainedVersions a node further behind than this is sent everything, at least 1
 * @param longestStepNanos a time this much ahead of the latest is plausible, at least 1
 * @param proofs how long proofs of authority are good for, if states with members ask for them
 */
public record PropagationConfig(
    long budgetBytesPerSecond,
    long mostBackgroundWaitNanos,
    int majorFrom,
    long retainedVersions,
    long longestStepNanos,
    Optional<ProofPolicy> proofs) {
  /** A million bytes a second for every target. */
  public static final long DEFAULT_BUDGET_BYTES_PER_SECOND = 1_000_000;

  /** The largest budget: a thousand gigabytes a second. */
  public static final long MOST_BYTES_PER_SECOND = 1_000_000_000_000L;

  /** 2 s. */
  public static final long DEFAULT_MOST_BACKGROUND_WAIT_NANOS = 2 * Nanos.PER_SECOND;

  /** Half of the greatest significance. */
  public static final int DEFAULT_MAJOR_FROM = StateUpdate.MOST_SIGNIFICANT / 2;

  /** As many as assignments are retained. */
  public static final long DEFAULT_RETAINED_VERSIONS = 64;

  /** A day. */
  public static final long DEFAULT_LONGEST_STEP_NANOS = 86_400 * Nanos.PER_SECOND;

  /** What is used unless something else is said; no proofs are asked for. */
  public static final PropagationConfig DEFAULT =
      new PropagationConfig(
          DEFAULT_BUDGET_BYTES_PER_SECOND,
          DEFAULT_MOST_BACKGROUND_WAIT_NANOS,
          DEFAULT_MAJOR_FROM,
          DEFAULT_RETAINED_VERSIONS,
          DEFAULT_LONGEST_STEP_NANOS,
          Optional.empty());

  private static final Shape<ProofPolicy> PROOFS =
      Shape.of(
          "proof_policy",
          row -> {
            var valid = row.number("valid_nanos", ProofPolicy::validNanos);
            var ahead = row.number("ahead_nanos", ProofPolicy::aheadNanos);
            return v -> new ProofPolicy(valid.of(v), ahead.of(v));
          });

  static final Shape<PropagationConfig> SHAPE =
      Shape.of(
          "propagation_config",
          row -> {
            var budget =
                row.number("budget_bytes_per_second", PropagationConfig::budgetBytesPerSecond);
            var wait = row.number("most_wait_nanos", PropagationConfig::mostBackgroundWaitNanos);
            var majorFrom = row.number("major_from", PropagationConfig::majorFrom).narrow();
            var retained = row.number("retained_versions", PropagationConfig::retainedVersions);
            var step = row.number("longest_step_nanos", PropagationConfig::longestStepNanos);
            var proofs =
                row.value("proofs", PropagationConfig::proofs, Forms.optional(Forms.row(PROOFS)));
            return v ->
                new PropagationConfig(
                    budget.of(v),
                    wait.of(v),
                    majorFrom.intOf(v),
                    retained.of(v),
                    step.of(v),
                    proofs.of(v));
          });

  /** Refuses what is out of range with {@link IllegalArgumentException}. */
  public PropagationConfig {
    within("budgetBytesPerSecond", budgetBytesPerSecond, 1, MOST_BYTES_PER_SECOND);
    within("mostBackgroundWaitNanos", mostBackgroundWaitNanos, 0, Long.MAX_VALUE);
    within("majorFrom", majorFrom, 0, StateUpdate.MOST_SIGNIFICANT);
    within("retainedVersions", retainedVersions, 1, Long.MAX_VALUE);
    within("longestStepNanos", longestStepNanos, 1, Long.MAX_VALUE);
    Objects.requireNonNull(proofs, "proofs");
  }

  private static void within(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + "; " + least + " to " + most + " is accepted");
    }
  }

  /** The same with another budget for every target, in bytes a second. */
  public PropagationConfig withBudget(long bytesPerSecond) {
    return new PropagationConfig(
        bytesPerSecond,
        mostBackgroundWaitNanos,
        majorFrom,
        retainedVersions,
        longestStepNanos,
        proofs);
  }

  /** The same, with proofs asked for. */
  public PropagationConfig withProofs(ProofPolicy policy) {
    return new PropagationConfig(
        budgetBytesPerSecond,
        mostBackgroundWaitNanos,
        majorFrom,
        retainedVersions,
        longestStepNanos,
        Optional.of(policy));
  }

  /** The same, with nodes further behind than this sent everything. */
  public PropagationConfig withRetainedVersions(long versions) {
    return new PropagationConfig(
        budgetBytesPerSecond,
        mostBackgroundWaitNanos,
        majorFrom,
        versions,
        longestStepNanos,
        proofs);
  }

  /** The same, with other steps of the clock taken for plausible. */
  public PropagationConfig withLongestStep(Duration time) {
    long nanos = Nanos.of(time, "longestStep");
    return new PropagationConfig(
        budgetBytesPerSecond, mostBackgroundWaitNanos, majorFrom, retainedVersions, nanos, proofs);
  }
}
