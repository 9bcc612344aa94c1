package dev.stowage.engine;

/** How a service stands what the host's log and the host's failures throw of their own. */
public final class Quietly {
  private Quietly() {}

  /** Host code names its failures, and may fail at that too. */
  public static String textOf(Throwable failure) {
    try {
      return failure.toString();
    } catch (Throwable e) {
      return failure.getClass().getName();
    }
  }

  /** Runs what may fail and must stop nothing. */
  public static void run(Runnable logging) {
    try {
      logging.run();
    } catch (Throwable e) {
      // What could not be logged is shown all the same.
    }
  }
}
