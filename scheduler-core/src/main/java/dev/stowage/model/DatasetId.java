package dev.stowage.model;

import dev.stowage.columns.Utf8Order;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;

/**
 * A dataset: a named, ordered space of blocks from 0 to {@link Long#MAX_VALUE}.
 *
 * @param value 1 to 512 characters, well-formed, no control characters; compared by UTF-8 bytes
 */
public record DatasetId(String value) implements Comparable<DatasetId> {
  /** The form of an id: its text. */
  public static final Form<DatasetId> FORM = Forms.text(DatasetId::of, DatasetId::value);

  /** Refuses what cannot be a name with {@link IllegalArgumentException}. */
  public DatasetId {
    Names.checked(value, "dataset id");
  }

  /** The id that {@code value} names. */
  public static DatasetId of(String value) {
    return new DatasetId(value);
  }

  @Override
  public int compareTo(DatasetId other) {
    return Utf8Order.compare(value, other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
