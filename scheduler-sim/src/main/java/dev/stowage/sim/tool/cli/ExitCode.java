package dev.stowage.sim.tool.cli;

/** The exit codes of the program (simulation design, section 4). */
public final class ExitCode {
  /** All is well. */
  public static final int OK = 0;

  /** The command line itself: an unknown option, a bad value. */
  public static final int USAGE = 1;

  /** Input missing, unreadable or malformed; output not writable; a database unreachable. */
  public static final int INPUT = 2;

  /** An invariant violated, an expectation failed, a difference found; a bug of ours. */
  public static final int VIOLATION = 3;

  /** Something stays short: the files are written all the same. */
  public static final int INFEASIBLE = 4;

  /** A request waits for a leader's reply. */
  public static final int PENDING = 5;

  /** Interrupted, as a shell shows it: 128 and the number of the signal. */
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
