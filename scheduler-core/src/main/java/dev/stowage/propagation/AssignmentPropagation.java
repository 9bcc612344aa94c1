package dev.stowage.propagation;

import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.propagation.InterestDeclaration.InterestLevel;
import dev.stowage.propagation.Message.MessageBatch;
import dev.stowage.propagation.PropagationPlan.Outgoing;
import dev.stowage.propagation.Recipient.RecipientAnswer;
import dev.stowage.propagation.paths.Digest64;
import dev.stowage.propagation.topology.PropagationTopology.TopologyAnswer;
import dev.stowage.propagation.topology.StarTopology;
import dev.stowage.propagation.topology.TreeTopology;
import dev.stowage.store.FleetView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells workers and portals of new assignments. {@link #follow} plans an update for every recipient
 * whose slice or routes changed; {@link #outgoing} returns the messages to send, which count as
 * delivered. Waiting updates are merged. The smaller of delta and full document is sent, the full
 * one if the recipient's assignment is unknown or no longer retained. {@link #pull} and {@link
 * #refused} make up for lost messages. Nothing is stored: a new leader starts without knowledge of
 * its recipients. Confined to one thread at a time; commands may run in others.
 *
 * <p>With {@link PropagationConfig#fanOut} the portals of all datasets form a relay tree, complete
 * at any time ({@link TreeTopology}): only those at its top are told, and each other one takes the
 * routes of its {@link #relay}. Workers and portals with interests are told by the leader.
 */
public final class AssignmentPropagation {
  private final Supplier<FleetView> fleet;
  private final PropagationScheduler scheduler;
  private final StarTopology star;
  private final @Nullable TreeTopology tree;
  private final NodeId hub;
  private final Digest digest;
  private final RoutesSince routes = new RoutesSince();
  private final TreeMap<Recipient, Feed> feeds = new TreeMap<>();
  private final Map<StateId, Feed> byState = new HashMap<>();

  /** The feeds of the portals in the tree; only those at its top are served. */
  private final Map<NodeId, Feed> portals = new HashMap<>();

  private final Set<NodeId> nodes = new HashSet<>();
  private @Nullable FleetView followed;
  private @Nullable EvidenceLog flushed;

  /** Maps names to ids; tests of collisions replace it. */
  @FunctionalInterface
  interface Digest {
    long of(String kind, String name);
  }

  AssignmentPropagation(
      Supplier<FleetView> fleet,
      PropagationConfig config,
      @Nullable EvidenceLog log,
      Digest digest) {
    this.fleet = Objects.requireNonNull(fleet, "fleet");
    this.digest = digest;
    hub = NodeId.of(digest.of("hub", "stowage"));
    star = new StarTopology(hub);
    tree = config.fanOut() == 0 ? null : new TreeTopology(hub, config.fanOut());
    nodes.add(hub);
    var builder = PropagationScheduler.builder(new InterestMap(), star).config(scheduling(config));
    scheduler = log == null ? builder.build() : builder.recording(log).build();
  }

  /** Retains by assignment ids, not by counts of updates. */
  private static PropagationConfig scheduling(PropagationConfig config) {
    return config.withRetainedVersions(Long.MAX_VALUE);
  }

  /** Creates propagation over {@code fleet}, such as {@code stowage::fleet}, without recipients. */
  public static AssignmentPropagation of(Supplier<FleetView> fleet, PropagationConfig config) {
    return new AssignmentPropagation(fleet, config, null, Digest64::of);
  }

  /** Creates propagation that records its decisions into {@code log}. */
  public static AssignmentPropagation recording(
      Supplier<FleetView> fleet, PropagationConfig config, EvidenceLog log) {
    return new AssignmentPropagation(
        fleet, config, Objects.requireNonNull(log, "log"), Digest64::of);
  }

  /** Creates propagation that records into {@code log}, and flushes it when a call ends. */
  public static AssignmentPropagation flushing(
      Supplier<FleetView> fleet, PropagationConfig config, EvidenceLog log) {
    AssignmentPropagation propagation = recording(fleet, config, log);
    propagation.flushed = log;
    return propagation;
  }

  private <T> T handedOver(T answer) {
    if (flushed != null) {
      flushed.flush();
    }
    return answer;
  }

  /** Returns the header of its log; {@link PropagationScheduler#factory} replays it. */
  public static EvidenceHeader header(PropagationConfig config, String libraryVersion) {
    return PropagationScheduler.header(scheduling(config), libraryVersion);
  }

  /** Registers a worker at {@link InterestLevel#HIGH} over a default link. */
  public RecipientAnswer register(WorkerId worker, long nowNanos) {
    return register(Recipient.of(worker), InterestLevel.HIGH, Link.DEFAULT, nowNanos);
  }

  /** Registers a portal at {@link InterestLevel#CRITICAL} over a default link. */
  public RecipientAnswer register(PortalId portal, long nowNanos) {
    return register(portal, Set.of(), nowNanos);
  }

  /**
   * Registers a portal of these datasets, of all if there are none, which is told of nothing else.
   */
  public RecipientAnswer register(PortalId portal, Set<DatasetId> datasets, long nowNanos) {
    return register(
        Recipient.of(portal),
        Collections.unmodifiableSet(new TreeSet<>(datasets)),
        InterestLevel.CRITICAL,
        Link.DEFAULT,
        true,
        nowNanos);
  }

  /**
   * Registers a recipient at HIGH or CRITICAL, outside of the tree; unless it pulls first, it is
   * sent everything.
   */
  public RecipientAnswer register(
      Recipient recipient, InterestLevel level, Link link, long nowNanos) {
    return register(recipient, Set.of(), level, link, false, nowNanos);
  }

  private RecipientAnswer register(
      Recipient recipient,
      Set<DatasetId> datasets,
      InterestLevel level,
      Link link,
      boolean isRelayed,
      long nowNanos) {
    if (level.compareTo(InterestLevel.HIGH) < 0) {
      return RecipientAnswer.LEVEL_TOO_LOW;
    }
    if (feeds.containsKey(recipient) || member(recipient) != null) {
      return RecipientAnswer.ALREADY_SO;
    }
    Feed feed = feed(recipient, datasets, level);
    if (nodes.contains(feed.node) || byState.containsKey(feed.state)) {
      return RecipientAnswer.ID_COLLISION;
    }
    nodes.add(feed.node);
    byState.put(feed.state, feed);
    if (tree != null && datasets.isEmpty() && isRelayed) {
      portals.put(feed.node, feed);
      tree.add(feed.node, link);
      serveTop(tree, nowNanos);
    } else {
      serve(feed, link, nowNanos);
    }
    return handedOver(RecipientAnswer.DONE);
  }

  private void serveTop(TreeTopology of, long nowNanos) {
    for (NodeId node : of.downstream(hub)) {
      Feed feed = Objects.requireNonNull(portals.get(node));
      if (!feeds.containsKey(feed.recipient)) {
        serve(feed, of.columns().linkOf(of.columns().find(node)), nowNanos);
      }
    }
  }

  private void serve(Feed feed, Link link, long nowNanos) {
    feeds.put(feed.recipient, feed);
    star.add(feed.node, link);
    FleetView view = followed;
    if (view != null) {
      examine(feed, view, nowNanos);
    }
  }

  /**
   * Returns the portal whose routes a portal takes ({@code PortalClient.behind}); empty for one
   * that the leader tells, and for an unknown one. {@link #unregister} may change it.
   */
  public Optional<PortalId> relay(PortalId portal) {
    Feed known = member(Recipient.of(portal));
    return tree == null || known == null
        ? Optional.empty()
        : tree.parent(known.node)
            .map(portals::get)
            .map(above -> PortalId.of(above.recipient.name()));
  }

  private @Nullable Feed member(Recipient recipient) {
    Feed known = portals.get(NodeId.of(digest.of(recipient.kind(), recipient.name())));
    return known != null && known.recipient.equals(recipient) ? known : null;
  }

  private Feed feed(Recipient recipient, Set<DatasetId> datasets, InterestLevel level) {
    NodeId node = NodeId.of(digest.of(recipient.kind(), recipient.name()));
    if (recipient instanceof Recipient.OfWorker worker) {
      return new SliceFeed(worker, node, StateId.of(digest.of("slice", worker.name())), level);
    }
    StateId state = StateId.of(digest.of("routes", recipient.name()));
    return new RoutesFeed((Recipient.OfPortal) recipient, datasets, node, state, level, routes);
  }

  /** Unregisters a recipient; in the tree the portal that came last takes its place. */
  public RecipientAnswer unregister(Recipient recipient) {
    Feed member = member(recipient);
    Feed served = feeds.remove(recipient);
    Feed feed = served == null ? member : served;
    if (feed == null) {
      return RecipientAnswer.UNKNOWN_RECIPIENT;
    }
    if (served != null) {
      scheduler.interests().removeNode(feed.node);
      scheduler.forget(feed.state);
      star.remove(feed.node);
    }
    nodes.remove(feed.node);
    byState.remove(feed.state);
    if (member != null && tree != null) {
      portals.remove(feed.node);
      tree.remove(feed.node);
      serveTop(tree, scheduler.interests().clock().latest());
    }
    return handedOver(RecipientAnswer.DONE);
  }

  /** Replaces a recipient's link; updates that did not fit the old link are planned again. */
  public RecipientAnswer link(Recipient recipient, Link link, long nowNanos) {
    Feed feed = feeds.get(recipient);
    if (feed == null) {
      return RecipientAnswer.UNKNOWN_RECIPIENT;
    }
    if (star.link(feed.node, link) != TopologyAnswer.DONE) {
      return RecipientAnswer.ALREADY_SO;
    }
    FleetView view = feed.examined;
    if (view != null && feed.isOutdated) {
      plan(feed, view, nowNanos);
    }
    return handedOver(RecipientAnswer.DONE);
  }

  /** Plans the changes of a cycle, and returns the number of recipients with a plan. */
  public int follow(long nowNanos) {
    FleetView view = fleet.get();
    followed = view;
    int planned = 0;
    for (Feed feed : feeds.values()) {
      planned += examine(feed, view, nowNanos) ? 1 : 0;
    }
    return handedOver(planned);
  }

  private boolean examine(Feed feed, FleetView view, long now) {
    return look(feed, view) && plan(feed, view, now);
  }

  private boolean look(Feed feed, FleetView view) {
    if (!feed.isIn(view)) {
      leave(feed);
      return false;
    }
    if (!feed.isPresent) {
      feed.isPresent = true;
      scheduler.interests().register(feed.node, feed.state, feed.level);
    }
    FleetView older = feed.examined;
    boolean isChanged = older == null || (older != view && feed.differs(view, older));
    feed.examined = view;
    if (isChanged) {
      feed.isOutdated = true;
      feed.isPlanned = false;
      return true;
    }
    if (!feed.isOutdated) {
      extend(feed, view);
      return false;
    }
    boolean isTold = feed.isPlanned && feed.isNoticed;
    return !isTold && !(feed.isPlanned && scheduler.isWaiting(feed.node, feed.state));
  }

  private static void extend(Feed feed, FleetView view) {
    Feed.Held held = feed.held;
    if (held != null) {
      feed.held = new Feed.Held(held.lineage(), held.id(), feed.idIn(view));
    }
  }

  /** Leaves a departed worker untold until its return, and tells it everything then. */
  private void leave(Feed feed) {
    if (feed.isPresent) {
      scheduler.interests().unregister(feed.node, feed.state);
    }
    feed.isPresent = false;
    feed.isOutdated = false;
    feed.isPlanned = false;
    feed.examined = null;
    feed.offer = null;
    feed.held = null;
    feed.lacksSince = OptionalLong.empty();
  }

  private boolean plan(Feed feed, FleetView view, long now) {
    feed.lacksSince = OptionalLong.of(feed.lacksSince.orElse(now));
    Feed.Offer offer = feed.offer(view, feed.base(), isNarrow(feed));
    long sequence = scheduler.version(feed.state) + 1;
    StateUpdate update = StateUpdate.of(feed.state, hub, sequence).withSizes(offer.sizes());
    PropagationPlan plan =
        scheduler.schedule(isFull(offer.best()) ? update.asKeyframe() : update, now);
    boolean isSent = plan instanceof PropagationPlan.Planned planned && !planned.sends().isEmpty();
    if (isSent) {
      feed.offer = offer;
      feed.isPlanned = true;
      feed.isNoticed = false;
    }
    return isSent;
  }

  private boolean isNarrow(Feed feed) {
    return star.path(hub, feed.node).map(path -> path.penalty() > 0).orElse(false);
  }

  private static boolean isFull(Message news) {
    return news instanceof Message.Slice slice
        ? slice.isFull()
        : news instanceof Message.Routes document && document.isFull();
  }

  /** Returns the messages to send now, which count as delivered unless {@link #refused}. */
  public MessageBatch outgoing(long nowNanos) {
    Outgoing outgoing = scheduler.due(nowNanos);
    List<Message> news = new ArrayList<>();
    for (Delivery delivery : outgoing.deliveries()) {
      Feed feed = byState.get(delivery.state());
      Feed.Offer offer = feed == null ? null : feed.offer;
      if (feed != null && offer != null) {
        news.add(release(feed, offer.at(delivery.quality())));
      }
    }
    return handedOver(new MessageBatch(news, outgoing.dropped(), outgoing.clock()));
  }

  private static Message release(Feed feed, Message news) {
    if (news.isDocument()) {
      feed.received(news);
    } else {
      feed.isNoticed = true;
    }
    return news;
  }

  /** Returns the time of the next message, as {@link PropagationScheduler#nextDueAt}. */
  public OptionalLong nextDueAt() {
    return scheduler.nextDueAt();
  }

  /** Sends everything to a recipient that did not get, or could not apply, a message. */
  public RecipientAnswer refused(Recipient recipient, long nowNanos) {
    Feed feed = feeds.get(recipient);
    FleetView view = feed == null ? null : feed.examined;
    if (feed == null || view == null) {
      return RecipientAnswer.UNKNOWN_RECIPIENT;
    }
    feed.held = null;
    feed.isOutdated = true;
    feed.isPlanned = false;
    scheduler.lost(feed.node, feed.state);
    plan(feed, view, nowNanos);
    return handedOver(RecipientAnswer.DONE);
  }

  /**
   * Returns a delta from assignment {@code known} (0 for none), or everything if that is smaller,
   * even beyond the budget, which is charged. Empty for a worker without registration or slice.
   */
  public Optional<Message> pull(
      WorkerId worker, Lineage lineage, WorkerAssignmentId known, long nowNanos) {
    return pull(Recipient.of(worker), lineage, known.value(), nowNanos);
  }

  /** Returns a delta or all routes, as for a worker; empty if the portal is not registered. */
  public Optional<Message> pull(
      PortalId portal, Lineage lineage, PortalAssignmentId known, long nowNanos) {
    return pull(Recipient.of(portal), lineage, known.value(), nowNanos);
  }

  private Optional<Message> pull(Recipient recipient, Lineage lineage, long known, long now) {
    Feed feed = feeds.get(recipient);
    FleetView view = fleet.get();
    if (feed == null) {
      return Optional.ofNullable(member(recipient))
          .map(behind -> behind.offer(view, base(behind, lineage, known), false).best());
    }
    look(feed, view);
    if (!feed.isPresent) {
      return handedOver(Optional.empty());
    }
    Message news = feed.offer(view, base(feed, lineage, known), false).best();
    scheduler.pulled(feed.node, feed.state, news.bytes(), now);
    feed.isPlanned = true;
    feed.received(news);
    return handedOver(Optional.of(news));
  }

  private static Optional<Feed.Held> base(Feed feed, Lineage lineage, long known) {
    Feed.Held held = feed.held;
    boolean isKnown = held != null && held.id() == known && held.lineage().equals(lineage);
    if (isKnown) {
      return Optional.ofNullable(held);
    }
    return known == 0 ? Optional.empty() : Optional.of(new Feed.Held(lineage, known, known));
  }

  /** Returns the assignment that a recipient was given last; empty if unknown. */
  public OptionalLong known(Recipient recipient) {
    Feed feed = feeds.get(recipient);
    Feed.Held held = feed == null ? null : feed.held;
    return held == null ? OptionalLong.empty() : OptionalLong.of(held.id());
  }

  /** Returns the recipients. */
  public List<Recipient> recipients() {
    TreeSet<Recipient> all = new TreeSet<>(feeds.keySet());
    portals.values().forEach(feed -> all.add(feed.recipient));
    return List.copyOf(all);
  }

  /**
   * Returns the nanoseconds for which the recipient farthest behind, such as a relay, lacks what it
   * is to be told; 0 if all know the newest.
   */
  public long lagNanos(long nowNanos) {
    return feeds.values().stream()
        .mapToLong(feed -> nowNanos - feed.lacksSince.orElse(nowNanos))
        .reduce(0, Math::max);
  }

  /** Returns the statistics. */
  public PropagationStats stats() {
    return scheduler.stats();
  }
}
