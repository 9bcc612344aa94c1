package dev.stowage.client;

import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.PortalId;
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
 * A portal: it keeps the routes of the datasets that it is interested in, takes what changes in
 * them, never goes back to older ones, and stops answering once it could not revalidate them for as
 * long as the fleet lets it use them. It has no transport and no thread of its own: the host passes
 * a function and calls {@link #turn}. Thread-safe; lookups do not wait for a turn's transport.
 */
public final class PortalClient {
  /** So many lineages that were left are remembered. */
  private static final int MOST_LINEAGES = 1_024;

  /** So many turns come in a pause between polls while an answer is awaited. */
  private static final int BUSY = 20;

  private final PortalId id;
  private final ClientConfig config;
  private final Exchange exchange;
  private final Clock clock = new Clock();
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final RouteBook book = new RouteBook();

  // Guarded by the lock.
  private boolean isGood;
  private long validUntil;
  private long hostNow;
  private Lineage lineage = Lineage.of(0);
  private long assignment;
  private List<DatasetId> followed = List.of();

  // Of the turn.
  private final Set<Lineage> left = new LinkedHashSet<>();
  private List<DatasetId> interests = List.of();
  private boolean wantsWhole = true;
  private long askAt;
  private long older;

  /** Says what is known of a block. */
  public sealed interface Sight {
    /**
     * A visible chunk covers it.
     *
     * @param route the chunk and the workers to ask; none of them if it is unavailable now
     */
    record Found(Route route) implements Sight {}

    /** No visible chunk covers it. */
    record Nothing() implements Sight {}

    /** The portal has no routes that it may still use: nothing can be said. */
    record Stale() implements Sight {}

    /** The portal does not follow the dataset. */
    record NotFollowed() implements Sight {}
  }

  /**
   * Describes a portal at one moment.
   *
   * @param isServing whether it may use what it has
   * @param trouble what failed last; empty if the last request went well
   * @param lineage of the assignment
   * @param assignment the assignment that it has, 0 for none
   * @param routes how many chunks it has routes for
   * @param olderRefused how often it was sent an older assignment, and did not take it
   * @param requests how many requests it has sent
   * @param failures how many of these failed
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

  /**
   * Makes a portal that follows all datasets.
   *
   * @param fleet the name of the fleet; answers of another one are refused
   */
  public PortalClient(String fleet, PortalId portal, Transport transport, ClientConfig config) {
    this.id = Objects.requireNonNull(portal, "portal");
    this.config = Objects.requireNonNull(config, "config");
    this.exchange = new Exchange(transport, config, fleet, portal.value());
  }

  /** Returns the portal's name. */
  public PortalId id() {
    return id;
  }

  /**
   * Follows these datasets alone from now on; all of them if none is named. Until the next answer
   * the portal answers for what it followed before.
   */
  public synchronized void follow(Set<DatasetId> datasets) {
    List<DatasetId> sorted = List.copyOf(new TreeSet<>(datasets));
    if (!sorted.equals(interests)) {
      interests = sorted;
      wantsWhole = true;
      askAt = 0;
    }
  }

  /**
   * Takes in what has come and sends the next request. Never waits.
   *
   * @param nowNanos the host's time, best {@link System#nanoTime}; after a step back the portal
   *     answers nothing until it has revalidated what it has
   * @return after how many nanoseconds another turn is worth while, at least 1
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

  /** Takes routes, which are valid from the moment at which they were asked for. */
  private void told(Wire.ToldRoutes answer, List<DatasetId> asked, long askedAt) {
    RoutesDocument come = answer.routes();
    boolean isSame = come.lineage().equals(lineage);
    if (left.contains(come.lineage()) || (isSame && come.id().value() < assignment)) {
      older++;
      wantsWhole = true;
      throw new IllegalArgumentException(
          "assignment " + come.id() + " of lineage " + come.lineage() + " is older than its own");
    }
    if (!come.isFull()
        && (!isSame || wantsWhole || come.from().orElseThrow().value() != assignment)) {
      wantsWhole = true;
      throw new IllegalArgumentException("a delta that does not continue what it has");
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
    } finally {
      lock.writeLock().unlock();
    }
    wantsWhole = !asked.equals(interests);
  }

  /** A lineage that was left is not taken again: it would be of a store that lost commits. */
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
   * Looks up the chunk that covers a block.
   *
   * @param nowNanos the host's time, of the same clock as that of {@link #turn}
   */
  public Sight at(DatasetId dataset, long block, long nowNanos) {
    lock.readLock().lock();
    try {
      return sight(dataset, book.at(dataset, block), nowNanos);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Looks up a chunk by its key.
   *
   * @param nowNanos the host's time, of the same clock as that of {@link #turn}
   */
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
    // A lookup may have read the clock before the turn did.
    return isGood && Math.max(0, nowNanos - hostNow) + hostNow - validUntil < 0;
  }

  /** Returns how the portal is. */
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
