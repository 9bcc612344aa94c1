package dev.stowage.lifecycle;

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
