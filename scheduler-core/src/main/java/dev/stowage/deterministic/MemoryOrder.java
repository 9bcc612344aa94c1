package dev.stowage.deterministic;

/**
 * The order a {@link Shared} value or {@link SharedCounter} declares, and the access modes it maps
 * to. Every operation is legal under every order.
 *
 * <table>
 *   <caption>Modes of the underlying variable handle</caption>
 *   <tr><th>order</th><th>load</th><th>store</th><th>read and write</th></tr>
 *   <tr><td>SEQ_CST</td><td>volatile</td><td>volatile</td><td>volatile</td></tr>
 *   <tr><td>ACQ_REL</td><td>acquire</td><td>release</td><td>volatile: no mode has both halves
 *       alone</td></tr>
 *   <tr><td>RELAXED</td><td>opaque</td><td>opaque</td><td>plain compare-and-set, repeated</td></tr>
 * </table>
 */
public enum MemoryOrder {
  /** One total order over all such operations. Level 0. */
  SEQ_CST,
  /** A load sees everything before the store it reads from. Level 1. */
  ACQ_REL,
  /** Atomic and per-variable coherent, nothing else. Level 2. */
  RELAXED;

  /** The published number of this order, 0 to 2. */
  public int level() {
    return ordinal();
  }
}
