package dev.stowage.contract;

import dev.stowage.command.Command;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.evidence.Hash256;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.WorkerId;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.ForwardingStore;
import dev.stowage.store.spi.LoadedFleet;
import dev.stowage.store.spi.News;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreTransaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A connection to a sound store, over which some of the news arrives spoiled. */
public final class SpoiledStore extends ForwardingStore {
  /** A cycle that names more workers than are accepted, which fails when it is decided. */
  private static final Command<?> FAILING =
      LeaderCommand.Publish.now()
          .withWaiting(Collections.nCopies(5_000, WorkerId.of("w".repeat(500))));

  /** Which news cannot be read. */
  public Predicate<Command<?>> unreadable = command -> false;

  /** Which registrations fail when they are decided, each as often as this is asked and says so. */
  Predicate<Command.Register> failing = command -> false;

  /** Which commits are refused. */
  Predicate<Commit> refused = commit -> false;

  /** The number of loads of the state by the leader. */
  int loads;

  /** Creates a connection to {@code store} over which nothing is spoiled yet. */
  public SpoiledStore(FleetStore store) {
    super(store);
  }

  @Override
  protected StoreSession session(StoreSession granted) {
    return new ForwardingSession(granted) {
      @Override
      public LoadedFleet load() {
        loads++;
        return super.load();
      }
    };
  }

  @Override
  protected StoreTransaction transaction(StoreTransaction begun) {
    return new ForwardingTransaction(begun) {
      @Override
      public News news() {
        return spoiled(super.news());
      }

      @Override
      public void commit(Commit commit) {
        if (refused.test(commit)) {
          throw new StorageException.Corrupt("a row that a hand wrote contradicts it", null);
        }
        super.commit(commit);
      }
    };
  }

  private News spoiled(News sound) {
    List<News.Piece> pieces = new ArrayList<>();
    for (News.Piece piece : sound.items()) {
      pieces.add(piece instanceof News.Item item ? spoiled(item) : piece);
    }
    return new News(pieces, sound.more());
  }

  private News.Piece spoiled(News.Item item) {
    Command<?> command = item.command();
    if (unreadable.test(command)) {
      byte[] bytes = CommandCodec.toBytes(command);
      CommandKind<?, ?> kind = CommandKind.kindOf(command);
      return new News.Unreadable(
          item.mark(),
          item.id(),
          Optional.of(kind.toString()),
          kind.worker(command),
          Hash256.of(bytes),
          bytes.length,
          "it is spoiled");
    }
    return command instanceof Command.Register register && failing.test(register)
        ? new News.Item(item.mark(), item.id(), FAILING)
        : item;
  }
}
