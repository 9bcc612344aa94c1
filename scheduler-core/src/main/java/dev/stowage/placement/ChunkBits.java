package dev.stowage.placement;

/** The flags of a chunk in a {@link PlacementInput}, to be combined with {@code |}. */
public final class ChunkBits {
  /** Portals see the chunk. */
  public static final int VISIBLE = 1;

  /** A worker assignment has named the chunk before; without it the chunk is new. */
  public static final int ESTABLISHED = 2;

  /** Marked for removal or dropped: not moved, not grown, not re-replicated; its bytes count. */
  public static final int PINNED = 4;

  /** Some worker has possessed the chunk at some time; the deletion rule guards its last bytes. */
  public static final int ONCE_POSSESSED = 8;

  /** Recently moved by an intent: leveling leaves it where it is. */
  public static final int COOLING = 16;

  /**
   * A pending swap will replace it: it keeps its floor, but earns nothing more, is not leveled, and
   * its bytes weigh on no level, so that its replacement goes where it makes room.
   */
  public static final int ENDING = 32;

  private static final int MASK = 63;

  private ChunkBits() {}

  static int checked(int bits) {
    if ((bits & ~MASK) != 0) {
      throw new IllegalArgumentException("chunk bits are " + bits + "; see ChunkBits");
    }
    return bits;
  }
}
