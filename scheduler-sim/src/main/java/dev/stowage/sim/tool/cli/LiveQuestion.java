package dev.stowage.sim.tool.cli;

import dev.stowage.storage.postgres.PostgresChunkStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a question to a live fleet: which fleet, how often, in which form. */
final class LiveQuestion {
  @Mixin private LiveStore store = new LiveStore();

  @Option(
      names = "--watch",
      arity = "0..1",
      fallbackValue = "2",
      paramLabel = "SECONDS",
      converter = WholeNumber.Seconds.class,
      description = "Ask again after so many seconds (default: ${FALLBACK-VALUE}), until Ctrl-C.")
  private @Nullable Integer watch;

  @Option(names = "--json", description = "Print one JSON document; a line each with --watch.")
  private boolean isJson;

  @Option(names = "--quiet", description = "Print nothing but what --json asks for.")
  private boolean isQuiet;

  /** The reading of an answer. */
  interface Asking {
    LiveAnswer of(PostgresChunkStore store) throws UnreadableException;
  }

  /** Asks and prints, again and again if that is wanted; returns the exit code. */
  int ask(Console console, Asking asking) throws UnreadableException {
    store.requireUrl();
    return store.open(
        console,
        live -> {
          while (true) {
            LiveAnswer answer = asking.of(live);
            print(console, answer);
            Integer seconds = watch;
            if (seconds == null) {
              return answer.exitCode();
            }
            if (!Pause.isOver(Duration.ofSeconds(seconds))) {
              return ExitCode.INTERRUPTED;
            }
          }
        });
  }

  private void print(Console console, LiveAnswer answer) {
    if (isJson) {
      console.out().println(answer.document(watch != null));
    } else if (!isQuiet) {
      answer.text().forEach(console.out()::println);
      if (watch != null) {
        console.out().println();
      }
    }
    console.out().flush();
  }
}
