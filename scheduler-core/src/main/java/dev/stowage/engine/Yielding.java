package dev.stowage.engine;

import java.time.Duration;

/**
 * Says when a leader that comes to nothing gives its lease back, and for how long it stands aside
 * then. A process with a wrong clock would renew its lease for ever, and keep one whose clock is
 * right from leading.
 *
 * <p>Counted in turns: the clock of the host is the first to be doubted. Belongs to whoever takes
 * the turn.
 */
public final class Yielding {
  /** For how many leases in a row a leader may come to nothing. */
  public static final int MOST_LEASES = 3;

  private static final Duration MOST = Duration.ofNanos(Long.MAX_VALUE);

  private final long patience;
  private final long pause;
  private long fruitless;
  private long aside;

  /**
   * One that has seen no turn.
   *
   * @param lease how long a lease lasts
   * @param turnEvery the pause between two turns
   */
  public Yielding(Duration lease, Duration turnEvery) {
    this.patience = turns(lease, turnEvery) * MOST_LEASES + 1;
    this.pause = turns(lease.dividedBy(3), turnEvery) + 1;
  }

  /** As many pauses as last so long, as far as that can be counted; one at least. */
  private static long turns(Duration what, Duration turnEvery) {
    long pauses = nanos(what) / Math.max(1, nanos(turnEvery));
    return Math.max(1, Math.min(pauses, Long.MAX_VALUE / (MOST_LEASES + 1)));
  }

  /** As many as nanoseconds count: some 292 years. */
  private static long nanos(Duration pause) {
    return pause.compareTo(MOST) > 0 ? Long.MAX_VALUE : pause.toNanos();
  }

  /** A turn did what turns are for, or somebody else leads. */
  public void succeeded() {
    fruitless = 0;
  }

  /** A turn of the leader came to nothing; whether the lease is to be given back. */
  public boolean failed() {
    fruitless++;
    if (fruitless < patience) {
      return false;
    }
    fruitless = 0;
    aside = pause;
    return true;
  }

  /** A turn without the lease begins: whether it leaves the lease to others. */
  public boolean standsAside() {
    if (aside == 0) {
      return false;
    }
    aside--;
    return true;
  }
}
