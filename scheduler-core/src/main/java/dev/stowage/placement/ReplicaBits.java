package dev.stowage.placement;

/** The flags of a held replica in a {@link PlacementInput}: one state, and facts. */
public final class ReplicaBits {
  /** State: assigned to the worker, and wanted so far. */
  public static final int ASSIGNED = 0;

  /** State: dropped by an earlier plan; still held and, if confirmed, routed. */
  public static final int SUPERSEDED = 1;

  /** State: released, during its window. */
  public static final int DRAINING = 2;

  /** The bits of the state. */
  public static final int STATE_MASK = 3;

  /** The worker has proved that it has the bytes. */
  public static final int POSSESSED = 4;

  /** Portals are routed to it. */
  public static final int ROUTED = 8;

  /** Some portal may still ask for it. */
  public static final int READABLE = 16;

  /** Its bytes were missing too long: it does not count, and is superseded once replaced. */
  public static final int GIVEN_UP = 32;

  /** Missing, so not readable, and as if given up, but kept while its worker may still fetch it. */
  public static final int STALLED = GIVEN_UP | READABLE;

  private static final int MASK = 63;

  private ReplicaBits() {}

  static int checked(int bits) {
    if ((bits & ~MASK) != 0 || (bits & STATE_MASK) == 3) {
      throw new IllegalArgumentException(
          "replica bits are " + bits + "; constants of ReplicaBits of one state are accepted");
    }
    return bits;
  }
}
