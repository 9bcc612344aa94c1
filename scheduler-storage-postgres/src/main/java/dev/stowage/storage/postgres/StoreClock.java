package dev.stowage.storage.postgres;

import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The clock that a fleet trusts to say how much time has passed: that of the database, unless its
 * host says otherwise.
 *
 * @param isThere whether there is one
 * @param nanos the host's; null for that of the database
 */
record StoreClock(boolean isThere, @Nullable LongSupplier nanos) {
  static final StoreClock DATABASE = new StoreClock(true, null);
  static final StoreClock NONE = new StoreClock(false, null);

  static StoreClock of(LongSupplier nanos) {
    return new StoreClock(true, nanos);
  }

  /** What it shows, where the database's shows this. */
  OptionalLong read(long databaseNanos) {
    LongSupplier own = nanos;
    if (!isThere) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(own == null ? databaseNanos : own.getAsLong());
  }
}
