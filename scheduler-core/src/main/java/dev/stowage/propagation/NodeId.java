package dev.stowage.propagation;

import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;

/** The id of a node, an unsigned 64-bit number. */
public record NodeId(long value) implements Comparable<NodeId> {
  static final Form<NodeId> FORM = Forms.unsigned(NodeId::of, NodeId::value);

  /** Returns the node with this number. */
  public static NodeId of(long value) {
    return new NodeId(value);
  }

  @Override
  public int compareTo(NodeId other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return "node " + Long.toUnsignedString(value);
  }
}
