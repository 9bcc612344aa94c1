package dev.stowage.deterministic;

import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import java.util.List;
import java.util.stream.IntStream;

/** The guard ids of one task, 0 to {@link #MAX_COUNT} of them, in order of evaluation. */
public record Guards(List<Integer> ids) {
  /** The greatest guard id. */
  public static final int MAX_ID = 1023;

  /** The most guards of one task. */
  public static final int MAX_COUNT = 8;

  /** No guard. */
  public static final Guards NONE = new Guards(List.of());

  static final Form<Guards> FORM = Forms.of(Forms.list(Forms.INT), Guards::new, Guards::ids);

  /** Throws {@code IllegalArgumentException} for an id out of range, or too many. */
  public Guards {
    ids = List.copyOf(ids);
    ids.forEach(Guards::requireValid);
    Bounds.between(ids.size(), 0, MAX_COUNT, "number of guards");
  }

  /** Returns guards in order; see the constructor for the errors. */
  public static Guards of(int... ids) {
    return new Guards(IntStream.of(ids).boxed().toList());
  }

  static void requireValid(int id) {
    Bounds.between(id, 0, MAX_ID, "guard id");
  }

  /** Returns the number of guards, 0 to {@value #MAX_COUNT}. */
  public int count() {
    return ids.size();
  }
}
