package dev.stowage.sim.tool.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import picocli.CommandLine;

/**
 * Where a command prints, and the clock that tells how long it took.
 *
 * @param out results
 * @param err complaints and progress
 * @param isTerminal whether a person is watching
 * @param nanos nanoseconds from anywhere, never running back
 */
record Console(PrintWriter out, PrintWriter err, boolean isTerminal, LongSupplier nanos) {
  private static final int FIRST_WITH_OTHER_CONSOLE = 22;
  private static final int LAST_WITH_OTHER_CONSOLE = 24;

  /** The console of this process. */
  static Console ofProcess() {
    return new Console(printing(System.out), printing(System.err), isWatched(), System::nanoTime);
  }

  /** A bar where somebody watches, silence elsewhere. */
  Progress progress() {
    return isTerminal ? new ProgressBar(err, nanos) : Progress.SILENT;
  }

  private static PrintWriter printing(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  /** Some JDKs answer a console although nobody is there; picocli knows how to ask those. */
  @SuppressWarnings("SystemConsoleNull") // the warning is about the JDKs asked otherwise
  private static boolean isWatched() {
    int jdk = Runtime.version().feature();
    boolean otherConsole = FIRST_WITH_OTHER_CONSOLE <= jdk && jdk <= LAST_WITH_OTHER_CONSOLE;
    return otherConsole ? CommandLine.Help.Ansi.AUTO.enabled() : System.console() != null;
  }
}
