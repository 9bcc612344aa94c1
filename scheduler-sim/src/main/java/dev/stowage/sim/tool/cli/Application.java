package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.OperatorRequest;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.Tick;
import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.store.CommandId;
import dev.stowage.store.StoreInbox;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Commands that are given to a live fleet through its log, and the wait for the reply. */
final class Application {
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  private final Console console;
  private final PostgresChunkStore store;
  private final Waiting waiting;

  /** Says how long to wait for the leader. */
  static final class Waiting {
    @Option(
        names = "--wait",
        paramLabel = "SECONDS",
        description = "How long to wait for the leader's reply to a request. Default: 60.")
    private int seconds = 60;
  }

  Application(Console console, PostgresChunkStore store, Waiting waiting) {
    this.console = console;
    this.store = store;
    this.waiting = waiting;
  }

  int carriedOut(List<Command<?>> commands, String planHash, Tick tick) {
    String asker = ProcessHandle.current().pid() + "@" + store.clockNanos();
    OperatorRequest request = OperatorRequest.of(asker, tick.value(), commands, planHash);
    boolean isAnybodys = commands.stream().noneMatch(each -> each.kind().isLeadersOwn());
    boolean isAlone = commands.size() == 1 && planHash.isEmpty() && isAnybodys;
    StoreInbox.Sent sent =
        isAlone
            ? new StoreInbox.Sent(alone(request.id()), commands.get(0))
            : new StoreInbox.Sent(request(request.id()), request.toCommand());
    if (!store.inbox().append(List.of(sent)).isEmpty()) {
      return told(ResultCode.BACKPRESSURE, ": too many commands wait for the leader");
    }
    return isLed() ? replied(request.id()) : pending(request.id());
  }

  private static CommandId alone(String id) {
    return new CommandId(Long.parseUnsignedLong(id, 16), 1);
  }

  private static CommandId request(String id) {
    return new CommandId(Long.parseUnsignedLong(id, 16), 2);
  }

  /** Waits for the reply to what was given before under a name. */
  int replied(String name) {
    Optional<OperatorRequest.Reply> reply = awaited(name);
    if (reply.isEmpty()) {
      console.err().println("stowage: no reply within " + waiting.seconds + " s");
      console.err().flush();
      return pending(name);
    }
    String why = reply.get().why();
    return told(reply.get().code(), why.isEmpty() ? "" : ": " + why);
  }

  private int pending(String name) {
    boolean isLed = isLed();
    console.document(document(ResultCode.REQUESTED, "", isLed).put("request", name));
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

  private Optional<OperatorRequest.Reply> awaited(String name) {
    for (int second = 0; second <= waiting.seconds; second++) {
      Optional<OperatorRequest.Reply> reply = reply(name);
      if (reply.isPresent()) {
        return reply;
      }
      if (!console.pause(BETWEEN)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private Optional<OperatorRequest.Reply> reply(String name) {
    Map<CommandId, Result> answers = store.inbox().answers(List.of(alone(name), request(name)));
    Result alone = answers.get(alone(name));
    if (alone != null) {
      return Optional.of(replyOf(alone));
    }
    Result asked = answers.get(request(name));
    return asked != null && !asked.isAccepted()
        ? Optional.of(replyOf(asked))
        : store.ask(Questions.carriedOut(name));
  }

  private static OperatorRequest.Reply replyOf(Result answer) {
    return new OperatorRequest.Reply(answer.code(), "", String.join("; ", answer.reasons()));
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
    console.text().flush();
    return ExitCode.OK;
  }

  private static ObjectNode document(ResultCode code, String because, boolean isLed) {
    return LiveAnswer.object()
        .put("accepted", code.isAccepted())
        .put("code", code.name())
        .put("why", because.replaceFirst("^: ", ""))
        .put("led", isLed);
  }
}
