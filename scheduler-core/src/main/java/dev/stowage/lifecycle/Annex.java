package dev.stowage.lifecycle;

import dev.stowage.columns.NameRule;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.Arrays;
import java.util.Objects;

/**
 * What another package must not lose, committed with a cycle: cooldowns, moves in flight, the head
 * of the evidence. Opaque here; its owner encodes it canonically.
 *
 * @param kind names the owner and the layout, for instance {@code rebalance/cooldowns/1}
 * @param content the bytes; not copied, must not be changed
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

  /** The fields of what is kept. */
  public static final Shape<Annex> SHAPE = FIELDS.make(v -> new Annex(KIND.of(v), CONTENT.of(v)));

  /** Refuses nulls. */
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
