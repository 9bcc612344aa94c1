package dev.stowage.sim.kit.scenario;

import dev.stowage.command.Command;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.EvidenceRecord.RecordType;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.WorkerId;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.Commit.CommitOutcome;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.ForwardingStore;
import dev.stowage.store.spi.ForwardingStore.ForwardingSession;
import dev.stowage.store.spi.ForwardingStore.ForwardingTransaction;
import dev.stowage.store.spi.LoadedFleet;
import dev.stowage.store.spi.News;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A connection to a sound store that fails where a story tells it to. Not thread-safe. */
final class FaultyStore extends ForwardingStore {
  private static final RecordType COMMAND = RecordType.input(0x0601, "COMMAND");

  private static final RecordType CYCLE = RecordType.input(0x0602, "PLAN_PREPARED");

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
    /** The outcome is unknown, and nobody answers when the caller asks for it. */
    UNANSWERED,
    /** The server is killed before it is asked to commit. */
    KILLED_BEFORE,
    /** The server is killed after everything is durable, but the caller does not know. */
    KILLED_AFTER
  }

  /** The next faults, shared by all connections of a world. */
  static final class Faults {
    private Fault next = Fault.NONE;
    private boolean isOutcomeLost;
    private boolean isDurable;

    /** True while a group is decided, which has other effects if it is repeated as a whole. */
    boolean isGroup;

    /** True while a leader has a transaction open, beside which it can have no other. */
    boolean isInTransaction;

    private Runnable onNews = () -> {};
    private Runnable onLoad = () -> {};
    private Consumer<Commit> onCommit = commit -> {};
    private final Set<WorkerId> toSpoil = new TreeSet<>();
    private final List<Command<?>> spoiled = new ArrayList<>();

    StepOutcome failNext(Fault fault) {
      next = fault;
      return StepOutcome.DONE;
    }

    void onNews(Runnable hears) {
      onNews = hears;
    }

    void onLoad(Runnable loads) {
      onLoad = loads;
    }

    /** Sets who hears of every commit that is durable. */
    void onCommit(Consumer<Commit> hears) {
      onCommit = hears;
    }

    boolean isPending() {
      return next != Fault.NONE;
    }

    /** Makes the next message of a worker unreadable for any leader in the log. */
    void spoilNext(WorkerId worker) {
      toSpoil.add(worker);
    }

    /** Spoils this message if that is its turn, and remembers it as spoiled. */
    boolean trySpoil(Command<?> said) {
      if (said instanceof Command.Describe) {
        return false; // its host says that, and would have to repeat it
      }
      boolean isNext = CommandKind.kindOf(said).worker(said).filter(toSpoil::remove).isPresent();
      if (isNext) {
        spoiled.add(said);
      }
      return isNext;
    }

    private News.Piece arriving(News.Piece piece) {
      if (!(piece instanceof News.Item item) || !spoiled.contains(item.command())) {
        return piece;
      }
      CommandKind<?, ?> kind = CommandKind.kindOf(item.command());
      byte[] bytes = CommandCodec.toBytes(item.command());
      return new News.Unreadable(
          item.mark(),
          item.id(),
          Optional.of(kind.toString()),
          kind.worker(item.command()),
          Hash256.of(bytes),
          bytes.length,
          "it is spoiled");
    }

    /**
     * Reports whether a commit since the last call of this method became durable although its
     * caller was cut off, and would have another effect if repeated: a scheduling cycle, a group,
     * or a registration, which makes all earlier reports stale.
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
  private final UnaryOperator<OptionalLong> clock;

  /**
   * Creates a connection to {@code store} that has {@code faults}.
   *
   * @param kill ends its server
   * @param begins runs before every transaction of a leader
   * @param clock returns the reading of the clock that the fleet trusts, in nanoseconds, for that
   *     of the store; empty if there is none
   */
  FaultyStore(
      FleetStore store,
      Faults faults,
      Runnable kill,
      Runnable begins,
      UnaryOperator<OptionalLong> clock) {
    super(store);
    this.faults = faults;
    this.kill = kill;
    this.begins = begins;
    this.clock = clock;
  }

  @Override
  public OptionalLong trustedClockNanos() {
    return clock.apply(super.trustedClockNanos());
  }

  private void commit(StoreTransaction transaction, Commit commit) {
    Fault fault = faults.next;
    faults.next = Fault.NONE;
    faults.isDurable = false;
    switch (fault) {
      case NONE, MIDWAY -> makeDurable(transaction, commit);
      case KILLED_BEFORE -> {
        kill.run();
        makeDurable(transaction, commit);
      }
      case KILLED_AFTER -> {
        makeDurable(transaction, commit);
        faults.isDurable = countsTwice(commit);
        kill.run();
        throw cut(StorageException.Outcome.UNKNOWN);
      }
      case BEFORE -> throw cut(StorageException.Outcome.NOT_COMMITTED);
      case UNKNOWN_BEFORE -> throw cut(StorageException.Outcome.UNKNOWN);
      case UNKNOWN_AFTER, UNANSWERED -> {
        makeDurable(transaction, commit);
        faults.isDurable = countsTwice(commit);
        faults.isOutcomeLost = fault == Fault.UNANSWERED;
        throw cut(StorageException.Outcome.UNKNOWN);
      }
    }
  }

  private void makeDurable(StoreTransaction transaction, Commit commit) {
    transaction.commit(commit);
    faults.onCommit.accept(commit);
  }

  /**
   * Reports whether repeating a commit has another effect. The input that a cycle takes in first,
   * such as offers, has commits of its own.
   */
  private boolean countsTwice(Commit commit) {
    return faults.isGroup
        || commit.evidence().stream()
            .anyMatch(record -> record.is(CYCLE) || (record.is(COMMAND) && isRegistration(record)));
  }

  /** Reports whether a record is a registration. The kind follows field count and tick. */
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
      public StoreTransaction begin() {
        begins.run();
        StoreTransaction begun = super.begin();
        faults.isInTransaction = true;
        return begun;
      }
    };
  }

  @Override
  protected StoreTransaction transaction(StoreTransaction begun) {
    return new FaultyTransaction(begun);
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
      return clock.apply(super.trustedClockNanos());
    }

    @Override
    public void close() {
      faults.isInTransaction = false;
      super.close();
    }

    @Override
    public void commit(Commit commit) {
      FaultyStore.this.commit(transaction, commit);
    }
  }
}
