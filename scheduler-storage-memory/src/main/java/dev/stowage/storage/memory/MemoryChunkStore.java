package dev.stowage.storage.memory;

import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.lifecycle.ChunkStatus;
import dev.stowage.lifecycle.Head;
import dev.stowage.lifecycle.Leaving;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.Claim;
import dev.stowage.store.Commit.CommitKey;
import dev.stowage.store.Commit.CommitOutcome;
import dev.stowage.store.FleetView;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreDescription;
import dev.stowage.store.StoreInbox;
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
 * A fleet in memory. Thread-safe: writers take turns, and a transaction makes them wait until it
 * ends; {@link #view} never waits, and what it answers is immutable.
 *
 * <p>Its clock is the caller's seam. Unless one is given there is none: a lease then ends by
 * resignation, by a claim of the same holder, or when the facade that holds it is closed, and of a
 * host's time no more is believed than a step of {@code maxStep} at once.
 *
 * <p>A store that begins anew, as after a restart of the process, begins another lineage: what
 * workers and portals know of the former one never passes for news of this one.
 */
public final class MemoryChunkStore implements ChunkStore {
  /** Of what is kept, in memory and in saved bytes. */
  static final int SCHEMA_VERSION = 1;

  private final Server server;
  private final String fleet;

  private MemoryChunkStore(Server server, String fleet) {
    this.server = server;
    this.fleet = fleet;
  }

  /** An empty store with every default. */
  public static MemoryChunkStore create() {
    return builder().build();
  }

  /** Settings of a store. */
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
  public FleetView view() {
    return server.view();
  }

  @Override
  public List<ChunkStatus> status(List<ChunkKey> chunks) {
    Objects.requireNonNull(chunks, "chunks");
    for (int at = 0; at < chunks.size(); at++) {
      if (chunks.get(at) == null) {
        throw new NullPointerException("chunks[" + at + "]");
      }
    }
    return server.status(chunks);
  }

  @Override
  public Head head(DatasetId dataset) {
    return server.head(Objects.requireNonNull(dataset, "dataset"));
  }

  @Override
  public Optional<Leaving> leaving(WorkerId worker) {
    return server.leaving(Objects.requireNonNull(worker, "worker"));
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
  public List<QuarantinedNews> quarantine(long afterMark, int most) {
    return server.quarantine(afterMark, most);
  }

  /** Remembers everything that is durable now. Costs in proportion to all that is stored. */
  public Checkpoint checkpoint() {
    return server.checkpoint();
  }

  /**
   * Falls back to an earlier moment, as a failover does that lost the commits since: whoever leads
   * is fenced, nothing is served, and the next claim starts a new lineage.
   */
  public void restore(Checkpoint checkpoint) {
    server.restore(Objects.requireNonNull(checkpoint, "checkpoint"));
  }

  /**
   * Writes everything that is durable now, to be read by {@link Builder#load}: rows, news,
   * evidence, commit keys, lease and epoch. The same state gives the same bytes. Assignments before
   * the newest are not written: whoever holds one of them is given a full document after a load.
   *
   * <p>The bytes are of one moment between two transactions: writers wait while the rows are
   * copied, and go on while they are written. Costs memory in proportion to all that is stored.
   * Flushes the stream and does not close it.
   *
   * @throws IllegalStateException if the calling thread has a transaction open
   * @throws IOException if the stream fails; what was written until then is refused by a load
   */
  public void save(OutputStream to) throws IOException {
    Objects.requireNonNull(to, "to");
    new SavedStore(fleet, server.saved()).write(to);
  }

  /** Does nothing: the store lives as long as its object. */
  @Override
  public void close() {}

  /** Settings of a store; every one has a default. Not thread-safe. */
  public static final class Builder {
    private String fleet = "fleet";
    private @Nullable LongSupplier clockNanos;
    private boolean isTrusted = true;
    private LongSupplier lineageTokens = () -> Lineage.drawn().token();

    private Builder() {}

    /** What the fleet is called in logs. */
    public Builder fleet(String name) {
      this.fleet = Objects.requireNonNull(name, "fleet");
      return this;
    }

    /**
     * The clock of the store, in nanoseconds: leases run by it, and the fleet trusts it to say how
     * much time has passed ({@link ChunkStore#trustedClockNanos}). Unless set there is none: {@link
     * #clockNanos} is 0 always, and a lease lasts until its session ends.
     */
    public Builder clock(LongSupplier nanos) {
      this.clockNanos = Objects.requireNonNull(nanos, "clock");
      this.isTrusted = true;
      return this;
    }

    /** A clock by which leases run, and nothing else: of time it says nothing to the fleet. */
    public Builder leaseClock(LongSupplier nanos) {
      this.clockNanos = Objects.requireNonNull(nanos, "clock");
      this.isTrusted = false;
      return this;
    }

    private Server server() {
      LongSupplier clock = clockNanos;
      if (clock == null) {
        return Server.withoutClock(lineageTokens);
      }
      return isTrusted
          ? new Server(clock, lineageTokens)
          : Server.withLeaseClock(clock, lineageTokens);
    }

    /** Where the tokens of new lineages come from; random ones unless set. */
    public Builder lineageTokens(LongSupplier tokens) {
      this.lineageTokens = Objects.requireNonNull(tokens, "lineageTokens");
      return this;
    }

    /**
     * The same lineages in every run, for tests and simulations. Never for a fleet whose workers or
     * portals outlive the store: they could not tell its histories apart.
     */
    public Builder fixedLineages() {
      return lineageTokens(new CountedTokens());
    }

    /** The store; its fleet has not begun. */
    public MemoryChunkStore build() {
      return new MemoryChunkStore(server(), fleet);
    }

    /**
     * Returns the store that {@link MemoryChunkStore#save} wrote, under the name it had, with the
     * clock and the tokens of this builder. Epochs go on from the one that was reached. A lease
     * that was held is kept until it expires, so that the same holder may claim at once and another
     * one waits, as after a crash; without a clock it is over.
     *
     * <p>The clock must go on from where that of the saved store was, as one that counts from a
     * fixed date does. A sequence of tokens must not repeat one that it gave before. Reads to the
     * end of the stream and does not close it.
     *
     * @throws StorageException.Corrupt if the bytes are not all of one saved store that this
     *     version reads: of another format or version, cut off, changed, or followed by others
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
