package dev.stowage.model;

import dev.stowage.columns.RandomToken;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;

/**
 * One unbroken history of a store. A store that may have lost commits starts another lineage, so
 * that reports and chunk numbers of the lost tail never pass for those of the new one.
 *
 * @param token drawn by the host's seam, random by default; any value
 */
public record Lineage(long token) {
  /** The form of a lineage: its token. */
  public static final Form<Lineage> FORM = Forms.number(Lineage::of, Lineage::token);

  /** The lineage with this token. */
  public static Lineage of(long token) {
    return new Lineage(token);
  }

  /** A lineage that no fleet has had: its token is random, in every run another one. */
  public static Lineage drawn() {
    return new Lineage(RandomToken.draw());
  }

  @Override
  public String toString() {
    return String.format(java.util.Locale.ROOT, "%016x", token);
  }
}
