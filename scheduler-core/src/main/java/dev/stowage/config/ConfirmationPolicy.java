package dev.stowage.config;

import dev.stowage.shape.Declare;
import dev.stowage.shape.Means;

/**
 * The rule of confirmation (lifecycle design, section 2): -1 if each worker confirms for itself, or
 * the percentage of counted workers that must have applied an assignment, 0 to 100.
 */
public record ConfirmationPolicy(
    @Declare(name = "confirmation", least = 0, most = 100, word = "per-worker", orElse = PER_WORKER)
        @Means("each worker confirms for itself, or a percentage of them for all")
        int quorumPercent) {
  static final int PER_WORKER = -1;

  /** Returns the policy in which each worker confirms for itself: possessed is confirmed. */
  public static ConfirmationPolicy perWorker() {
    return new ConfirmationPolicy(PER_WORKER);
  }

  /** Returns the policy whose watermark confirms for every caught-up worker; 0 to 100 percent. */
  public static ConfirmationPolicy quorum(int percent) {
    return new ConfirmationPolicy(percent);
  }

  /** Reports whether each worker confirms for itself. */
  public boolean isPerWorker() {
    return quorumPercent < 0;
  }
}
