package dev.stowage.contract;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.store.CommandId;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.StoreInbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A process that appends commands to the log of a store, and waits for nobody. */
public final class LogSender {
  private final StoreInbox inbox;
  private final long token;
  private long count;

  /** Creates a sender with a token of its own. */
  public LogSender(FleetStore store, long token) {
    inbox = store.inbox();
    this.token = token;
  }

  /** Appends a command, for which there must be room, and returns its name. */
  public CommandId append(Command<?> command) {
    return append(List.of(command)).get(0);
  }

  /** Appends commands together, for which there must be room, and returns their names in order. */
  public List<CommandId> append(List<? extends Command<?>> commands) {
    List<CommandId> ids = new ArrayList<>();
    List<StoreInbox.Sent> sent = new ArrayList<>();
    for (Command<?> command : commands) {
      ids.add(new CommandId(token, ++count));
      sent.add(new StoreInbox.Sent(ids.get(ids.size() - 1), command));
    }
    Set<CommandId> refused = inbox.append(sent);
    if (!refused.isEmpty()) {
      throw new AssertionError("no room for " + refused);
    }
    return ids;
  }

  /** Returns the answer to a command, empty while it waits. */
  public Optional<Result> answer(CommandId id) {
    return Optional.ofNullable(inbox.answers(List.of(id)).get(id));
  }
}
