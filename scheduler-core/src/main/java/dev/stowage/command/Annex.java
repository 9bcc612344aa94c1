package dev.stowage.command;

import dev.stowage.columns.NameRule;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;
import java.util.Arrays;
import java.util.Objects;

/**
 * Bytes of another package, encoded canonically, that are committed with a cycle; not copied, must
 * not be changed. The kind is owner and layout, for instance {@code rebalance/cooldowns/1}.
 */
public record Annex(
    @Declare(most = NameRule.MAX_LENGTH, unit = "characters") String kind,
    @Declare(most = Command.Bounds.ANNEX_BYTES, unit = "bytes") byte[] content) {
  /** The fields of an annex. */
  static final Shape<Annex> SHAPE =
      Shape.derived(
          "annex", Annex.class, row -> row.<String>value("kind").checkedBy(NameRule::unstorable));

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
