package dev.stowage.rebalance;

/**
 * How much may be under way at once; a chunk has at most one move under way.
 *
 * @param inFlight moves in all, at least 1
 * @param intoWorker moves into one worker, at least 1
 * @param offWorker moves off one worker, at least 1
 * @param bytesPerSecond bytes of moves begun per second, at least 1
 * @param burstBytes bytes that may begin at once, at least 1; a larger move waits until all of them
 *     are there, and is then paid for by those that come
 */
public record MoveBudget(
    int inFlight, int intoWorker, int offWorker, long bytesPerSecond, long burstBytes) {
  /** 16 in all, 2 into and 2 off a worker, any bytes. */
  public static final MoveBudget DEFAULT = new MoveBudget(16, 2, 2, Long.MAX_VALUE, Long.MAX_VALUE);

  /** Refuses bounds below 1. */
  public MoveBudget {
    if (inFlight < 1 || intoWorker < 1 || offWorker < 1 || bytesPerSecond < 1 || burstBytes < 1) {
      throw new IllegalArgumentException(
          "budget is "
              + inFlight
              + ", "
              + intoWorker
              + ", "
              + offWorker
              + ", "
              + bytesPerSecond
              + ", "
              + burstBytes
              + "; at least 1 of each is accepted");
    }
  }

  /** This budget with other bytes. */
  public MoveBudget withBytes(long perSecond, long burst) {
    return new MoveBudget(inFlight, intoWorker, offWorker, perSecond, burst);
  }

  /** This budget with other numbers of moves: in all, into one worker, off one worker. */
  public MoveBudget withMoves(int inAll, int into, int off) {
    return new MoveBudget(inAll, into, off, bytesPerSecond, burstBytes);
  }
}
