package dev.stowage.store.spi;

import dev.stowage.command.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.model.WorkerId;
import java.util.Optional;

/** Counts the commands that wait in an inbox, so that too much of one giver holds up no other. */
public final class InboxRoom {
  private final int[] commands = new int[CommandKind.Giver.values().length];
  private final long[] bytes = new long[commands.length];

  /** Creates the room of an empty inbox. */
  public InboxRoom() {}

  /** Names what a heartbeat or an {@code applied} replaces: the waiting one of its worker. */
  public record Place(Class<?> kind, WorkerId worker) {
    /** Returns the place of a command; empty for one that replaces none. */
    public static Optional<Place> of(Command<?> command) {
      return command instanceof Command.Heartbeat || command instanceof Command.Applied
          ? CommandKind.kindOf(command)
              .worker(command)
              .map(worker -> new Place(command.getClass(), worker))
          : Optional.empty();
    }
  }

  /** Counts a command that waits from now on. */
  public void add(Command<?> command) {
    count(command, 1);
  }

  /** Counts a command that waits no longer. */
  public void remove(Command<?> command) {
    count(command, -1);
  }

  private void count(Command<?> command, int sign) {
    int giver = CommandKind.kindOf(command).giver().ordinal();
    commands[giver] += sign;
    bytes[giver] += sign * CommandKind.kindOf(command).bytes(command);
  }

  /** Reports whether a command may wait too: reports of workers always, as they replace others. */
  public boolean hasRoom(Command<?> command) {
    CommandKind.Giver giver = CommandKind.kindOf(command).giver();
    boolean isFull =
        commands[giver.ordinal()] >= StoreInbox.MOST_WAITING
            || bytes[giver.ordinal()] >= StoreInbox.MOST_WAITING_BYTES;
    return giver == CommandKind.Giver.WORKER || !isFull;
  }
}
