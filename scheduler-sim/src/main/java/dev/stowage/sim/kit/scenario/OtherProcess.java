package dev.stowage.sim.kit.scenario;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.model.InvariantViolation;
import dev.stowage.store.CommandId;
import dev.stowage.store.StoreInbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A process that does not lead: it appends commands to the log of the store, and hears the answers.
 * Every turn of the leader must decide all that waited. Not thread-safe.
 */
final class OtherProcess {
  private static final long TOKEN = 1;
  private static final String ONCE = "a command of the log is decided once";

  private final Supplier<StoreInbox> inbox;
  private List<Waiting> waiting = new ArrayList<>();
  private List<Waiting> remembered = List.of();
  private long count;

  /** The count of the last command that a turn of the leader found in the log. */
  private long found;

  private static final class Waiting {
    final CommandId id;
    final Command<?> command;

    /** The answer that the leader told its listeners; null before. */
    @Nullable Result told;

    /** True if the answer was heard; after a restore it is decided again. */
    boolean isHeard;

    Waiting(CommandId id, Command<?> command) {
      this.id = id;
      this.command = command;
    }
  }

  OtherProcess(Supplier<StoreInbox> inbox) {
    this.inbox = inbox;
  }

  /** Appends a command; returns {@code REQUESTED}, or why it was not appended. */
  Result append(Command<?> command) {
    if (Lifecycle.isRefused(command)) {
      return Result.Answer.of(ResultCode.TOO_LARGE);
    }
    Waiting sent = new Waiting(new CommandId(TOKEN, ++count), command);
    if (!inbox.get().append(List.of(new StoreInbox.Sent(sent.id, command))).isEmpty()) {
      return Result.Answer.of(ResultCode.BACKPRESSURE);
    }
    if (command instanceof Command.Heartbeat || command instanceof Command.Applied) {
      waiting.removeIf(it -> isOfSameKind(it.command, command));
    }
    waiting.add(sent);
    return Result.Answer.of(ResultCode.REQUESTED);
  }

  private static boolean isOfSameKind(Command<?> one, Command<?> other) {
    return one.kind().equals(other.kind())
        && one.kind().worker(one).equals(other.kind().worker(other));
  }

  /** Notes a command that the leader executed; reports whether it is the next one that waits. */
  boolean noteExecuted(Command<?> command, Result answer) {
    for (Waiting each : waiting) {
      if (each.told == null && each.command.equals(command)) {
        each.told = answer;
        return true;
      }
    }
    return false;
  }

  /** Notes that the leader committed a command of its own, in front of which it decides the log. */
  void noteTurn() {
    found = count;
  }

  /** Returns how many commands wait whose answers were not heard. */
  int waiting() {
    return waiting.size();
  }

  /**
   * Hears the answers that came, in the order of the log; returns how many the leader told nobody
   * of.
   */
  int hear(BiConsumer<Command<?>, Result> hearer) {
    if (waiting.isEmpty()) {
      return 0;
    }
    Map<CommandId, Result> answers =
        inbox.get().answers(waiting.stream().map(each -> each.id).toList());
    int untold = 0;
    for (Waiting each : List.copyOf(waiting)) {
      Result answer = answers.get(each.id);
      if (answer == null) {
        requireNew(each);
      } else {
        waiting.remove(each);
        untold += each.told == null ? 1 : 0;
        requireSame(each, answer);
        if (!each.isHeard) {
          each.isHeard = true;
          hearer.accept(each.command, answer);
        }
      }
    }
    return untold;
  }

  private void requireNew(Waiting each) {
    if (each.told != null || each.id.count() <= found) {
      throw new InvariantViolation(ONCE, each.command + " has no answer behind a leader's turn");
    }
  }

  private static void requireSame(Waiting each, Result answer) {
    Result told = each.told;
    if (told != null && told.code() != answer.code()) {
      throw new InvariantViolation(
          ONCE, each.command + " was decided as " + told + ", and is answered " + answer);
    }
  }

  void remember() {
    remembered = List.copyOf(waiting);
  }

  /** Restores what waited at the checkpoint; what waits now is lost, and will not be answered. */
  void restore(BiConsumer<Command<?>, Result> hearer) {
    for (Waiting each : waiting) {
      if (!remembered.contains(each)) {
        hearer.accept(each.command, Result.Answer.of(ResultCode.FOREIGN_LINEAGE));
      }
    }
    waiting = new ArrayList<>(remembered);
    waiting.forEach(each -> each.told = null);
    found = 0;
  }
}
