package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.evidence.Hash256;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.shape.Unit;
import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.store.CommandId;
import dev.stowage.store.spi.StoreInbox;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Commands that are given to a live fleet through its log, and the wait for the reply. */
final class Application {
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long MOST_TICKS = Integer.MAX_VALUE;
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  private final Console console;
  private final PostgresChunkStore store;
  private final Waiting waiting;
  private List<String> notes = List.of();

  /** Says how long to wait for the leader. */
  static final class Waiting {
    @Option(
        names = "--wait",
        paramLabel = "TIME",
        converter = Words.Length.class,
        description =
            "How long to wait for the leader's reply to a request: seconds, or a time such as 5m."
                + " Default: 60.")
    private Duration time = Duration.ofMinutes(1);
  }

  Application(Console console, PostgresChunkStore store, Waiting waiting) {
    this.console = console;
    this.store = store;
    this.waiting = waiting;
  }

  /** Tells what lines would do, and gives them to the fleet. */
  int carriedOut(
      OperatorLines.Commands lines, LifecycleState state, LiveTime time, String planHash) {
    List<String> notes = new ArrayList<>(absences(lines.commands(), time));
    Trial trial = Trial.on(state, lines);
    notes.addAll(trial.notes());
    boolean isSet = lines.commands().stream().anyMatch(Command.Configure.class::isInstance);
    if (isSet && trial.refusal().isEmpty()) {
      Trial.nextPlan(state).forEach(console.text()::println);
      trial.warnings().forEach(console.text()::println);
      console.text().flush();
    }
    return requested(lines.commands(), planHash, notes);
  }

  private List<String> absences(List<Command<?>> commands, LiveTime time) {
    List<String> all = new ArrayList<>();
    for (Command<?> each : commands) {
      if (each instanceof Command.Away away && !away.isBack()) {
        long seconds =
            time.tickLength()
                .multipliedBy(Math.min(MOST_TICKS, away.until().value() - time.now().value()))
                .toSeconds();
        Instant until = Instant.ofEpochSecond(store.clockNanos() / NANOS_PER_SECOND + seconds);
        String copies = away.leastCopies() == 1 ? "1 copy" : away.leastCopies() + " copies";
        all.add(
            away.worker() + " is away until " + until + ", " + copies + " of each chunk elsewhere");
      }
    }
    return all;
  }

  /** Gives commands to the fleet; the notes are told with the answer. */
  int requested(List<Command<?>> commands, String planHash, List<String> notes) {
    this.notes = notes;
    String by = ProcessHandle.current().info().user().orElse("");
    Command.CarryOut command = new Command.CarryOut(commands, planHash, by);
    String asker = ProcessHandle.current().pid() + "@" + store.clockNanos();
    byte[] drawn = (asker + command).getBytes(StandardCharsets.UTF_8);
    CommandId name = new CommandId(ByteBuffer.wrap(Hash256.of(drawn).toBytes()).getLong(), 1);
    if (!store.inbox().append(List.of(new StoreInbox.Sent(name, command))).isEmpty()) {
      return told(ResultCode.BACKPRESSURE, ": too many commands wait for the leader");
    }
    return isLed() ? replied(name) : pending(name);
  }

  /** Waits for the answer to what was given before under a name. */
  int replied(CommandId name) {
    Result answer = awaited(name);
    if (answer == null) {
      console
          .err()
          .println("stowage: no reply within " + Unit.SECONDS.print(waiting.time.toSeconds()));
      console.err().flush();
      return pending(name);
    }
    String why = String.join("; ", answer.reasons());
    return told(answer.code(), why.isEmpty() ? "" : ": " + why);
  }

  private int pending(CommandId name) {
    boolean isLed = isLed();
    console.document(document(ResultCode.REQUESTED, "", isLed).put("request", name.toString()));
    console.text().println("Requested as " + name + ": it waits for a leader under this name.");
    if (!isLed) {
      console.text().println("No leader holds a lease; the next one replies.");
    }
    console.text().println("For the reply: stowage apply --request " + name);
    console.text().flush();
    return ExitCode.PENDING;
  }

  private boolean isLed() {
    return store.lease().filter(it -> it.expiresAtNanos() > store.clockNanos()).isPresent();
  }

  private @Nullable Result awaited(CommandId name) {
    for (long second = 0; second <= waiting.time.toSeconds(); second++) {
      Result answer = store.inbox().answers(List.of(name)).get(name);
      if (answer != null) {
        return answer;
      }
      if (!console.pause(BETWEEN)) {
        return null;
      }
    }
    return null;
  }

  private int told(ResultCode code, String because) {
    boolean isLed = isLed();
    console.document(document(code, because, isLed));
    if (!code.isAccepted()) {
      console.err().println("stowage: refused with " + code + because);
      console.err().flush();
      return ExitCode.INFEASIBLE;
    }
    console.text().println("Accepted.");
    notes.forEach(console.text()::println);
    console.text().flush();
    return ExitCode.OK;
  }

  private ObjectNode document(ResultCode code, String because, boolean isLed) {
    ObjectNode document = LiveAnswer.object();
    notes.forEach(document.putArray("notes")::add);
    return document
        .put("accepted", code.isAccepted())
        .put("code", code.name())
        .put("why", because.replaceFirst("^: ", ""))
        .put("led", isLed);
  }
}
