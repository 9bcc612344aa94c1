package dev.stowage.engine;

/** Guards a service against exceptions of the host's log and of host failures' own methods. */
public final class BestEffort {
  private BestEffort() {}

  // Host failures may throw from getMessage().
  public static String textOf(Throwable failure) {
    try {
      return failure.toString();
    } catch (Throwable e) {
      return failure.getClass().getName();
    }
  }

  public static void run(Runnable logging) {
    try {
      logging.run();
    } catch (Throwable e) {
      // The status shows what could not be logged.
    }
  }
}
