package dev.stowage.engine;

import dev.stowage.lifecycle.Command;
import dev.stowage.store.TransactionScope;
import java.util.List;

/** Which datasets a command decides about: those whose writers must wait for it. */
final class LockScopes {
  private LockScopes() {}

  static TransactionScope of(Command command) {
    if (command instanceof Command.Ingest ingest) {
      return TransactionScope.of(
          ingest.chunks().stream().map(chunk -> chunk.key().dataset()).distinct().toList());
    }
    if (command instanceof Command.Offer offer) {
      return TransactionScope.of(
          offer.chunks().stream().map(chunk -> chunk.key().dataset()).distinct().toList());
    }
    if (command instanceof Command.RegisterSwap swap) {
      return TransactionScope.of(List.of(swap.dataset()));
    }
    if (command instanceof Command.Remove remove) {
      return TransactionScope.of(List.of(remove.chunk().dataset()));
    }
    boolean any =
        command instanceof Command.CancelSwap
            || command instanceof Command.Admit
            || command instanceof Command.Schedule
            || command instanceof Command.Publish
            || command instanceof Command.Purge
            || command instanceof Command.BeginLineage;
    return any ? TransactionScope.everyDataset() : TransactionScope.noDataset();
  }
}
