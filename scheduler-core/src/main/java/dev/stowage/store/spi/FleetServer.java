package dev.stowage.store.spi;

import dev.stowage.store.ChunkStore;
import dev.stowage.store.Lease;
import dev.stowage.store.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A server with the stores of many fleets, which share what is costly there: connections, a
 * listener, transactions for leases. Thread-safe.
 */
public interface FleetServer extends AutoCloseable {
  /** Returns the name of the server, which is unique in the process. */
  String name();

  /** Opens the store of a fleet; throws as a store of its own does. The caller closes it. */
  FleetStore open(String fleet);

  /** Returns the time after which a turn on this server no longer counts as under way. */
  default Duration deadline() {
    return Duration.ofMinutes(1);
  }

  /**
   * Returns the lease of each store if it runs, in order; empty for one that a claim would get.
   * Throws {@link StorageException.Transient} if the server is away; another exception makes the
   * caller ask again about fewer stores.
   */
  default List<Optional<Lease>> running(List<FleetStore> stores) {
    List<Optional<Lease>> leases = new ArrayList<>(stores.size());
    for (FleetStore store : stores) {
      leases.add(store.lease().filter(lease -> lease.expiresAtNanos() > store.clockNanos()));
    }
    return leases;
  }

  /**
   * Extends leases, as {@link StoreSession#renew} does, and returns the failure of each, in order;
   * empty for a lease that was extended, or that its own transaction under way extends.
   */
  default List<Optional<RuntimeException>> renew(List<Renewal> renewals) {
    List<Optional<RuntimeException>> failures = new ArrayList<>(renewals.size());
    for (Renewal renewal : renewals) {
      failures.add(renewal.alone());
    }
    return failures;
  }

  /**
   * Reports for each store whether news waits in its inbox, in order; empty if the server cannot
   * tell, as by default: then only a leader's transaction does. Throws {@link
   * StorageException.Transient} if the server is away, else as {@link #running}.
   */
  default Optional<List<Boolean>> haveNews(List<FleetStore> stores) {
    return Optional.empty();
  }

  /** Releases what the stores share; they must be closed before. */
  @Override
  void close();

  /** A lease to be extended to at least {@code duration} from now. */
  record Renewal(StoreSession session, Duration duration) {
    /** Throws {@link NullPointerException} if a component is null. */
    public Renewal {
      Objects.requireNonNull(session, "session");
      Objects.requireNonNull(duration, "duration");
    }

    /** Renews the session by itself and returns the failure. */
    public Optional<RuntimeException> alone() {
      try {
        session.renew(duration);
        return Optional.empty();
      } catch (RuntimeException e) {
        return Optional.of(e);
      } catch (Error e) {
        return Optional.of(
            new StorageException.Transient(
                "the renewal threw", StorageException.Outcome.UNKNOWN, e));
      }
    }
  }

  /** Returns a server of stores that share nothing, such as those in memory. */
  static FleetServer of(String name, Function<String, ? extends ChunkStore> opens) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(opens, "opens");
    return new FleetServer() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public FleetStore open(String fleet) {
        return FleetStore.of(opens.apply(fleet));
      }

      @Override
      public void close() {}
    };
  }
}
