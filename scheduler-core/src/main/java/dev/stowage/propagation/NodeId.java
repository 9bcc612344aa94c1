package dev.stowage.propagation;

import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;

/**
 * Who hears of something.
 *
 * @param value an unsigned number of 64 bits
 */
public record NodeId(long value) implements Comparable<NodeId> {
  static final Form<NodeId> FORM = Forms.unsigned(NodeId::of, NodeId::value);

  /** The node with this number. */
  public static NodeId of(long value) {
    return new NodeId(value);
  }

  /** Orders by the unsigned number. */
  @Override
  public int compareTo(NodeId other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return "node " + Long.toUnsignedString(value);
  }
}
