package dev.stowage.sim.kit.scenario;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.client.ClientConfig;
import dev.stowage.client.PortalClient;
import dev.stowage.client.RouteBook;
import dev.stowage.client.Transport;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.world.BytesOracle;
import dev.stowage.sim.kit.world.Moment;
import dev.stowage.sim.kit.world.SightOracle;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The portals of a story by name. Not thread-safe. */
final class StoryPortals {
  /** The name of every fleet that a story tells of. */
  static final String FLEET = "story";

  private static final ClientConfig CONFIG =
      ClientConfig.DEFAULT.withPoll(1).withHold(0).withRetries(1, 1);

  private final Transport transport;
  private final TreeMap<String, StoryPortal> portals = new TreeMap<>();
  private boolean isRestored;
  private long takes;
  private long tick;

  /** A portal, and how its routes were made. */
  private static final class StoryPortal {
    final PortalClient client;

    Set<DatasetId> interests = Set.of();

    /** The name of its relay; null if it asks the leader alone. */
    @Nullable String via;

    /** The relay that it was answered by last; null if it was asked of the leader. */
    @Nullable StoryPortal answered;

    /** The number of visibility cycles when they were made. */
    long publishes;

    /** True if they were made under per-worker confirmation: the bytes are there. */
    boolean isProven;

    StoryPortal(String name, Transport leader) {
      Transport asked =
          (request, route) -> {
            answered = null;
            return leader.send(request, route);
          };
      client = new PortalClient(FLEET, PortalId.of(name), asked, CONFIG);
    }
  }

  /** Creates no portals; {@code transport} answers at once. */
  StoryPortals(Transport transport) {
    this.transport = transport;
  }

  List<String> names() {
    return List.copyOf(portals.keySet());
  }

  List<PortalClient> clients() {
    return portals.values().stream().map(portal -> portal.client).toList();
  }

  private StoryPortal known(String name) {
    return portals.computeIfAbsent(name, it -> new StoryPortal(it, transport));
  }

  /** Lets a portal follow these datasets from its next request on; all if there are none. */
  void follow(String name, Set<DatasetId> datasets) {
    known(name).interests = datasets;
    known(name).client.follow(datasets);
  }

  Set<DatasetId> interests(String name) {
    return known(name).interests;
  }

  /** Lets a portal ask another one first from now on; empty to ask the leader alone. */
  void behind(String name, Optional<String> relay) {
    StoryPortal portal = known(name);
    if (relay.equals(Optional.ofNullable(portal.via))) {
      return;
    }
    portal.via = relay.orElse(null);
    if (relay.isEmpty()) {
      portal.client.behindNobody();
      return;
    }
    portal.client.behind((request, route) -> {
      StoryPortal asked = portals.get(relay.get());
      if (asked == null) {
        throw new IllegalStateException("no portal " + relay.get());
      }
      portal.answered = asked;
      return CompletableFuture.completedFuture(asked.client.answer(request, tick));
    });
  }

  boolean isBehind(String name) {
    return known(name).via != null;
  }

  /** Returns the routes of the relay that answered a portal last; empty if the leader did. */
  Optional<RouteBook> relayed(String name) {
    return Optional.ofNullable(known(name).answered).map(relay -> relay.client.routes());
  }

  /** Returns those of all routes that a portal is interested in. */
  List<Route> ofInterest(PortalClient portal, RouteBook all) {
    Set<DatasetId> datasets = known(portal.id().value()).interests;
    return all.routes().stream()
        .filter(route -> datasets.isEmpty() || datasets.contains(route.key().dataset()))
        .toList();
  }

  /** Records that the store lost commits, so that earlier sights of portals need not last. */
  void forgottenByTheStore() {
    isRestored = true;
  }

  /**
   * Lets a portal ask its relay, if it has one, or the leader for the newest routes.
   *
   * @param isProven true if they were made under per-worker confirmation
   * @return the portal
   */
  PortalClient take(
      String name, Moment now, boolean isProven, LifecycleView books, SightOracle sight) {
    StoryPortal portal = known(name);
    PortalClient client = portal.client;
    RouteBook before = isRestored ? null : client.routes();
    tick = now.tick();
    client.refresh();
    client.turn(tick);
    client.turn(tick); // a relay that does not help is followed by the leader
    client.turn(tick);
    StoryPortal relay = portal.answered;
    portal.publishes = relay == null ? now.publishes() : relay.publishes;
    portal.isProven = relay == null ? isProven : relay.isProven;
    takes++;
    sight.moved(
        name,
        before,
        client.routes(),
        gone -> mayGo(books, gone) || !follows(portal, gone.key().dataset()));
    return client;
  }

  private static boolean follows(StoryPortal portal, DatasetId dataset) {
    return portal.interests.isEmpty() || portal.interests.contains(dataset);
  }

  /** Reports whether portals may lose sight of a chunk. */
  static boolean mayGo(LifecycleView books, Route gone) {
    int chunk = books.chunkPosition(gone.number());
    return chunk < 0 || books.chunkState(chunk) != ChunkState.VISIBLE;
  }

  void clear() {
    portals.clear();
  }

  /**
   * Requests every chunk from every worker that each portal may ask by its routes; {@code bytes}
   * judges the replies.
   *
   * @return the number of requests
   */
  long ask(Map<WorkerId, ScriptedWorker> workers, Losses losses, long tick, BytesOracle bytes) {
    long asked = 0;
    for (StoryPortal portal : portals.values()) {
      if (portal.client.isServing(tick)) {
        asked +=
            bytes.whole(
                portal.client.routes().routes(),
                (id, number) -> holds(workers.get(id), number),
                (id, number) ->
                    isRestored
                        || !portal.isProven
                        || isExcused(workers.get(id), number, losses, portal.publishes));
      }
    }
    return asked;
  }

  static boolean holds(@Nullable ScriptedWorker worker, ChunkNumber number) {
    return worker != null && worker.holds(number);
  }

  /**
   * Reports whether missing bytes are excused: they went with a disk or as a last resort, or their
   * loss was reported since.
   */
  private static boolean isExcused(
      @Nullable ScriptedWorker worker, ChunkNumber number, Losses losses, long publishes) {
    return worker != null
        && (worker.excuses().mayMiss(number)
            || worker.excuses().gaveUpSince(number, publishes)
            || !isPromised(worker, number, losses, publishes));
  }

  private static boolean isPromised(
      ScriptedWorker worker, ChunkNumber number, Losses losses, long publishes) {
    return worker.excuses().arePromising(publishes)
        && !losses.isPromiseVoid(worker.id(), number, publishes);
  }

  long takes() {
    return takes;
  }

  Optional<PortalClient> named(String name) {
    return Optional.ofNullable(portals.get(name)).map(portal -> portal.client);
  }

  /**
   * Returns the portals that may ask a worker for a chunk by routes newer than its last return and
   * its last loss of the bytes.
   */
  List<PortalId> askers(
      ChunkKey key, ChunkNumber number, ScriptedWorker worker, Losses losses, long tick) {
    return portals.values().stream()
        .filter(each -> isPromised(worker, number, losses, each.publishes))
        .map(each -> each.client)
        .filter(each -> BytesOracle.mayAsk(each, key, number, worker.id(), tick))
        .map(PortalClient::id)
        .toList();
  }

  /** Reports whether a portal may ask a worker for bytes that were promised to it. */
  boolean mayAsk(
      ChunkKey key, ChunkNumber number, @Nullable ScriptedWorker worker, Losses losses, long tick) {
    return worker != null && !isRestored && !askers(key, number, worker, losses, tick).isEmpty();
  }
}
