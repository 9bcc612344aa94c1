package dev.stowage.model;

import dev.stowage.columns.Utf8Order;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import org.jspecify.annotations.Nullable;

/** A dataset's id: 1 to 512 well-formed characters, no control characters, in UTF-8 order. */
public record DatasetId(String value) implements Comparable<DatasetId> {
  /** The form of an id: its text. */
  static final Form<DatasetId> FORM = Forms.text(DatasetId::of, DatasetId::value);

  /** Throws {@link IllegalArgumentException} if {@code value} cannot be a name. */
  public DatasetId {
    Names.checked(value, "dataset id");
  }

  /** Returns the id with this text. */
  public static DatasetId of(String value) {
    return new DatasetId(value);
  }

  @Override
  public int compareTo(DatasetId other) {
    return Utf8Order.compare(value, other.value);
  }

  // As generated, without its chain of method handles: a hot key of maps.
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof DatasetId it && value.equals(it.value));
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
