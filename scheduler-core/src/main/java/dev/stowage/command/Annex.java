package dev.stowage.command;

import dev.stowage.columns.NameRule;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.Arrays;
import java.util.Objects;

/**
 * Bytes of another package, encoded canonically, that are committed with a cycle; not copied, must
 * not be changed. The kind is owner and layout, for instance {@code rebalance/cooldowns/1}.
 */
public record Annex(String kind, byte[] content) {
  private static final Shape.Builder<Annex> FIELDS = Shape.named("annex");
  private static final ValueField<Annex, String> KIND =
      FIELDS
          .text("kind", Annex::kind)
          .atMost(NameRule.MAX_LENGTH, "characters", String::length)
          .checkedBy(NameRule::unstorable);
  private static final ValueField<Annex, byte[]> CONTENT =
      FIELDS
          .value("content", Annex::content, Forms.BYTES)
          .atMost(Command.Bounds.ANNEX_BYTES, "bytes", content -> content.length);

  /** The fields of an annex. */
  static final Shape<Annex> SHAPE = FIELDS.make(v -> new Annex(KIND.of(v), CONTENT.of(v)));

  /** Throws {@code NullPointerException} if a component is null. */
  public Annex {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(content, "content");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Annex that
        && kind.equals(that.kind)
        && Arrays.equals(content, that.content);
  }

  @Override
  public int hashCode() {
    return 31 * kind.hashCode() + Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return kind + " (" + content.length + " bytes)";
  }
}
