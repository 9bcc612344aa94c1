package dev.stowage.client;

import dev.stowage.client.HeldQuestions.Reply;
import dev.stowage.lifecycle.documents.Envelope;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A portal that keeps the routes of its datasets, takes no older ones while they may be used, and
 * stops answering once it could not revalidate them within the fleet's limit. The host passes the
 * transport and calls {@link #turn}. Thread-safe; lookups never wait.
 *
 * <p>Portals that are {@link #relaying} form a relay tree: one that the leader puts behind another
 * takes the routes that the other one has, by its {@link #ask}, and asks the leader where that does
 * not help.
 */
public final class PortalClient {
  private static final int MOST_LINEAGES = 1_024;

  private static final int BUSY = 20;

  // A held request takes its time from the validity of its answer.
  private static final int MOST_OF_WINDOW = 8;

  private final PortalId id;
  private final ClientConfig config;
  private final Exchange exchange;
  private final Clock clock = new Clock();
  private final String fleet;
  private volatile Held held =
      new Held(RouteBook.EMPTY, Optional.empty(), false, 0, 0, 0, List.of(), Set.of());

  private @Nullable Exchange relay;
  private @Nullable Exchange others;
  private @Nullable PortalId above;
  private volatile HeldQuestions questions = new HeldQuestions(0, Runnable::run);
  private volatile Runnable onAnswer = () -> {};

  private final Set<Lineage> left = new LinkedHashSet<>();
  private List<DatasetId> interests = List.of();
  private boolean wantsWhole = true;
  private boolean wantsLeader;
  private boolean wantsNow;
  private boolean isHeld;
  private long heldUntil;
  private long askAt;
  private long older;

  /**
   * The knowledge of a portal.
   *
   * @param last the changes that led to the book; empty if all routes came at once
   * @param window how long a leader's answer is valid
   * @param hostNow the host's clock when it was last read
   */
  private record Held(
      RouteBook book,
      Optional<RoutesDocument> last,
      boolean isGood,
      long validUntil,
      long window,
      long hostNow,
      List<DatasetId> followed,
      Set<WorkerId> strained) {
    Held at(boolean good, long nanos) {
      return new Held(book, last, good, validUntil, window, nanos, followed, strained);
    }

    boolean isServing(long nanos) {
      return isGood && validNanos(nanos) > 0;
    }

    long validNanos(long nanos) {
      return validUntil - hostNow - Math.max(0, nanos - hostNow);
    }

    boolean isPassedOn(long nanos) {
      return isServing(nanos) && window > 0 && validNanos(nanos) >= window / 2;
    }

    boolean follows(List<DatasetId> datasets) {
      return followed.isEmpty() || (!datasets.isEmpty() && followed.containsAll(datasets));
    }

    boolean isBehind(Wire.AskRoutes question) {
      return question.lineage().equals(book.lineage())
          && question.known().filter(known -> known.compareTo(book.id()) > 0).isPresent();
    }

    RoutesDocument since(Wire.AskRoutes question) {
      Optional<PortalAssignmentId> from =
          question.lineage().equals(book.lineage()) ? question.known() : Optional.empty();
      RoutesDocument routes;
      if (from.equals(Optional.of(book.id()))) {
        routes = new RoutesDocument(book.lineage(), book.id(), from, List.of(), List.of());
      } else if (from.isPresent() && last.filter(it -> it.from().equals(from)).isPresent()) {
        routes = last.get();
      } else {
        routes =
            new RoutesDocument(
                book.lineage(), book.id(), Optional.empty(), List.of(), book.routes());
      }
      return routes.of(question.datasets());
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
    this.fleet = fleet;
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

  /**
   * Asks a relay from now on, which {@code transport} carries requests to, and the leader only for
   * what the relay refuses, cannot deliver within the timeout, or has in an older state than this
   * portal.
   */
  public synchronized void behind(Transport transport) {
    Exchange by = new Exchange(transport, config, fleet, id.value());
    by.onAnswer(onAnswer);
    relay = by;
    refresh();
  }

  /** Asks the leader alone, as at the beginning. */
  public synchronized void behindNobody() {
    relay = null;
    refresh();
  }

  /**
   * Takes part in the relay tree of a leader's propagation, and returns this: asks the portal that
   * the leader names, by its transport, as {@link #behind}, and holds {@code most} questions of
   * others in {@link #ask}, whose answers {@code executor} makes. It asks to be held, or has no
   * relay.
   */
  public synchronized PortalClient relaying(
      Function<PortalId, Transport> transports, int most, Executor executor) {
    questions = new HeldQuestions(most, Objects.requireNonNull(executor, "executor"));
    Transport named =
        (request, route) ->
            transports.apply(Objects.requireNonNull(above, "above")).send(request, route);
    Exchange by = new Exchange(named, config, fleet, id.value());
    by.onAnswer(() -> onAnswer.run());
    others = by;
    return this;
  }

  /** Ends the portal, which is {@link #turn}ed no more: refuses new and held questions. */
  public synchronized void close() {
    held = held.at(false, held.hostNow);
    questions.wakeAll();
  }

  /**
   * Answers as {@link #answer}, but a question that asks to wait and would be told nothing new only
   * once this portal knows more or has no routes to pass on, or the wait is over: in one that is
   * {@link #relaying}. Holding takes no thread. The stage fails if the executor refuses.
   */
  public CompletionStage<byte[]> ask(byte[] request, long nowNanos) {
    Wire.Question question = ClientDoor.question(request, fleet);
    return question == null
        ? CompletableFuture.completedFuture(answer(request, nowNanos))
        : questions.ask(question, ClientDoor.formatOf(request), () -> reply(request, nowNanos));
  }

  /**
   * Answers another portal's request for routes with those of this portal, bytes in and out, at a
   * time of the clock of {@link #turn}. It refuses when it was not given the newest routes for half
   * of the time in which they may be used, and for datasets that it does not follow. Never throws
   * for the request's content.
   */
  public byte[] answer(byte[] request, long nowNanos) {
    return reply(request, nowNanos).bytes();
  }

  private Reply reply(byte[] request, long nowNanos) {
    return ClientDoor.reply(
        request,
        fleet,
        envelope ->
            envelope.name().equals(Wire.AskRoutes.SHAPE.name())
                ? passOn(envelope, nowNanos)
                : ClientDoor.unsupported(envelope));
  }

  private Reply passOn(Envelope request, long nowNanos) {
    Wire.AskRoutes question = request.read(Wire.AskRoutes.SHAPE);
    Held now = held;
    if (!now.isPassedOn(nowNanos) || !now.follows(question.datasets()) || now.isBehind(question)) {
      return ClientDoor.refused(
          request,
          ClientDoor.Refusal.UNAVAILABLE,
          "portal " + id + " has no newer routes of the datasets; ask the leader");
    }
    Wire.ToldRoutes routes =
        new Wire.ToldRoutes(
            now.validNanos(nowNanos),
            now.window,
            now.since(question),
            List.copyOf(new TreeSet<>(now.strained)),
            Optional.of(id));
    return new Reply(
        Envelope.seal(request.format(), fleet, Wire.ToldRoutes.SHAPE, routes), routes.isSame());
  }

  /**
   * Asks for news with the next turn, before the pause between two requests is over or the answer
   * to a held one has come.
   */
  public synchronized void refresh() {
    askAt = 0;
    wantsNow = true;
  }

  /**
   * Runs {@code hint} when an answer has come, on the thread that brings it, so that the host calls
   * {@link #turn} at once; returns this. The hint must not throw.
   */
  public synchronized PortalClient waking(Runnable hint) {
    onAnswer = hint;
    exchange.onAnswer(hint);
    return this;
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
    Exchange by = relay;
    if (by != null) {
      long failures = by.failures();
      by.turn(now);
      wantsLeader |= by.failures() > failures;
    }
    if (!held.isPassedOn(nowNanos)) {
      questions.wakeAll();
    }
    if (wantsNow && isHeld) {
      isHeld = false;
      exchange.drop();
      if (by != null) {
        by.drop();
      }
    }
    boolean isIdle = !exchange.isAsking() && (by == null || !by.isAsking());
    if (by == null || !by.isFree(now) || (wantsLeader && exchange.isFree(now))) {
      ask(exchange, isIdle && (now >= askAt || wantsLeader), now, nowNanos);
    } else {
      ask(by, isIdle && now >= askAt, now, nowNanos);
    }
    boolean isFree = exchange.isFree(now) && (by == null || by.isFree(now));
    long pause = isFree ? askAt - now : config.pollNanos() / BUSY;
    return Math.max(1, pause);
  }

  private void ask(Exchange whom, boolean isDue, long now, long hostNanos) {
    if (!isDue || !whom.isFree(now)) {
      return;
    }
    wantsLeader = false;
    askAt = now + config.pollNanos();
    boolean isWhole = wantsWhole;
    boolean isAtOnce = wantsNow || isWhole || !held.isServing(hostNanos);
    long wait = isAtOnce ? 0 : Math.min(config.heldNanos(), held.window / MOST_OF_WINDOW);
    wantsNow = false;
    isHeld = wait > 0;
    heldUntil = now + wait;
    List<DatasetId> asked = interests;
    Wire.AskRoutes question =
        new Wire.AskRoutes(
            id,
            held.book.lineage(),
            isWhole ? Optional.empty() : Optional.of(held.book.id()),
            asked,
            wait,
            others != null);
    whom.ask(
        Wire.AskRoutes.SHAPE,
        question,
        now,
        answer -> told(answer.read(Wire.ToldRoutes.SHAPE), asked, hostNanos, held.hostNow));
  }

  private boolean goBehind(@Nullable PortalId next) {
    boolean isMoved = others != null && !Objects.equals(next, above);
    if (isMoved) {
      above = next;
      relay = next == null ? null : others;
    }
    return isMoved;
  }

  private void told(Wire.ToldRoutes answer, List<DatasetId> asked, long askedAt, long hostNanos) {
    RoutesDocument come = answer.routes();
    RouteBook book = held.book;
    boolean isSame = come.lineage().equals(book.lineage());
    boolean isOlder = isSame && come.id().compareTo(book.id()) < 0;
    boolean isBack = left.contains(come.lineage()) || isOlder;
    // Routes that are over bind nobody, so a store that fell back is believed from then on.
    if (isBack && held.isServing(hostNanos)) {
      older++;
      throw new IllegalArgumentException(
          "assignment "
              + come.id()
              + " of lineage "
              + come.lineage()
              + " is older than the one that the portal holds");
    }
    boolean isUnasked = wantsWhole && !come.isFull();
    wantsWhole = true;
    if (isUnasked) {
      throw new IllegalArgumentException("the answer is a delta; all routes were asked for");
    }
    RouteBook next = (isBack ? RouteBook.EMPTY : book).after(come);
    if (!isSame) {
      leave();
    }
    left.remove(come.lineage());
    long validUntil = askedAt + Math.min(answer.validNanos(), Long.MAX_VALUE / 4);
    Set<WorkerId> strained = new TreeSet<>(answer.strained());
    Optional<RoutesDocument> last =
        come.isFull() ? Optional.empty() : isSameBook(come, book) ? held.last : Optional.of(come);
    held =
        new Held(next, last, true, validUntil, answer.windowNanos(), held.hostNow, asked, strained);
    wantsWhole = !asked.equals(interests);
    if (!answer.isSame()) {
      questions.look();
    }
    boolean isMoved = goBehind(answer.relay().orElse(null));
    boolean isOver = isHeld && clock.nanos() >= heldUntil;
    if (config.holdNanos() > 0 && (isMoved || isOver || !answer.isSame())) {
      askAt = 0;
    }
  }

  private static boolean isSameBook(RoutesDocument come, RouteBook book) {
    return come.id().equals(book.id());
  }

  // A left lineage is not taken again while its successor's routes may be used: its store lost
  // commits.
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
    Exchange by = relay;
    String beside = by == null || by.failedInRow() == 0 ? "" : "relay: " + by.lastFailure();
    return new Status(
        isServing(nowNanos),
        exchange.failedInRow() > 0 ? exchange.lastFailure() : beside,
        held.book.lineage(),
        held.book.id().value(),
        held.book.size(),
        older,
        exchange.requests() + (by == null ? 0 : by.requests()),
        exchange.failures() + (by == null ? 0 : by.failures()));
  }
}
