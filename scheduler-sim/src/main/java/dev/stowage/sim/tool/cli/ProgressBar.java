package dev.stowage.sim.tool.cli;

import java.io.PrintWriter;
import java.util.function.LongSupplier;

/** A line redrawn on a terminal, at most ten times a second, first after half a second. */
final class ProgressBar implements ProgressListener {
  private static final long BETWEEN_NANOS = 100_000_000L;
  private static final long FIRST_AFTER_NANOS = 500_000_000L;
  private static final int CELLS = 30;
  private static final int WIDTH = 78;

  private final PrintWriter terminal;
  private final LongSupplier nanos;
  private long nextAt;
  private boolean drawn;

  /** Creates a bar; {@code nanos} counts nanoseconds since an arbitrary time. */
  ProgressBar(PrintWriter terminal, LongSupplier nanos) {
    this.terminal = terminal;
    this.nanos = nanos;
    nextAt = nanos.getAsLong() + FIRST_AFTER_NANOS;
  }

  @Override
  public void at(double share, String doing) {
    long now = nanos.getAsLong();
    if (now - nextAt < 0) {
      return;
    }
    nextAt = now + BETWEEN_NANOS;
    drawn = true;
    double bounded = Math.min(1, Math.max(0, share));
    int full = (int) Math.round(bounded * CELLS);
    String line =
        "["
            + "#".repeat(full)
            + ".".repeat(CELLS - full)
            + "] "
            + Math.round(bounded * 100)
            + " % "
            + doing;
    String cut = line.length() > WIDTH ? line.substring(0, WIDTH) : line;
    terminal.print("\r" + cut + " ".repeat(WIDTH - cut.length()));
    terminal.flush();
  }

  @Override
  public void close() {
    if (drawn) {
      terminal.print("\r" + " ".repeat(WIDTH) + "\r");
      terminal.flush();
    }
  }
}
