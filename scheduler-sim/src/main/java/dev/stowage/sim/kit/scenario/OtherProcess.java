package dev.stowage.sim.kit.scenario;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.model.InvariantViolation;
import dev.stowage.store.CommandId;
import dev.stowage.store.spi.FleetStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A process that does not lead: its facade appends commands to the log of the store, waits for
 * nobody, and asks for the answers later. Every turn of the leader must decide all that waited. Not
 * thread-safe.
 */
final class OtherProcess implements AutoCloseable {
  private static final String ONCE = "a command of the log is decided once";

  private Stowage follower;
  private List<Waiting> waiting = new ArrayList<>();
  private List<Waiting> remembered = List.of();

  /** Holds what waited when a turn of the leader last looked into the log. */
  private List<Waiting> found = List.of();

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

  OtherProcess(FleetStore store) {
    follower = following(store);
  }

  private static Stowage following(FleetStore store) {
    StowageConfig config = StowageConfig.defaults().withAnswersWithin(Duration.ZERO);
    return Stowage.builder(store).config(config).build();
  }

  void reconnect(FleetStore store) {
    close();
    follower = following(store);
  }

  @Override
  public void close() {
    follower.close();
  }

  /** Appends a command; returns what the facade answers before the leader does. */
  Result append(Command<?> command) {
    Result answer = follower.execute(command, 0);
    if (answer.code() != ResultCode.REQUESTED && !answer.isAccepted()) {
      return answer;
    }
    if (command instanceof Command.Heartbeat || command instanceof Command.Applied) {
      waiting.removeIf(it -> isOfSameKind(it.command, command));
    }
    waiting.add(new Waiting(CommandId.parse(answer.reasons().get(0)), command));
    return answer;
  }

  private static boolean isOfSameKind(Command<?> one, Command<?> other) {
    return CommandKind.kindOf(one).equals(CommandKind.kindOf(other))
        && CommandKind.kindOf(one).worker(one).equals(CommandKind.kindOf(other).worker(other));
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
    found = List.copyOf(waiting);
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
    int untold = 0;
    for (Waiting each : List.copyOf(waiting)) {
      Optional<Result> answer = follower.answer(each.id);
      if (answer.isEmpty()) {
        requireNew(each);
      } else {
        waiting.remove(each);
        untold += each.told == null ? 1 : 0;
        requireSame(each, answer.get());
        if (!each.isHeard) {
          each.isHeard = true;
          hearer.accept(each.command, answer.get());
        }
      }
    }
    return untold;
  }

  private void requireNew(Waiting each) {
    if (each.told != null || found.contains(each)) {
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
    found = List.of();
  }
}
