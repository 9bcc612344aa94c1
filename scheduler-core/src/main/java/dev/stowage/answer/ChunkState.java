package dev.stowage.answer;

/** The states of a chunk (lifecycle design, section 1); a removal mark is a flag beside them. */
public enum ChunkState {
  /** Written through {@code offer}, not admitted yet. */
  OFFERED,
  /** Lost at admission. */
  REJECTED,
  /** Owns its range; portals do not see it yet. */
  ADMITTED,
  /** Visible to portals. */
  VISIBLE,
  /** No longer visible to portals; its drain window runs. */
  DROPPED,
  /** Its replicas are gone; the row stays as an audit trail. */
  TOMBSTONE;

  private static final ChunkState[] BY_CODE = values();

  /** Returns the state with this code; throws {@code IndexOutOfBoundsException} for others. */
  public static ChunkState of(int code) {
    return BY_CODE[code];
  }

  /** Reports whether a chunk in this state is live if it has no removal mark. */
  public boolean isLive() {
    return this == ADMITTED || this == VISIBLE;
  }
}
