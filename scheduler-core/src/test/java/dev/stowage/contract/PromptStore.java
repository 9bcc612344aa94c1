package dev.stowage.contract;

import dev.stowage.command.Result;
import dev.stowage.store.CommandId;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.ForwardingStore;
import dev.stowage.store.spi.StoreInbox;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A connection of a process that does not lead, after whose commands the leader has its turn. */
final class PromptStore extends ForwardingStore {
  private final Runnable turn;

  /**
   * Creates a connection.
   *
   * @param turn has the leader decide what waits
   */
  PromptStore(FleetStore store, Runnable turn) {
    super(store);
    this.turn = turn;
  }

  @Override
  public StoreInbox inbox() {
    StoreInbox inbox = super.inbox();
    return new StoreInbox() {
      @Override
      public Set<CommandId> append(List<Sent> commands) {
        Set<CommandId> refused = inbox.append(commands);
        turn.run();
        return refused;
      }

      @Override
      public Map<CommandId, Result> answers(Collection<CommandId> ids) {
        return inbox.answers(ids);
      }

      @Override
      public boolean withdraw(CommandId id) {
        return inbox.withdraw(id);
      }

      @Override
      public AutoCloseable onNews(Runnable hint) {
        return inbox.onNews(hint);
      }

      @Override
      public AutoCloseable onAnswers(Runnable hint) {
        return inbox.onAnswers(hint);
      }
    };
  }
}
