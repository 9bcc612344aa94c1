package dev.stowage.pressure;

/**
 * What is left, as one number: 1 is all of it, 0 nothing. What is not a number, or infinite, reads
 * as nothing left.
 *
 * @param value 0 to 1
 */
public record Headroom(float value) {
  /** Reads NaN and the infinities as 0 and brings everything else into 0 to 1. */
  public Headroom {
    if (!Float.isFinite(value)) {
      value = 0.0f;
    }
    value = Math.max(0.0f, Math.min(1.0f, value)) + 0.0f;
  }

  /** How tight it is. */
  public enum Level {
    /** More than seven eighths is left. */
    NORMAL,
    /** More than five eighths is left. */
    LIGHT,
    /** More than three eighths is left. */
    MODERATE,
    /** More than one eighth is left. */
    HEAVY,
    /** One eighth or less is left. */
    EMERGENCY
  }

  /** The level; exactly at a bound it is the tighter one. */
  public Level level() {
    if (value > 0.875f) {
      return Level.NORMAL;
    }
    if (value > 0.625f) {
      return Level.LIGHT;
    }
    if (value > 0.375f) {
      return Level.MODERATE;
    }
    return value > 0.125f ? Level.HEAVY : Level.EMERGENCY;
  }
}
