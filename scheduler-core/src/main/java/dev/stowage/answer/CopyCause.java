package dev.stowage.answer;

import java.util.Locale;

/** The cause of a copy that is assigned and not possessed, read from the state of its chunk. */
public enum CopyCause {
  /** Its chunk was never possessed. */
  NEW,
  /** Its chunk has fewer copies than its floor. */
  FLOOR,
  /** A copy of its chunk is to go off a worker that is to leave. */
  LEAVE,
  /** Another copy of its chunk is to go: a move. */
  MOVE,
  /** Its chunk has enough copies, and none is to go. */
  GROWTH,
  /** The floor of its chunk was raised, and it has its former one. */
  RAISE;

  /** Returns the name in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
