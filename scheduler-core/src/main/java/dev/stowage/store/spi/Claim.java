package dev.stowage.store.spi;

import dev.stowage.store.Lease;
import java.util.Objects;

/** The answer to a claim of the lease. */
public sealed interface Claim {
  /** The lease was granted; the caller closes the session. */
  record Granted(StoreSession session) implements Claim {
    /** Throws {@link NullPointerException} if null. */
    public Granted {
      Objects.requireNonNull(session, "session");
    }
  }

  /** Another process holds the lease, expired perhaps in mid-transaction; nothing was changed. */
  record Held(Lease lease) implements Claim {
    /** Throws {@link NullPointerException} if null. */
    public Held {
      Objects.requireNonNull(lease, "lease");
    }
  }
}
