package dev.stowage.pressure;

/** The remaining share of a resource, 0 (nothing) to 1 (all); NaN and infinities read as 0. */
public record Headroom(float value) {
  /** Clamps {@code value} to 0 to 1; NaN and the infinities become 0. */
  public Headroom {
    if (!Float.isFinite(value)) {
      value = 0.0f;
    }
    value = Math.max(0.0f, Math.min(1.0f, value)) + 0.0f;
  }

  /** The tightness of a headroom. */
  public enum Level {
    /** More than seven eighths remain. */
    NORMAL,
    /** More than five eighths remain. */
    LIGHT,
    /** More than three eighths remain. */
    MODERATE,
    /** More than one eighth remains. */
    HEAVY,
    /** One eighth or less remains. */
    EMERGENCY
  }

  /** Returns the level; a value exactly at a bound has the tighter level. */
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
