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
    this.patience = turns(lease, MOST_LEASES, turnEvery);
    this.pause = turns(lease.dividedBy(3), 1, turnEvery);
  }

  /** As many pauses as last so long; two at least, so that another process has one between them. */
  private static long turns(Duration what, int times, Duration turnEvery) {
    return Math.max(2, what.multipliedBy(times).dividedBy(turnEvery) + 1);
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
