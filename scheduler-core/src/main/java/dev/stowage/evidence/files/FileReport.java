package dev.stowage.evidence.files;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException.Damage;
import dev.stowage.evidence.Verification;
import java.util.List;
import java.util.Objects;

/**
 * What reading all of an evidence file showed.
 *
 * @param verification whether the chain holds; if not, the first bad record
 * @param damages the first {@value #DAMAGES_LISTED} places where the file is not what was written,
 *     in file order
 * @param damageCount how many such places there are
 * @param records whole records read
 * @param end the point behind the last whole record
 * @param closed whether the writer closed the file; if not, records may be missing at the end,
 *     which only a head known from elsewhere can tell
 */
public record FileReport(
    Verification verification,
    List<Damage> damages,
    long damageCount,
    long records,
    ChainPoint end,
    boolean closed) {
  /** Damages that a report lists at most. */
  public static final int DAMAGES_LISTED = 100;

  /** Copies the list. */
  public FileReport {
    Objects.requireNonNull(verification, "verification");
    Objects.requireNonNull(end, "end");
    damages = List.copyOf(damages);
  }

  /** Whether every record is there and follows from the one before. */
  public boolean isIntact() {
    return verification.isIntact();
  }
}
