package dev.stowage.client;

import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A portal that keeps the routes of its datasets, never takes older ones, and stops answering once
 * it could not revalidate them within the fleet's limit. The host passes the transport and calls
 * {@link #turn}. Thread-safe; lookups never wait.
 */
public final class PortalClient {
  private static final int MOST_LINEAGES = 1_024;

  private static final int BUSY = 20;

  private final PortalId id;
  private final ClientConfig config;
  private final Exchange exchange;
  private final Clock clock = new Clock();
  private volatile Held held = new Held(RouteBook.EMPTY, false, 0, 0, List.of(), Set.of());

  private final Set<Lineage> left = new LinkedHashSet<>();
  private List<DatasetId> interests = List.of();
  private boolean wantsWhole = true;
  private long askAt;
  private long older;

  /**
   * The knowledge of a portal.
   *
   * @param hostNow the host's clock when it was last read
   */
  private record Held(
      RouteBook book,
      boolean isGood,
      long validUntil,
      long hostNow,
      List<DatasetId> followed,
      Set<WorkerId> strained) {
    Held at(boolean good, long nanos) {
      return new Held(book, good, validUntil, nanos, followed, strained);
    }

    boolean isServing(long nanos) {
      return isGood && Math.max(0, nanos - hostNow) + hostNow - validUntil < 0;
    }

    Sight sight(DatasetId dataset, Optional<Route> route, long nanos) {
      if (!isServing(nanos)) {
        return new Sight.Stale();
      }
      if (!followed.isEmpty() && !followed.contains(dataset)) {
        return new Sight.NotFollowed();
      }
      return route.<Sight>map(Sight.Found::new).orElseGet(Sight.Nothing::new);
    }
  }

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
      refresh();
    }
  }

  /** Asks for news with the next turn, before the pause between two requests is over. */
  public synchronized void refresh() {
    askAt = 0;
  }

  /**
   * Takes in answers and sends the next request, without waiting; returns the nanoseconds until the
   * next useful turn, at least 1. After a step back of the clock, best {@link System#nanoTime}, the
   * portal answers nothing until revalidated.
   */
  public synchronized long turn(long nowNanos) {
    boolean stepsBack = clock.stepsBack(nowNanos);
    long now = clock.nanos();
    held = held.at(held.isGood && !stepsBack, nowNanos);
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
            held.book.lineage(),
            isWhole ? Optional.empty() : Optional.of(held.book.id()),
            asked);
    exchange.ask(
        Wire.AskRoutes.SHAPE,
        question,
        now,
        answer -> told(answer.read(Wire.ToldRoutes.SHAPE), asked, hostNanos));
  }

  private void told(Wire.ToldRoutes answer, List<DatasetId> asked, long askedAt) {
    RoutesDocument come = answer.routes();
    RouteBook book = held.book;
    boolean isSame = come.lineage().equals(book.lineage());
    boolean isOlder = isSame && come.id().compareTo(book.id()) < 0;
    boolean isUnasked = wantsWhole && !come.isFull();
    wantsWhole = true;
    if (left.contains(come.lineage()) || isOlder) {
      older++;
      throw new IllegalArgumentException(
          "assignment "
              + come.id()
              + " of lineage "
              + come.lineage()
              + " is older than the one that the portal holds");
    }
    if (isUnasked) {
      throw new IllegalArgumentException("the answer is a delta; all routes were asked for");
    }
    RouteBook next = book.after(come);
    if (!isSame) {
      leave();
    }
    long validUntil = askedAt + Math.min(answer.validNanos(), Long.MAX_VALUE / 4);
    Set<WorkerId> strained = new TreeSet<>(answer.strained());
    held = new Held(next, true, validUntil, held.hostNow, asked, strained);
    wantsWhole = !asked.equals(interests);
  }

  // A left lineage is never taken again: its store lost commits.
  private void leave() {
    RouteBook book = held.book;
    if (book.id().value() > 0 || book.size() > 0 || held.isGood) {
      left.add(book.lineage());
    }
    if (left.size() > MOST_LINEAGES) {
      left.remove(left.iterator().next());
    }
  }

  /**
   * Returns the workers of a route in the order in which a reader in {@code zone} should ask them
   * through this portal: {@link Route#workersFor} for the portal's name, with the workers last that
   * were under pressure when the fleet last answered. Throws as that does.
   */
  public List<WorkerId> workersFor(Route route, String zone) {
    return route.workersFor(id.value(), zone, held.strained::contains);
  }

  /** Returns the chunk that covers a block, at a time of the clock of {@link #turn}. */
  public Sight at(DatasetId dataset, long block, long nowNanos) {
    Held now = held;
    return now.sight(dataset, now.book.at(dataset, block), nowNanos);
  }

  /** Returns the sight of a chunk, at a time of the clock of {@link #turn}. */
  public Sight of(ChunkKey chunk, long nowNanos) {
    Held now = held;
    return now.sight(chunk.dataset(), now.book.of(chunk), nowNanos);
  }

  /**
   * Reports whether its routes may be used, at a time of the clock of {@link #turn}; if so, {@link
   * #routes} is usable then.
   */
  public boolean isServing(long nowNanos) {
    return held.isServing(nowNanos);
  }

  /** Returns the routes that it took last, usable or not. */
  public RouteBook routes() {
    return held.book;
  }

  /** Returns the condition of the portal. */
  public synchronized Status status(long nowNanos) {
    return new Status(
        isServing(nowNanos),
        exchange.failedInRow() > 0 ? exchange.lastFailure() : "",
        held.book.lineage(),
        held.book.id().value(),
        held.book.size(),
        older,
        exchange.requests(),
        exchange.failures());
  }
}
