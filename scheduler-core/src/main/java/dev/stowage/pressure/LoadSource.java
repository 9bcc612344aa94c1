package dev.stowage.pressure;

/**
 * Where the governor's samples come from: one method, called by the governor at most once a period.
 */
@FunctionalInterface
public interface LoadSource {
  /** The inert twin: no signal is ever live. */
  LoadSource NONE = now -> LoadSignals.NONE;

  /** A sample at the caller's time. */
  LoadSignals sample(long nowNanos);
}
