package dev.stowage.sim.tool.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import picocli.CommandLine;

/**
 * The output of a command, and its clock.
 *
 * @param out the results
 * @param err complaints and progress
 * @param isTerminal true if a person is watching
 * @param nanos nanoseconds since an arbitrary time, never running back
 */
record Console(PrintWriter out, PrintWriter err, boolean isTerminal, LongSupplier nanos) {
  private static final int FIRST_WITH_OTHER_CONSOLE = 22;
  private static final int LAST_WITH_OTHER_CONSOLE = 24;

  static Console ofProcess() {
    return new Console(printing(System.out), printing(System.err), isWatched(), System::nanoTime);
  }

  Progress progress() {
    return isTerminal ? new ProgressBar(err, nanos) : Progress.SILENT;
  }

  /** Returns a progress that goes on where there is no terminal, as lines. */
  Progress lastingProgress() {
    return isTerminal ? progress() : new ProgressLines(err, nanos).beating();
  }

  private static PrintWriter printing(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  /** Reports whether a person watches; picocli can tell where JDKs always have a console. */
  @SuppressWarnings("SystemConsoleNull") // the warning is about the JDKs asked otherwise
  private static boolean isWatched() {
    int jdk = Runtime.version().feature();
    boolean otherConsole = FIRST_WITH_OTHER_CONSOLE <= jdk && jdk <= LAST_WITH_OTHER_CONSOLE;
    return otherConsole ? CommandLine.Help.Ansi.AUTO.enabled() : System.console() != null;
  }
}
