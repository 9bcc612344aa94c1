package dev.stowage.pressure;

/** A source of load samples, called by a governor at most once a period. */
@FunctionalInterface
public interface LoadSource {
  /** A source without live signals. */
  LoadSource NONE = now -> LoadSignals.NONE;

  /** Returns a sample at {@code nowNanos}. */
  LoadSignals sample(long nowNanos);
}
