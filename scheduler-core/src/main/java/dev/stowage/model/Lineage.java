package dev.stowage.model;

import dev.stowage.columns.RandomToken;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import org.jspecify.annotations.Nullable;

/**
 * An unbroken history of a store, named by any token that the host's seam draws. A store that may
 * have lost commits starts another lineage, which keeps reports of the lost tail apart.
 */
public record Lineage(long token) {
  /** The form of a lineage: its token. */
  static final Form<Lineage> FORM = Forms.number(Lineage::of, Lineage::token);

  /** Returns the lineage with this token. */
  public static Lineage of(long token) {
    return new Lineage(token);
  }

  /** Returns a lineage with a random token, another one in every run. */
  public static Lineage drawn() {
    return new Lineage(RandomToken.draw());
  }

  // As generated, without its chain of method handles: a hot key of maps.
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof Lineage it && token == it.token);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(token);
  }

  @Override
  public String toString() {
    return String.format(java.util.Locale.ROOT, "%016x", token);
  }
}
