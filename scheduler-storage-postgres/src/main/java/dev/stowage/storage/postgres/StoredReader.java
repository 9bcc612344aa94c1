package dev.stowage.storage.postgres;

import dev.stowage.answer.Question;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.store.Aged;
import dev.stowage.store.AgedReader;
import dev.stowage.store.StorageException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a standby where it may, and else from the primary. Beside a standby, few readings at a
 * time go to the primary, so that a standby that is away does not bring its load there; the others
 * are refused. Readers who ask for the same routes at one time share a reading. Thread-safe.
 */
final class StoredReader implements AgedReader {
  /** The most readings that go to the primary at a time, beside a standby. */
  static final int MOST_AT_PRIMARY = 2;

  /** The most different questions for routes that are shared. */
  private static final int MOST_SHARED = 64;

  private final Database database;
  private final @Nullable Standby standby;
  private final StoreClock clock;
  private final Proofs proofs;
  private final KnownConfig config = new KnownConfig();
  private final Semaphore turns = new Semaphore(MOST_AT_PRIMARY, true);
  private final Map<SharedKey, SharedReading<Aged<RoutesDocument>>> routes =
      new ConcurrentHashMap<>();

  /** A question for routes; {@code id} is negative where none is named. */
  private record SharedKey(boolean isDelta, Lineage lineage, long id) {}

  StoredReader(Database database, @Nullable Standby standby, StoreClock clock, Proofs proofs) {
    this.database = database;
    this.standby = standby;
    this.clock = clock;
    this.proofs = proofs;
  }

  @Override
  public <R> Aged<R> ask(Question<R> question) {
    return read(StoredAnswer.to(question), (fleet, any) -> true);
  }

  @Override
  public Aged<Optional<SliceDocument>> slice(WorkerId worker) {
    StoredAnswer<Optional<SliceDocument>> answer = StoredAnswer.slice(worker);
    return standby == null
        ? ofPrimary(answer)
        : inTurn(answer, "a slice that follows no assignment is the primary's to give");
  }

  @Override
  public OptionalLong standbyAgeNanos() {
    return standby == null ? OptionalLong.empty() : standby.ageNanos();
  }

  @Override
  public Aged<Optional<SliceDocument>> sliceSince(
      WorkerId worker, Lineage lineage, WorkerAssignmentId known) {
    // A worker that just registered may be unknown to the standby.
    return read(
        StoredAnswer.sliceSince(worker, lineage, known),
        (fleet, slice) ->
            slice.isPresent()
                && isAtLeast(fleet, lineage, fleet.workerAssignment() >= known.value()));
  }

  @Override
  public Aged<RoutesDocument> routes() {
    return shared(
        new SharedKey(false, Lineage.of(0), -1),
        () -> read(StoredAnswer.routes(), (fleet, any) -> true));
  }

  @Override
  public Aged<RoutesDocument> routes(Lineage lineage, PortalAssignmentId atLeast) {
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(atLeast, "atLeast");
    return shared(
        new SharedKey(false, lineage, atLeast.value()),
        () -> routesOf(StoredAnswer.routes(), lineage, atLeast));
  }

  @Override
  public Aged<RoutesDocument> routesSince(Lineage lineage, PortalAssignmentId known) {
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(known, "known");
    return shared(
        new SharedKey(true, lineage, known.value()),
        () -> routesOf(StoredAnswer.routesSince(lineage, known), lineage, known));
  }

  private Aged<RoutesDocument> routesOf(
      StoredAnswer<RoutesDocument> answer, Lineage lineage, PortalAssignmentId least) {
    return read(
        answer,
        (fleet, any) -> isAtLeast(fleet, lineage, fleet.portalAssignment() >= least.value()));
  }

  private Aged<RoutesDocument> shared(SharedKey key, Supplier<Aged<RoutesDocument>> reads) {
    if (routes.size() >= MOST_SHARED) {
      routes.clear();
    }
    return routes.computeIfAbsent(key, any -> new SharedReading<>()).get(reads);
  }

  /**
   * Reports whether a fleet has reached an assignment: {@code isReached} if it is in the lineage of
   * the assignment, and true if it has left that lineage.
   */
  private static boolean isAtLeast(FleetRow fleet, Lineage lineage, boolean isReached) {
    Lineage present = fleet.lineages().get(fleet.lineages().size() - 1).token();
    return present.equals(lineage)
        ? isReached
        : fleet.lineages().stream().anyMatch(known -> known.token().equals(lineage));
  }

  private <T> Aged<T> read(StoredAnswer<T> answer, BiPredicate<FleetRow, T> isEnough) {
    Standby from = standby;
    if (from == null) {
      return ofPrimary(answer);
    }
    Standby.Attempt<T> attempt = from.attempt(answer, isEnough);
    Aged<T> read = attempt.answer();
    return read == null ? inTurn(answer, attempt.whyNot()) : read;
  }

  private <T> Aged<T> inTurn(StoredAnswer<T> answer, String why) {
    if (!tryTurn()) {
      throw refused(
          answer, why + "; " + MOST_AT_PRIMARY + " other readings are at the primary", null);
    }
    try {
      return ofPrimary(answer);
    } catch (StorageException.Transient e) {
      throw refused(answer, why + "; the primary: " + e.getMessage(), e);
    } finally {
      turns.release();
    }
  }

  private boolean tryTurn() {
    Standby from = standby;
    long wait = from == null ? 0 : from.waits().toNanos();
    try {
      return turns.tryAcquire(wait, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private StorageException.Transient refused(
      StoredAnswer<?> answer, String why, @Nullable Throwable cause) {
    return new StorageException.Transient(
        "no server gives " + answer.what() + " of schema " + database.schema.name() + ": " + why,
        StorageException.Outcome.NOT_COMMITTED,
        cause);
  }

  private <T> Aged<T> ofPrimary(StoredAnswer<T> answer) {
    long known = proofs.newestEpoch();
    Dated<T> read =
        Dated.read(
            database,
            answer,
            config,
            LeaseSql::ask,
            lease -> proofs.seen(lease, known),
            database::begin);
    long nowNanos = read.lease().nowNanos();
    return read.aged(
        clock.read(nowNanos).stream().map(read::ageNanos).findFirst().orElse(0), false);
  }
}
