package dev.stowage;

import dev.stowage.store.Lease;
import java.util.Objects;

/**
 * The answer to {@link Stowage#claim}.
 *
 * @param granted whether this process leads now
 * @param lease the lease that was granted, or the one that somebody else holds
 */
public record LeaseAnswer(boolean granted, Lease lease) {
  /** Refuses null. */
  public LeaseAnswer {
    Objects.requireNonNull(lease, "lease");
  }
}
