package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.OperatorRequest;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.Tick;
import dev.stowage.sim.kit.scenario.StepOutcome;
import dev.stowage.storage.postgres.PostgresChunkStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Commands that are given to a live fleet through its inbox, and the wait for the reply. */
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
    boolean isAnybodys = commands.stream().noneMatch(each -> each.kind().isLeadersOwn());
    if (commands.size() == 1 && planHash.isEmpty() && isAnybodys) {
      Result answer = store.inbox().submit(commands.get(0), tick);
      return told(answer.code(), StepOutcome.of(answer).because());
    }
    String asker = ProcessHandle.current().pid() + "@" + store.clockNanos();
    OperatorRequest request = OperatorRequest.of(asker, tick.value(), commands, planHash);
    Result asked = store.inbox().submit(request.toCommand(), tick);
    if (!asked.isAccepted()) {
      return told(asked.code(), StepOutcome.of(asked).because());
    }
    return isLed() ? replied(request.id()) : pending(request.id());
  }

  /** Waits for the reply to a request that was made before. */
  int replied(String requestId) {
    Optional<OperatorRequest.Reply> reply = awaited(requestId);
    if (reply.isEmpty()) {
      console.err().println("stowage: no reply within " + waiting.seconds + " s");
      console.err().flush();
      return pending(requestId);
    }
    String why = reply.get().why();
    return told(reply.get().code(), why.isEmpty() ? "" : ": " + why);
  }

  private int pending(String requestId) {
    boolean isLed = isLed();
    console.document(document(ResultCode.REQUESTED, "", isLed).put("request", requestId));
    console.text().println("Requested as " + requestId + ".");
    if (!isLed) {
      console.text().println("No leader holds a lease; the next one replies.");
    }
    console.text().println("For the reply: stowage apply --request " + requestId);
    console.text().flush();
    return ExitCode.PENDING;
  }

  private boolean isLed() {
    return store.lease().filter(it -> it.expiresAtNanos() > store.clockNanos()).isPresent();
  }

  private Optional<OperatorRequest.Reply> awaited(String id) {
    for (int second = 0; second <= waiting.seconds; second++) {
      Optional<OperatorRequest.Reply> reply = store.ask(Questions.carriedOut(id));
      if (reply.isPresent()) {
        return reply;
      }
      if (!console.pause(BETWEEN)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
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
    if (!isLed) {
      console.text().println("No leader holds a lease; the next one carries it out.");
    }
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
