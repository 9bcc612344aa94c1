package dev.stowage.store.spi;

import dev.stowage.columns.NoNulls;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.store.CommandId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The log of the commands of other processes (ingesters, workers, the host), which need no lease.
 * The leader decides each once, in the order of the log, and answers it in the same commit.
 * Thread-safe.
 */
public interface StoreInbox {
  /** The most bytes of a command. */
  int MOST_BYTES = 16 << 20;

  /** The most commands of a giver that wait. */
  int MOST_WAITING = 100_000;

  /** The most bytes of the commands of a giver that wait. */
  long MOST_WAITING_BYTES = 256L << 20;

  /** The most answers that are kept. */
  int MOST_ANSWERS = 100_000;

  /** A command that is to be decided under a name. */
  record Sent(CommandId id, Command<?> command) {}

  /**
   * Appends commands of one sender in the order of their counts; they are durable when this
   * returns. Nothing is appended under a name that waits or was answered. A heartbeat and an {@code
   * applied} take the place of those of their worker that wait. Returns the names for which there
   * was no room: those of a giver of which too much waits. Reports find room always, as heartbeats
   * and {@code applied} replace each other. Throws {@link IllegalArgumentException} for a leader's
   * command (a cycle, retention, a new lineage), and for one of more than {@link #MOST_BYTES}.
   */
  Set<CommandId> append(List<Sent> commands);

  /**
   * Returns a copy of the commands; throws {@link IllegalArgumentException} if {@link #append} does
   * not take one of them, and {@link NullPointerException} naming a null.
   */
  static List<Sent> requireAppendable(List<Sent> commands) {
    List<Sent> all = NoNulls.copyOf(commands, "commands");
    all.forEach(each -> requireAppendable(each.command()));
    return all;
  }

  private static void requireAppendable(Command<?> command) {
    if (CommandKind.kindOf(command).isLeadersOwn()) {
      throw new IllegalArgumentException(
          "command is " + command + "; only the holder of the lease may give it");
    }
    long bytes = CommandKind.kindOf(command).bytes(command);
    if (bytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          "the command has " + bytes + " bytes; at most " + MOST_BYTES + " are accepted");
    }
  }

  /** Returns the names; throws {@link NullPointerException} naming a null. */
  static Collection<CommandId> requireNames(Collection<CommandId> ids) {
    return NoNulls.in(ids, "ids");
  }

  /** Returns the answers that are known to commands of these names. */
  Map<CommandId, Result> answers(Collection<CommandId> ids);

  /** Withdraws a command, and reports whether it waited: otherwise it may have been decided. */
  boolean withdraw(CommandId id);

  /** Runs {@code hint}, on any thread, after an append; perhaps late, twice or not at all. */
  AutoCloseable onNews(Runnable hint);

  /** Runs {@code hint}, on any thread, after answers; perhaps late, twice or not at all. */
  AutoCloseable onAnswers(Runnable hint);
}
