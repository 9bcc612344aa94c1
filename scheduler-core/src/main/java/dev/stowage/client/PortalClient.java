package dev.stowage.client;

import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A portal that keeps the routes of its datasets, never takes older ones, and stops answering once
 * it could not revalidate them within the fleet's limit. The host passes the transport and calls
 * {@link #turn}. Thread-safe; lookups never wait for the transport.
 */
public final class PortalClient {
  private static final int MOST_LINEAGES = 1_024;

  private static final int BUSY = 20;

  private final PortalId id;
  private final ClientConfig config;
  private final Exchange exchange;
  private final Clock clock = new Clock();
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final RouteBook book = new RouteBook();

  private boolean isGood;
  private long validUntil;
  private long hostNow;
  private Lineage lineage = Lineage.of(0);
  private long assignment;
  private List<DatasetId> followed = List.of();
  private Set<WorkerId> strained = Set.of();

  private final Set<Lineage> left = new LinkedHashSet<>();
  private List<DatasetId> interests = List.of();
  private boolean wantsWhole = true;
  private long askAt;
  private long older;

  /** The knowledge of a block. */
  public sealed interface Sight {
    /** A visible chunk covers the block; its route has no workers if it is unavailable now. */
    record Found(Route route) implements Sight {}

    /** No visible chunk covers the block. */
    record Nothing() implements Sight {}

    /** Unknown: the portal has no usable routes. */
    record Stale() implements Sight {}

    /** The portal does not follow the dataset. */
    record NotFollowed() implements Sight {}
  }

  /**
   * The condition of a portal at one moment.
   *
   * @param isServing true while its routes may be used
   * @param trouble the last failure; empty if the last request went well
   * @param lineage the lineage of the assignment
   * @param assignment the assignment, 0 for none
   * @param routes the number of routed chunks
   * @param olderRefused the number of older assignments refused
   * @param requests the number of requests sent
   * @param failures the number of failed requests
   */
  public record Status(
      boolean isServing,
      String trouble,
      Lineage lineage,
      long assignment,
      int routes,
      long olderRefused,
      long requests,
      long failures) {}

  /** Creates a portal that follows all datasets and refuses answers of other fleets. */
  public PortalClient(String fleet, PortalId portal, Transport transport, ClientConfig config) {
    this.id = Objects.requireNonNull(portal, "portal");
    this.config = Objects.requireNonNull(config, "config");
    this.exchange = new Exchange(transport, config, fleet, portal.value());
  }

  /** Returns the portal's name. */
  public PortalId id() {
    return id;
  }

  /** Follows only these datasets, all if empty; old ones are answered until the next answer. */
  public synchronized void follow(Set<DatasetId> datasets) {
    List<DatasetId> sorted = List.copyOf(new TreeSet<>(datasets));
    if (!sorted.equals(interests)) {
      interests = sorted;
      wantsWhole = true;
      askAt = 0;
    }
  }

  /**
   * Takes in answers and sends the next request, without waiting; returns the nanoseconds until the
   * next useful turn, at least 1. After a step back of the clock, best {@link System#nanoTime}, the
   * portal answers nothing until revalidated.
   */
  public synchronized long turn(long nowNanos) {
    boolean stepsBack = clock.stepsBack(nowNanos);
    long now = clock.nanos();
    lock.writeLock().lock();
    try {
      isGood &= !stepsBack;
      hostNow = nowNanos;
    } finally {
      lock.writeLock().unlock();
    }
    exchange.turn(now);
    if (exchange.isFree(now) && now >= askAt) {
      ask(now, nowNanos);
    }
    long pause = exchange.isFree(now) ? askAt - now : config.pollNanos() / BUSY;
    return Math.max(1, pause);
  }

  private void ask(long now, long hostNanos) {
    askAt = now + config.pollNanos();
    boolean isWhole = wantsWhole;
    List<DatasetId> asked = interests;
    Wire.AskRoutes question =
        new Wire.AskRoutes(
            id,
            lineage,
            isWhole ? Optional.empty() : Optional.of(PortalAssignmentId.of(assignment)),
            asked);
    exchange.ask(
        Wire.AskRoutes.SHAPE,
        question,
        now,
        answer -> told(answer.read(Wire.ToldRoutes.SHAPE), asked, hostNanos));
  }

  private void told(Wire.ToldRoutes answer, List<DatasetId> asked, long askedAt) {
    RoutesDocument come = answer.routes();
    boolean isSame = come.lineage().equals(lineage);
    if (left.contains(come.lineage()) || (isSame && come.id().value() < assignment)) {
      older++;
      wantsWhole = true;
      throw new IllegalArgumentException(
          "assignment "
              + come.id()
              + " of lineage "
              + come.lineage()
              + " is older than the one that the portal holds");
    }
    if (!come.isFull()
        && (!isSame || wantsWhole || come.from().orElseThrow().value() != assignment)) {
      wantsWhole = true;
      throw new IllegalArgumentException(
          "the delta does not continue the assignment that the portal holds");
    }
    if (!isSame) {
      leave();
    }
    lock.writeLock().lock();
    try {
      book.take(come);
      lineage = come.lineage();
      assignment = come.id().value();
      isGood = true;
      validUntil = askedAt + Math.min(answer.validNanos(), Long.MAX_VALUE / 4);
      followed = asked;
      strained = new TreeSet<>(answer.strained());
    } finally {
      lock.writeLock().unlock();
    }
    wantsWhole = !asked.equals(interests);
  }

  // A left lineage is never taken again: its store lost commits.
  private void leave() {
    if (isKnown()) {
      left.add(lineage);
    }
    if (left.size() > MOST_LINEAGES) {
      left.remove(left.iterator().next());
    }
  }

  private boolean isKnown() {
    return assignment > 0 || book.size() > 0 || isGood;
  }

  /**
   * Returns the workers of a route in the order in which a reader in {@code zone} should ask them
   * through this portal: {@link Route#workersFor} for the portal's name, with the workers last that
   * were under pressure when the fleet last answered. Throws as that does.
   */
  public List<WorkerId> workersFor(Route route, String zone) {
    Set<WorkerId> pressed;
    lock.readLock().lock();
    try {
      pressed = strained;
    } finally {
      lock.readLock().unlock();
    }
    return route.workersFor(id.value(), zone, pressed::contains);
  }

  /** Returns the chunk that covers a block, at a time of the clock of {@link #turn}. */
  public Sight at(DatasetId dataset, long block, long nowNanos) {
    lock.readLock().lock();
    try {
      return sight(dataset, book.at(dataset, block), nowNanos);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Returns the sight of a chunk, at a time of the clock of {@link #turn}. */
  public Sight of(ChunkKey chunk, long nowNanos) {
    lock.readLock().lock();
    try {
      return sight(chunk.dataset(), book.of(chunk), nowNanos);
    } finally {
      lock.readLock().unlock();
    }
  }

  private Sight sight(DatasetId dataset, @Nullable Route route, long nowNanos) {
    if (!isServing(nowNanos)) {
      return new Sight.Stale();
    }
    if (!followed.isEmpty() && !followed.contains(dataset)) {
      return new Sight.NotFollowed();
    }
    return route == null ? new Sight.Nothing() : new Sight.Found(route);
  }

  private boolean isServing(long nowNanos) {
    return isGood && Math.max(0, nowNanos - hostNow) + hostNow - validUntil < 0;
  }

  /** Returns the condition of the portal. */
  public synchronized Status status(long nowNanos) {
    lock.readLock().lock();
    try {
      return new Status(
          isServing(nowNanos),
          exchange.failedInRow() > 0 ? exchange.lastFailure() : "",
          lineage,
          assignment,
          book.size(),
          older,
          exchange.requests(),
          exchange.failures());
    } finally {
      lock.readLock().unlock();
    }
  }
}
