package dev.stowage.sim.filestore;

import dev.stowage.store.Lease;
import org.jspecify.annotations.Nullable;

/**
 * Who leads, and until when. An extension stays here: no other process sees the lease while this
 * one lives, so the journal need not know. It is this object's monitor that guards it, not the turn
 * of the store: a renewal waits for no transaction.
 */
final class LiveLease {
  private @Nullable Lease held;
  private long writing;

  synchronized @Nullable Lease held() {
    return held;
  }

  synchronized void set(@Nullable Lease lease) {
    held = lease;
  }

  /** What the journal has, or more where it was extended since. */
  synchronized void found(@Nullable Lease journalled) {
    Lease known = held;
    if (journalled == null || known == null || known.epoch() != journalled.epoch()) {
      held = journalled;
    }
  }

  synchronized void extend(Lease mine, long end) {
    if (mine.expiresAtNanos() < end) {
      held = new Lease(mine.holder(), mine.epoch(), mine.lineage(), end);
    }
  }

  /** A transaction of this epoch has begun; 0 where it has ended. */
  synchronized void writing(long epoch) {
    writing = epoch;
  }

  synchronized boolean isWriting(Lease lease) {
    return writing == lease.epoch();
  }
}
