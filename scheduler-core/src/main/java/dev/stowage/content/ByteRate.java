package dev.stowage.content;

import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;

/** A rate in bytes per second with a burst in bytes after a pause, each at least 1. */
public record ByteRate(long bytesPerSecond, long burstBytes) {
  private static final Shape<ByteRate> SHAPE =
      Shape.of(
          "rate",
          row -> {
            var rate = row.number("bytes_per_second", ByteRate::bytesPerSecond).atLeast(1);
            var burst = row.number("burst_bytes", ByteRate::burstBytes).atLeast(1);
            return v -> new ByteRate(rate.of(v), burst.of(v));
          });

  /** The form of a field that holds a rate. */
  static final Form<ByteRate> FORM = Forms.row(SHAPE);

  /** Throws {@link IllegalArgumentException} that names each number below 1. */
  public ByteRate(long bytesPerSecond, long burstBytes) {
    this.bytesPerSecond = bytesPerSecond;
    this.burstBytes = burstBytes;
    SHAPE.checked(this);
  }
}
