package dev.stowage.placement;

/** The flags of a chunk in a {@link PlacementInput}, combined with {@code |}. */
public final class ChunkBits {
  /** Portals see the chunk. */
  public static final int VISIBLE = 1;

  /** A worker assignment has named the chunk; without this flag the chunk is new. */
  public static final int ESTABLISHED = 2;

  /** Marked for removal or dropped: not moved, grown or re-replicated; its bytes count. */
  public static final int PINNED = 4;

  /** Some worker has possessed the chunk; the deletion rule guards its last bytes. */
  public static final int ONCE_POSSESSED = 8;

  /** Recently moved by an intent; leveling does not move it. */
  public static final int COOLING = 16;

  /** To be replaced by a pending swap: keeps its floor, does not grow, counts for no level. */
  public static final int ENDING = 32;

  /** Above its former floor: what its floor lacks is a raise, and no repair. */
  public static final int RAISING = 64;

  private static final int MASK = 127;

  private ChunkBits() {}

  /** Reports whether so few copies of a chunk are possessed that it could be lost soon. */
  public static boolean isAtRisk(int possessed, int floor) {
    return possessed < floor && (possessed <= 1 || 2 * possessed < floor);
  }

  static int checked(int bits) {
    if ((bits & ~MASK) != 0) {
      throw new IllegalArgumentException(
          "chunk bits are " + bits + "; a sum of constants of ChunkBits is accepted");
    }
    return bits;
  }
}
