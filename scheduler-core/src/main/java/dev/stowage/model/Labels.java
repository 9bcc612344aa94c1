package dev.stowage.model;

import dev.stowage.columns.NoNulls;
import dev.stowage.columns.Utf8Order;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * A set of labels, sorted and without repetition, so that equal sets are equal values.
 *
 * @param sorted the labels in UTF-8 order, each 1 to 512 characters without control characters
 */
public record Labels(List<String> sorted) {
  /** The empty set. */
  public static final Labels NONE = new Labels(List.of());

  /** The most labels that a worker offers or a chunk requires. */
  public static final int MOST = 256;

  /** The form of a set of labels. */
  static final Form<Labels> FORM = Forms.of(Forms.list(Forms.TEXT), Labels::copyOf, Labels::sorted);

  /** Sorts the labels; throws {@link IllegalArgumentException} if one cannot be a name. */
  public Labels {
    TreeSet<String> labels = new TreeSet<>(Utf8Order.COMPARATOR);
    for (String label : NoNulls.in(sorted, "sorted")) {
      labels.add(Names.checked(label, "label"));
    }
    sorted = List.copyOf(labels);
  }

  /** Returns the set of these labels. */
  public static Labels of(String... labels) {
    return copyOf(Arrays.asList(Objects.requireNonNull(labels, "labels")));
  }

  /** Returns the set of these labels. */
  public static Labels copyOf(Collection<String> labels) {
    return NoNulls.in(labels, "labels").isEmpty() ? NONE : new Labels(List.copyOf(labels));
  }

  /** Reports whether this set has every label of {@code required}. */
  public boolean containsAll(Labels required) {
    return required.sorted.isEmpty() || sorted.containsAll(required.sorted);
  }

  /** Reports whether the set is empty. */
  public boolean isEmpty() {
    return sorted.isEmpty();
  }

  /** Returns the labels joined by {@code ;}. */
  @Override
  public String toString() {
    return String.join(";", sorted);
  }
}
