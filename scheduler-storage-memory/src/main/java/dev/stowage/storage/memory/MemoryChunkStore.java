package dev.stowage.storage.memory;

import dev.stowage.answer.Question;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Retention;
import dev.stowage.model.Lineage;
import dev.stowage.store.FleetView;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.Commit.CommitOutcome;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.FleetStore.StoreDescription;
import dev.stowage.store.spi.StoreInbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A fleet in memory. Thread-safe: transactions are serial, and {@link #view} never waits and
 * returns an immutable view.
 *
 * <p>Without a clock a lease ends by resignation, by a claim of its holder or by the close of its
 * facade, and the host's time advances by at most {@code maxStep} at once.
 *
 * <p>A new store starts a new lineage, so that workers and portals never take an earlier store's
 * assignments for its own.
 */
public final class MemoryChunkStore implements FleetStore {
  /** The default of {@link Builder#evidenceBytes}: 256 MiB. */
  public static final long DEFAULT_EVIDENCE_BYTES = 256L << 20;

  /** The version of the rows in memory and in saved bytes. */
  static final int SCHEMA_VERSION = 2;

  private final Server server;
  private final String fleet;

  private MemoryChunkStore(Server server, String fleet) {
    this.server = server;
    this.fleet = fleet;
  }

  /** Returns an empty store with every default. */
  public static MemoryChunkStore create() {
    return builder().build();
  }

  /** Returns a builder with every default. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public StoreDescription describe() {
    return new StoreDescription("memory", fleet, SCHEMA_VERSION);
  }

  @Override
  public long clockNanos() {
    return server.clockNanos();
  }

  @Override
  public OptionalLong trustedClockNanos() {
    return server.trustedClockNanos();
  }

  @Override
  public Claim claim(LeaseRequest request) {
    return server.claim(Objects.requireNonNull(request, "request"));
  }

  @Override
  public Optional<Lease> lease() {
    return server.lease();
  }

  @Override
  public StoreInbox inbox() {
    return server.inbox();
  }

  @Override
  public AutoCloseable onAssignment(Runnable hint) {
    return server.onAssignment(hint);
  }

  @Override
  public FleetView view() {
    return server.view();
  }

  @Override
  public <R> R ask(Question<R> question) {
    return server.ask(Objects.requireNonNull(question, "question"));
  }

  @Override
  public CommitOutcome outcomeOf(CommitKey key) {
    return server.outcomeOf(Objects.requireNonNull(key, "key"));
  }

  @Override
  public List<EvidenceRecord> evidence(long fromIndex, int maxRecords) {
    return server.evidence(fromIndex, maxRecords);
  }

  @Override
  public Optional<ChainPoint> evidenceStart() {
    return server.evidenceStart();
  }

  @Override
  public List<EvidenceRecord> deeds() {
    return server.deeds();
  }

  @Override
  public List<QuarantinedNews> quarantine(long afterMark, int most) {
    return server.quarantine(afterMark, most);
  }

  /** Returns a copy of all durable state, which shares the rows with the store. */
  public Checkpoint checkpoint() {
    return server.checkpoint();
  }

  /**
   * Restores an earlier state, as a failover that lost commits does. The leader is fenced, and the
   * store serves nothing until the next leader has started a new lineage.
   */
  public void restore(Checkpoint checkpoint) {
    server.restore(Objects.requireNonNull(checkpoint, "checkpoint"));
  }

  /**
   * Writes all durable state for {@link Builder#load}: rows, news, evidence, commit keys, lease and
   * epoch. Equal states give equal bytes. Earlier assignments are not written; their holders are
   * given a full document after a load. Takes the state between two transactions, then writes while
   * writers go on, in memory proportional to its size. Flushes the stream and does not close it.
   *
   * @throws IllegalStateException if the calling thread has a transaction open
   * @throws IOException if the stream fails; {@link Builder#load} refuses the bytes written until
   *     then
   */
  public void save(OutputStream to) throws IOException {
    Objects.requireNonNull(to, "to");
    new SavedStore(fleet, server.saved()).write(to);
  }

  /** Does nothing: the store lives as long as its object. */
  @Override
  public void close() {}

  /** A builder of stores. Not thread-safe. */
  public static final class Builder {
    private String fleet = "fleet";
    private @Nullable LongSupplier clockNanos;
    private boolean isTrusted = true;
    private LongSupplier lineageTokens = () -> Lineage.drawn().token();
    private Retention evidence = Retention.DEFAULT.withMaxBytes(DEFAULT_EVIDENCE_BYTES);

    private boolean isTwin;

    private Builder() {}

    /** Sets the name of the fleet in logs. */
    public Builder fleet(String name) {
      this.fleet = Objects.requireNonNull(name, "fleet");
      return this;
    }

    /**
     * Sets the clock in nanoseconds. Leases run by it and the fleet trusts it ({@link
     * FleetStore#trustedClockNanos}). Without one, {@link #clockNanos} is always 0 and a lease
     * lasts until its session ends.
     */
    public Builder clock(LongSupplier nanos) {
      this.clockNanos = Objects.requireNonNull(nanos, "clock");
      this.isTrusted = true;
      return this;
    }

    /** Sets a clock, in nanoseconds, that only leases run by and that the fleet does not trust. */
    public Builder leaseClock(LongSupplier nanos) {
      this.clockNanos = Objects.requireNonNull(nanos, "clock");
      this.isTrusted = false;
      return this;
    }

    /**
     * Sets the most bytes of evidence that are kept ({@value #DEFAULT_EVIDENCE_BYTES} unless set):
     * payloads, and 38 bytes a record. Beyond it, or beyond 100,000 records, the oldest commits go
     * whole; the newest stays. What a recorder was told is not affected. Throws {@code
     * IllegalArgumentException} for less than 1.
     */
    public Builder evidenceBytes(long most) {
      this.evidence = evidence.withMaxBytes(most);
      return this;
    }

    private Server server() {
      return new Server(
          new Server.Settings(clockNanos, isTrusted, lineageTokens, evidence, isTwin));
    }

    /** Sets the source of lineage tokens; the default is random. */
    public Builder lineageTokens(LongSupplier tokens) {
      this.lineageTokens = Objects.requireNonNull(tokens, "lineageTokens");
      return this;
    }

    /**
     * Sets the lineages to a fixed sequence, for tests and simulations only: workers and portals
     * that outlive the store could not tell its histories apart.
     */
    public Builder fixedLineages() {
      return lineageTokens(new CountedTokens());
    }

    /**
     * Keeps a second state to which the changes of each commit are applied, and refuses a commit by
     * an {@code InvariantViolation} if the digests of its rows, of the leader's state and of the
     * commit differ. For tests: the rows take twice the memory, and each commit reads all of them.
     */
    public Builder twin() {
      this.isTwin = true;
      return this;
    }

    /** Returns a store whose fleet has not begun. */
    public MemoryChunkStore build() {
      return new MemoryChunkStore(server(), fleet);
    }

    /**
     * Returns the store that {@link MemoryChunkStore#save} wrote, with its name and with the clock
     * and tokens of this builder. Epochs continue. A lease is kept until it expires, as after a
     * crash: only its holder may claim at once. Without a clock it is over.
     *
     * <p>The clock must continue the saved store's clock, and the tokens must not repeat earlier
     * ones. Reads to the end of the stream and does not close it.
     *
     * @throws StorageException.Corrupt if the bytes are not exactly one saved store of this version
     * @throws IOException if the stream fails
     */
    public MemoryChunkStore load(InputStream from) throws IOException {
      SavedStore saved = SavedStore.read(Objects.requireNonNull(from, "from"));
      Server loaded = server();
      try {
        loaded.resume(saved.saved());
      } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
        throw new StorageException.Corrupt(
            "the saved rows contradict each other: " + e.getMessage() + "; load another copy", e);
      }
      return new MemoryChunkStore(loaded, saved.fleet());
    }
  }
}
