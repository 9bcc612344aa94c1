package dev.stowage.sim.tool.cli;

import dev.stowage.lifecycle.LifecycleState;
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
      paramLabel = "TIME",
      converter = Words.Pause.class,
      description =
          "Ask again after so many seconds (default: ${FALLBACK-VALUE}), or a time such as 1m,"
              + " until Ctrl-C; with --json a line each.")
  private @Nullable Duration watch;

  /** The reading of an answer. */
  interface Asking {
    LiveAnswer of(PostgresChunkStore store) throws UnreadableException;
  }

  /** Asks and prints, again and again if that is wanted; returns the exit code. */
  int ask(Console console, Asking asking) throws UnreadableException {
    store.requireUrl();
    return store.with(live -> {
      while (true) {
        LiveAnswer answer = asking.of(live);
        print(console, answer);
        Duration length = watch;
        if (length == null || answer.isOver()) {
          return answer.exitCode();
        }
        if (!console.pause(length)) {
          return ExitCode.INTERRUPTED;
        }
      }
    });
  }

  /** Reads the whole fleet. */
  LifecycleState state(PostgresChunkStore live) throws UnreadableException {
    return store.started(live.read());
  }

  private void print(Console console, LiveAnswer answer) {
    console.document(watch == null ? answer.json().toPrettyString() : answer.json().toString());
    answer.text().forEach(console.text()::println);
    if (watch != null) {
      console.text().println();
    }
    console.text().flush();
  }
}
