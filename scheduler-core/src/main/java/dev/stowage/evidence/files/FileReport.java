package dev.stowage.evidence.files;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException.Damage;
import dev.stowage.evidence.Verification;
import java.util.List;
import java.util.Objects;

/**
 * The findings in an evidence file: the first {@value #DAMAGES_LISTED} places of damage, in order,
 * and the count of all. Unless {@code closed}, records may be missing at the end.
 */
public record FileReport(
    Verification verification,
    List<Damage> damages,
    long damageCount,
    long records,
    ChainPoint end,
    boolean closed) {
  /** The most damages that a report lists. */
  public static final int DAMAGES_LISTED = 100;

  /** Copies the list. */
  public FileReport {
    Objects.requireNonNull(verification, "verification");
    Objects.requireNonNull(end, "end");
    damages = List.copyOf(damages);
  }

  /** Reports whether the chain holds. */
  public boolean isIntact() {
    return verification.isIntact();
  }
}
