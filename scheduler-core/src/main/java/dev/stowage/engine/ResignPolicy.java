package dev.stowage.engine;

import dev.stowage.columns.Nanos;
import java.time.Duration;

/** Decides in turns, as the clock is in doubt, when a leader resigns. Belongs to the turn. */
public final class ResignPolicy {
  public static final int MOST_LEASES = 3;

  private final long patience;
  private final long pause;
  private long fruitless;
  private long aside;

  public ResignPolicy(Duration lease, Duration turnEvery) {
    this.patience = turns(lease, turnEvery) * MOST_LEASES + 1;
    this.pause = turns(lease.dividedBy(3), turnEvery) + 1;
  }

  private static long turns(Duration what, Duration turnEvery) {
    long pauses = Nanos.saturated(what) / Math.max(1, Nanos.saturated(turnEvery));
    return Math.max(1, Math.min(pauses, Long.MAX_VALUE / (MOST_LEASES + 1)));
  }

  public void succeeded() {
    fruitless = 0;
  }

  public boolean failed() {
    fruitless++;
    if (fruitless < patience) {
      return false;
    }
    fruitless = 0;
    aside = pause;
    return true;
  }

  public boolean standsAside() {
    if (aside == 0) {
      return false;
    }
    aside--;
    return true;
  }
}
