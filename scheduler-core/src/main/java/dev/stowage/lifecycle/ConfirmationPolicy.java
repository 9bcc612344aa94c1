package dev.stowage.lifecycle;

/**
 * When a replica counts as confirmed (lifecycle design, section 2).
 *
 * @param quorumPercent -1: each worker confirms for itself; 0 to 100: the share of counted workers
 *     that must have applied an assignment
 */
public record ConfirmationPolicy(int quorumPercent) {
  static final int PER_WORKER = -1;

  /** Each worker confirms for itself; confirmed and possessed are the same. */
  public static ConfirmationPolicy perWorker() {
    return new ConfirmationPolicy(PER_WORKER);
  }

  /** The watermark confirms for every worker that has caught up; 0 to 100 percent. */
  public static ConfirmationPolicy quorum(int percent) {
    return new ConfirmationPolicy(percent);
  }

  /** Whether each worker confirms for itself. */
  public boolean isPerWorker() {
    return quorumPercent < 0;
  }
}
