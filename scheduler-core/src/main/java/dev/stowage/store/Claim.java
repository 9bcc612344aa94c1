package dev.stowage.store;

import java.util.Objects;

/** The answer to a claim of the lease. */
public sealed interface Claim {
  /**
   * The lease is the caller's.
   *
   * @param session what it opens; the caller closes it
   */
  record Granted(StoreSession session) implements Claim {
    /** Refuses null. */
    public Granted {
      Objects.requireNonNull(session, "session");
    }
  }

  /**
   * Somebody else holds it; nothing was changed.
   *
   * @param lease who, and until when; that may be over where its holder is in mid-transaction
   */
  record Held(Lease lease) implements Claim {
    /** Refuses null. */
    public Held {
      Objects.requireNonNull(lease, "lease");
    }
  }
}
