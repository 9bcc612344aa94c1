package dev.stowage.model;

import dev.stowage.columns.Utf8Order;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;

/** A portal's id: 1 to 512 well-formed characters, no control characters, in UTF-8 order. */
public record PortalId(String value) implements Comparable<PortalId> {
  static final Form<PortalId> FORM = Forms.text(PortalId::of, PortalId::value);

  /** Throws {@link IllegalArgumentException} if {@code value} cannot be a name. */
  public PortalId {
    Names.checked(value, "portal id");
  }

  /** Returns the id with this text. */
  public static PortalId of(String value) {
    return new PortalId(value);
  }

  @Override
  public int compareTo(PortalId other) {
    return Utf8Order.compare(value, other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
