package dev.stowage.propagation;

import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;

/**
 * Who hears of something.
 *
 * @param value an unsigned number of 64 bits
 */
public record NodeId(long value) implements Comparable<NodeId> {
  /** The node with this number. */
  public static NodeId of(long value) {
    return new NodeId(value);
  }

  /** The node that a worker is: 64 bits of a digest of its id. */
  public static NodeId of(WorkerId worker) {
    return new NodeId(Digest64.of("worker", worker.value()));
  }

  /** The node that a portal is: 64 bits of a digest of its id. */
  public static NodeId of(PortalId portal) {
    return new NodeId(Digest64.of("portal", portal.value()));
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
