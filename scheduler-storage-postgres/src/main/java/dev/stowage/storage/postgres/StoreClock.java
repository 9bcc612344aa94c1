package dev.stowage.storage.postgres;

import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The trusted clock in nanoseconds; a null {@code nanos} stands for the database's. */
record StoreClock(boolean isThere, @Nullable LongSupplier nanos) {
  static final StoreClock DATABASE = new StoreClock(true, null);
  static final StoreClock NONE = new StoreClock(false, null);

  static StoreClock of(LongSupplier nanos) {
    return new StoreClock(true, nanos);
  }

  OptionalLong read(long databaseNanos) {
    LongSupplier own = nanos;
    if (!isThere) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(own == null ? databaseNanos : own.getAsLong());
  }
}
