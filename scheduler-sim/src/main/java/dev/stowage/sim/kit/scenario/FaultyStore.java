package dev.stowage.sim.kit.scenario;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.RecordType;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.WorkerId;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.Commit;
import dev.stowage.store.Commit.CommitKey;
import dev.stowage.store.Commit.CommitOutcome;
import dev.stowage.store.ForwardingStore;
import dev.stowage.store.ForwardingStore.ForwardingSession;
import dev.stowage.store.ForwardingStore.ForwardingTransaction;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.News;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreSession;
import dev.stowage.store.StoreTransaction;
import dev.stowage.store.TransactionScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A connection to a sound store that fails where a story tells it to. Not thread-safe. */
final class FaultyStore extends ForwardingStore {
  /** What the engine notes of a command: the tick and the command. */
  private static final RecordType COMMAND = RecordType.input(0x0601, "COMMAND");

  /** What the engine notes of a scheduling cycle, with all that was planned for it. */
  private static final RecordType CYCLE = RecordType.input(0x0602, "PLAN_PREPARED");

  /** How the next transaction, or the next commit, fails. */
  enum Fault {
    /** Not at all. */
    NONE,
    /** The connection is gone in the middle of the transaction. */
    MIDWAY,
    /** Before anything is durable, and the caller learns it. */
    BEFORE,
    /** Before anything is durable, but the caller does not know. */
    UNKNOWN_BEFORE,
    /** After everything is durable, but the caller does not know. */
    UNKNOWN_AFTER,
    /** The same, and nobody answers when the caller asks what became of it. */
    UNANSWERED,
    /** The server is killed before it is asked to commit. */
    KILLED_BEFORE,
    /** The server is killed after everything is durable, but the caller does not know. */
    KILLED_AFTER
  }

  /** What is to fail next, on whichever connection of a world that comes. */
  static final class Faults {
    private Fault next = Fault.NONE;
    private boolean isOutcomeLost;
    private boolean isDurable;
    private Runnable onNews = () -> {};
    private Runnable onLoad = () -> {};
    private final Set<WorkerId> toSpoil = new TreeSet<>();
    private final List<Command<?>> spoiled = new ArrayList<>();

    /** The next one fails like this; the one after it does not. */
    StepOutcome failNext(Fault fault) {
      next = fault;
      return StepOutcome.DONE;
    }

    /** Runs {@code hears} whenever a leader reads news. */
    void onNews(Runnable hears) {
      onNews = hears;
    }

    /** Runs {@code loads} whenever a leader loads the state anew. */
    void onLoad(Runnable loads) {
      onLoad = loads;
    }

    /** Reports whether something is still to fail. */
    boolean isPending() {
      return next != Fault.NONE;
    }

    /** The next that a worker says goes through the inbox, and no leader can read it. */
    void spoilNext(WorkerId worker) {
      toSpoil.add(worker);
    }

    /** Whether this is to be spoiled; then it is from now on. */
    boolean isToSpoil(Command<?> said) {
      if (said instanceof Command.Describe) {
        return false; // its host says that, and would have to repeat it
      }
      boolean isNext = said.kind().worker(said).filter(toSpoil::remove).isPresent();
      if (isNext) {
        spoiled.add(said);
      }
      return isNext;
    }

    private News.Piece arriving(News.Piece piece) {
      if (!(piece instanceof News.Item item) || !spoiled.contains(item.command())) {
        return piece;
      }
      CommandKind<?, ?> kind = item.command().kind();
      byte[] bytes = CommandCodec.toBytes(item.command());
      return new News.Unreadable(
          item.mark(),
          item.tick(),
          Optional.of(kind),
          kind.worker(item.command()),
          Hash256.of(bytes),
          bytes.length,
          "it is spoiled");
    }

    /**
     * Whether the last commit since this was asked, durable though its caller was cut off, is of
     * what leads to something else if it is done twice: a scheduling cycle, or a registration,
     * which makes all reports before it stale.
     */
    boolean takeDurable() {
      boolean wasDurable = isDurable;
      isDurable = false;
      return wasDurable;
    }
  }

