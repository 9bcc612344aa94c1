package dev.stowage.content;

import dev.stowage.shape.Declare;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;

/** A rate in bytes per second with a burst in bytes after a pause, each at least 1. */
public record ByteRate(
    @Declare(least = 1) long bytesPerSecond, @Declare(least = 1) long burstBytes) {
  static final Shape<ByteRate> SHAPE = Shape.derived("rate", ByteRate.class);

  /** The form of a field that holds a rate. */
  static final Form<ByteRate> FORM = Forms.row(SHAPE);

  /** Throws {@link IllegalArgumentException} that names each number below 1. */
  public ByteRate(long bytesPerSecond, long burstBytes) {
    this.bytesPerSecond = bytesPerSecond;
    this.burstBytes = burstBytes;
    SHAPE.checked(this);
  }
}
