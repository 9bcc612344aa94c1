package dev.stowage;

import dev.stowage.store.Lease;
import java.util.Objects;

/** The answer to {@link Stowage#claim}: the granted lease, or another holder's. */
public record LeaseAnswer(boolean granted, Lease lease) {
  /** Throws {@link NullPointerException} if {@code lease} is null. */
  public LeaseAnswer {
    Objects.requireNonNull(lease, "lease");
  }
}
