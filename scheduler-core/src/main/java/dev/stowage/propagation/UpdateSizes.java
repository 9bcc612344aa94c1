package dev.stowage.propagation;

/**
 * How large an update is at each quality.
 *
 * @param best bytes at quality 0, at least 0
 * @param good bytes at quality 1, at least 0
 * @param fair bytes at quality 2, at least 0
 * @param poor bytes at quality 3, at least 0
 */
public record UpdateSizes(long best, long good, long fair, long poor) {
  /** Nothing at all. */
  public static final UpdateSizes NONE = of(0);

  /** Refuses a size below 0 with {@link IllegalArgumentException}. */
  public UpdateSizes {
    if (best < 0 || good < 0 || fair < 0 || poor < 0) {
      throw new IllegalArgumentException(
          "sizes are " + best + ", " + good + ", " + fair + ", " + poor + " bytes; at least 0");
    }
  }

  /** The same size at every quality, in bytes, at least 0. */
  public static UpdateSizes of(long bytes) {
    return new UpdateSizes(bytes, bytes, bytes, bytes);
  }

  /** The bytes at a quality, 0 to {@value PropagationDecision#WORST_QUALITY}. */
  public long bytes(int quality) {
    return switch (quality) {
      case 0 -> best;
      case 1 -> good;
      case 2 -> fair;
      default -> poor;
    };
  }
}
