package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The output of a command, its form, and its clock. Its options are those of every command, which
 * inherits them. Not thread-safe.
 */
class Console {
  private static final int FIRST_WITH_OTHER_CONSOLE = 22;
  private static final int LAST_WITH_OTHER_CONSOLE = 24;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print one JSON document on standard output, and text on standard error.")
  private boolean isJson;

  @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "Print no text but errors.")
  private boolean isQuiet;

  private final PrintWriter out;
  private final PrintWriter err;
  private final PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
  private final boolean isTerminal;
  private final LongSupplier nanos;
  private boolean isAnswered;

  /**
   * Creates a console.
   *
   * @param isTerminal true if a person is watching
   * @param nanos nanoseconds since an arbitrary time, never running back
   */
  Console(PrintWriter out, PrintWriter err, boolean isTerminal, LongSupplier nanos) {
    this.out = out;
    this.err = err;
    this.isTerminal = isTerminal;
    this.nanos = nanos;
  }

  static Console ofProcess() {
    return new Console(printing(System.out), printing(System.err), isWatched(), System::nanoTime);
  }

  /** Returns the writer of results and remarks as text. */
  PrintWriter text() {
    if (isQuiet) {
      return nowhere;
    }
    return isJson ? err : out;
  }

  /** Returns what is read in place of the file {@code -}. */
  InputStream in() {
    return System.in;
  }

  /** Returns the writer of errors. */
  PrintWriter err() {
    return err;
  }

  /** Returns the writer of warnings, which are not the result. */
  PrintWriter warnings() {
    return isQuiet ? nowhere : err;
  }

  boolean isTerminal() {
    return isTerminal;
  }

  LongSupplier nanos() {
    return nanos;
  }

  /**
   * Waits between two looks at a live fleet; returns false at once if the thread is interrupted.
   */
  boolean pause(Duration length) {
    try {
      // Nobody counts down, so the wait ends with its time.
      return !new CountDownLatch(1).await(length.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Reports whether a document is wanted. */
  boolean isJson() {
    return isJson;
  }

  /** Reports whether a document is wanted that was not printed. */
  boolean lacksDocument() {
    return isJson && !isAnswered;
  }

  /** Prints a document if one is wanted. */
  void document(JsonNode document) {
    document(document.toPrettyString());
  }

  /** Prints a document if one is wanted. */
  void document(String document) {
    if (isJson) {
      isAnswered = true;
      out.println(document.strip());
      out.flush();
    }
  }

  ProgressListener progress() {
    return isTerminal && !isQuiet ? new ProgressBar(err, nanos) : ProgressListener.SILENT;
  }

  /** Returns a progress that goes on where there is no terminal, as lines. */
  ProgressListener lastingProgress() {
    return isTerminal || isQuiet ? progress() : new ProgressLines(err, nanos).beating();
  }

  /** Lets picocli print help here. */
  void tell(CommandLine line) {
    line.setOut(out);
    line.setErr(err);
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
