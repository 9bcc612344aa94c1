package dev.stowage.rebalance.scoring;

/** Calls of a scorer that are made together. */
abstract class ScorerWork implements Runnable {
  final ScorerCalls calls;
  private volatile boolean givenUp;
  private volatile boolean over;

  ScorerWork(ScorerCalls calls) {
    this.calls = calls;
  }

  @Override
  public final void run() {
    try {
      work();
    } finally {
      over = true;
    }
  }

  abstract void work();

  final boolean goesOn() {
    return !givenUp && !calls.isOver();
  }

  final boolean isOver() {
    return over;
  }

  final void giveUp() {
    givenUp = true;
  }
}
