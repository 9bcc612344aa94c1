package dev.stowage.pressure;

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
  /** After backpressure or a refusal, work should not be offered again for this long: 100 ms. */
  public static final long RETRY_AFTER_NANOS = 100 * Nanos.PER_MILLISECOND;

  private final LoadGovernor governor;
  private final PeerHints peers;
  private ResourceEnvelope granted = ResourceEnvelope.NOTHING;

  /** Admission on top of a governor; hints come from {@code peers}. */
  public EnvelopeAdmission(LoadGovernor governor, PeerHints peers) {
    this.governor = Objects.requireNonNull(governor, "governor");
    this.peers = Objects.requireNonNull(peers, "peers");
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
      Optional<PeerHints.Relief> relief) {}

  /** Asks for the default envelope. */
  public Answer admit(long nowNanos) {
    LoadDecision decision = governor.decide(nowNanos);
    ResourceEnvelope envelope =
        isUnderPressure(decision) ? ResourceEnvelope.REDUCED : ResourceEnvelope.DEFAULT;
    return answer(decision, envelope, nowNanos);
  }

  /** Asks for an envelope. */
  public Answer admit(ResourceEnvelope requested, long nowNanos) {
    LoadDecision decision = governor.decide(nowNanos);
    return answer(decision, isUnderPressure(decision) ? requested.halved() : requested, nowNanos);
  }

  /**
   * Gives a grant back.
   *
   * @throws IllegalArgumentException if more is given back than was granted
   */
  public void release(ResourceEnvelope grant) {
    granted = granted.minus(grant);
  }

  /** What all grants together may use now. */
  public ResourceEnvelope granted() {
    return granted;
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
        pressure ? peers.relief(nowNanos) : Optional.empty());
  }

  private static boolean isUnderPressure(LoadDecision decision) {
    return decision.outcome() != LoadDecision.Outcome.ADMIT;
  }
}
