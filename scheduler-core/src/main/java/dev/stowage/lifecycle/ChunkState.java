package dev.stowage.lifecycle;

/** The states of a chunk (lifecycle design, section 1); a removal mark is a flag beside them. */
public enum ChunkState {
  /** Written through {@code offer}, not admitted yet. */
  OFFERED,
  /** Lost at admission. */
  REJECTED,
  /** Owns its range; portals do not see it yet. */
  ADMITTED,
  /** Portals see it. */
  VISIBLE,
  /** Portals no longer see it; its window runs. */
  DROPPED,
  /** Its replicas are gone; an audit trail. */
  TOMBSTONE;

  private static final ChunkState[] BY_CODE = values();

  /**
   * The state with this code.
   *
   * @throws IllegalArgumentException if none has it
   */
  public static ChunkState of(int code) {
    return BY_CODE[code];
  }

  /** Whether the state is live when no removal mark stands on the chunk. */
  public boolean isLive() {
    return this == ADMITTED || this == VISIBLE;
  }
}