  private final Faults faults;
  private final Runnable kill;
  private final Runnable begins;
  private final @Nullable LongSupplier clockNanos;

  /**
   * A connection to this store that has these faults.
   *
   * @param kill ends its server
   * @param begins runs before every transaction of a leader
   * @param clockNanos the clock that the fleet trusts; null for none
   */
  FaultyStore(
      ChunkStore store,
      Faults faults,
      Runnable kill,
      Runnable begins,
      @Nullable LongSupplier clockNanos) {
    super(store);
    this.faults = faults;
    this.kill = kill;
    this.begins = begins;
    this.clockNanos = clockNanos;
  }

  @Override
  public OptionalLong trustedClockNanos() {
    LongSupplier clock = clockNanos;
    return clock == null ? OptionalLong.empty() : OptionalLong.of(clock.getAsLong());
  }

  private void commit(StoreTransaction transaction, Commit commit) {
    Fault fault = faults.next;
    faults.next = Fault.NONE;
    faults.isDurable = false;
    switch (fault) {
      case NONE, MIDWAY -> transaction.commit(commit);
      case KILLED_BEFORE -> {
        kill.run();
        transaction.commit(commit);
      }
      case KILLED_AFTER -> {
        transaction.commit(commit);
        faults.isDurable = countsTwice(commit);
        kill.run();
        throw cut(StorageException.Outcome.UNKNOWN);
      }
      case BEFORE -> throw cut(StorageException.Outcome.NOT_COMMITTED);
      case UNKNOWN_BEFORE -> throw cut(StorageException.Outcome.UNKNOWN);
      case UNKNOWN_AFTER, UNANSWERED -> {
        transaction.commit(commit);
        faults.isDurable = countsTwice(commit);
        faults.isOutcomeLost = fault == Fault.UNANSWERED;
        throw cut(StorageException.Outcome.UNKNOWN);
      }
    }
  }

  /** What a cycle takes in before it, such as offers, has commits of its own. */
  private static boolean countsTwice(Commit commit) {
    return commit.evidence().stream()
        .anyMatch(record -> record.is(CYCLE) || (record.is(COMMAND) && isRegistration(record)));
  }

  /** The number of fields and the tick come before the kind of the command. */
  private static boolean isRegistration(EvidenceRecord record) {
    CanonicalReader in = record.reader();
    in.u8();
    in.u64();
    return in.u32() == CommandKind.REGISTER.number();
  }

  private static StorageException.Transient cut(StorageException.Outcome known) {
    return new StorageException.Transient("the connection was cut", known, null);
  }

  @Override
  public CommitOutcome outcomeOf(CommitKey key) {
    if (faults.isOutcomeLost) {
      faults.isOutcomeLost = false;
      throw cut(StorageException.Outcome.UNKNOWN);
    }
    return super.outcomeOf(key);
  }

  @Override
  protected StoreSession session(StoreSession granted) {
    return new ForwardingSession(granted) {
      @Override
      public LoadedFleet load() {
        faults.onLoad.run();
        return super.load();
      }

      @Override
      public StoreTransaction begin(TransactionScope scope) {
        begins.run();
        return super.begin(scope);
      }

      @Override
      protected StoreTransaction transaction(StoreTransaction begun) {
        return new FaultyTransaction(begun);
      }
    };
  }

  private final class FaultyTransaction extends ForwardingTransaction {
    private final StoreTransaction transaction;

    FaultyTransaction(StoreTransaction transaction) {
      super(transaction);
      this.transaction = transaction;
    }

    @Override
    public News news() {
      if (faults.next == Fault.MIDWAY) {
        faults.next = Fault.NONE;
        throw cut(StorageException.Outcome.NOT_COMMITTED);
      }
      News sound = super.news();
      if (!sound.items().isEmpty()) {
        faults.onNews.run();
      }
      return new News(sound.items().stream().map(faults::arriving).toList(), sound.more());
    }

    @Override
    public OptionalLong trustedClockNanos() {
      return FaultyStore.this.trustedClockNanos();
    }

    @Override
    public void commit(Commit commit) {
      FaultyStore.this.commit(transaction, commit);
    }
  }
}
