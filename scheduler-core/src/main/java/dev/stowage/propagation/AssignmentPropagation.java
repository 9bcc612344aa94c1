package dev.stowage.propagation;

import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Hash256;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.propagation.PropagationScheduler.NodeId;
import dev.stowage.propagation.PropagationScheduler.StateUpdate;
import dev.stowage.propagation.Recipient.InterestLevel;
import dev.stowage.propagation.Recipient.RecipientAnswer;
import dev.stowage.store.FleetView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
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
 * at any time ({@link RelayTree}): only those at its top are told, and each other one takes the
 * routes of its {@link #relay}. Workers and portals with interests are told by the leader.
 */
public final class AssignmentPropagation {
  private final Supplier<FleetView> fleet;
  private final PropagationScheduler scheduler;
  private final @Nullable RelayTree tree;
  private final NodeId hub;
  private final Digest digest;
  private final RoutesSince routes = new RoutesSince();

  /** All recipients; of those in the tree only the ones at its top are served. */
  private final Map<NodeId, Feed> byNode = new HashMap<>();

  private final TreeMap<Recipient, Feed> feeds = new TreeMap<>();
  private final @Nullable EvidenceLog log;
  private @Nullable FleetView followed;

  /** Maps names to ids; tests of collisions replace it. */
  @FunctionalInterface
  interface Digest {
    long of(String kind, String name);

    /** Returns the first 64 bits of the SHA-256 of both, with a zero byte between them. */
    static long ofSha256(String kind, String name) {
      return Hash256.of((kind + '\0' + name).getBytes(StandardCharsets.UTF_8)).a();
    }
  }

  AssignmentPropagation(
      Supplier<FleetView> fleet,
      PropagationConfig config,
      @Nullable EvidenceLog log,
      Digest digest) {
    this.fleet = Objects.requireNonNull(fleet, "fleet");
    this.digest = digest;
    this.log = log;
    hub = new NodeId(digest.of("hub", "stowage"));
    tree = config.fanOut() == 0 ? null : new RelayTree(hub, config.fanOut());
    scheduler =
        log == null ? PropagationScheduler.of(config) : PropagationScheduler.recording(config, log);
  }

  /** Creates propagation over {@code fleet}, such as {@code stowage::fleet}, without recipients. */
  public static AssignmentPropagation of(Supplier<FleetView> fleet, PropagationConfig config) {
    return new AssignmentPropagation(fleet, config, null, Digest::ofSha256);
  }

  /**
   * Creates propagation that records into a log with the header of a {@link PropagationScheduler},
   * and flushes it when a call ends.
   */
  public static AssignmentPropagation recording(
      Supplier<FleetView> fleet, PropagationConfig config, EvidenceLog log) {
    return new AssignmentPropagation(
        fleet, config, Objects.requireNonNull(log, "log"), Digest::ofSha256);
  }

  private <T> T handedOver(T answer) {
    if (log != null) {
      log.flush();
    }
    return answer;
  }

  /** Registers a worker, which is sent everything unless it pulls first. */
  public RecipientAnswer register(WorkerId worker, long nowNanos) {
    return register(Recipient.of(worker), Set.of(), false, nowNanos);
  }

  /** Registers a portal of all datasets, in the tree if there is one. */
  public RecipientAnswer register(PortalId portal, long nowNanos) {
    return register(portal, Set.of(), nowNanos);
  }

  /**
   * Registers a portal of these datasets, of all if there are none, which is told of nothing else.
   */
  public RecipientAnswer register(PortalId portal, Set<DatasetId> datasets, long nowNanos) {
    Set<DatasetId> some = Collections.unmodifiableSet(new TreeSet<>(datasets));
    return register(Recipient.of(portal), some, some.isEmpty(), nowNanos);
  }

  /** Registers a portal of all datasets, which the leader itself tells. */
  public RecipientAnswer registerOutsideTree(PortalId portal, long nowNanos) {
    return register(Recipient.of(portal), Set.of(), false, nowNanos);
  }

  private RecipientAnswer register(
      Recipient recipient, Set<DatasetId> datasets, boolean isRelayed, long nowNanos) {
    NodeId node = node(recipient);
    Feed known = byNode.get(node);
    if (known != null || node.equals(hub)) {
      return known != null && known.recipient.equals(recipient)
          ? RecipientAnswer.ALREADY_SO
          : RecipientAnswer.ID_COLLISION;
    }
    Feed feed =
        recipient instanceof Recipient.OfWorker worker
            ? new SliceFeed(worker, node)
            : new RoutesFeed((Recipient.OfPortal) recipient, datasets, node, routes);
    byNode.put(node, feed);
    if (tree != null && isRelayed) {
      tree.add(node);
      serveTop(tree, nowNanos);
    } else {
      serve(feed, nowNanos);
    }
    return handedOver(RecipientAnswer.DONE);
  }

  private void serveTop(RelayTree of, long nowNanos) {
    for (NodeId node : of.children(hub)) {
      Feed feed = Objects.requireNonNull(byNode.get(node));
      if (!feeds.containsKey(feed.recipient)) {
        serve(feed, nowNanos);
      }
    }
  }

  private void serve(Feed feed, long nowNanos) {
    feeds.put(feed.recipient, feed);
    scheduler.register(feed.node, feed.node.value(), InterestLevel.NONE, Link.DEFAULT);
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
    return tree == null
        ? Optional.empty()
        : find(Recipient.of(portal))
            .flatMap(known -> tree.parent(known.node))
            .map(byNode::get)
            .map(above -> PortalId.of(above.recipient.name()));
  }

  private NodeId node(Recipient recipient) {
    return new NodeId(digest.of(recipient.kind(), recipient.name()));
  }

  /** Returns the feed of a recipient, served or behind a relay. */
  private Optional<Feed> find(Recipient recipient) {
    return Optional.ofNullable(byNode.get(node(recipient)))
        .filter(known -> known.recipient.equals(recipient));
  }

  /** Unregisters a recipient; in the tree the portal that came last takes its place. */
  public RecipientAnswer unregister(Recipient recipient) {
    Feed feed = find(recipient).orElse(null);
    if (feed == null) {
      return RecipientAnswer.UNKNOWN_RECIPIENT;
    }
    if (feeds.remove(recipient) != null) {
      scheduler.remove(feed.node);
    }
    byNode.remove(feed.node);
    if (tree != null && tree.remove(feed.node)) {
      serveTop(tree, scheduler.latest());
    }
    return handedOver(RecipientAnswer.DONE);
  }

  /** Replaces a recipient's link; updates that did not fit the old link are planned again. */
  public RecipientAnswer link(Recipient recipient, Link link, long nowNanos) {
    Feed feed = feeds.get(recipient);
    if (feed == null) {
      return RecipientAnswer.UNKNOWN_RECIPIENT;
    }
    if (scheduler.link(feed.node).filter(link::equals).isPresent()) {
      return RecipientAnswer.ALREADY_SO;
    }
    scheduler.register(feed.node, feed.node.value(), scheduler.interest(feed.node), link);
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
      want(feed, feed.level);
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
    return !isTold && !(feed.isPlanned && scheduler.isWaiting(feed.node));
  }

  private void want(Feed feed, InterestLevel level) {
    Link link = scheduler.link(feed.node).orElse(Link.DEFAULT);
    scheduler.register(feed.node, feed.node.value(), level, link);
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
      want(feed, InterestLevel.NONE);
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
    StateUpdate update =
        new StateUpdate(
            feed.node.value(),
            hub,
            PropagationPriority.NORMAL,
            offer.sizes(),
            isFull(offer.best()),
            0);
    boolean isSent = !scheduler.schedule(update, now).sends().isEmpty();
    if (isSent) {
      feed.offer = offer;
      feed.isPlanned = true;
      feed.isNoticed = false;
    }
    return isSent;
  }

  private boolean isNarrow(Feed feed) {
    return scheduler.link(feed.node).filter(it -> it.active() && it.penalty() > 0).isPresent();
  }

  private static boolean isFull(Message news) {
    return news instanceof Message.Slice slice
        ? slice.isFull()
        : news instanceof Message.Routes document && document.isFull();
  }

  /** Returns the messages to send now, which count as delivered unless {@link #refused}. */
  public List<Message> outgoing(long nowNanos) {
    List<Message> news = new ArrayList<>();
    for (Delivery delivery : scheduler.due(nowNanos).deliveries()) {
      Feed feed = byNode.get(delivery.target());
      Feed.Offer offer = feed == null ? null : feed.offer;
      if (feed != null && offer != null) {
        news.add(release(feed, offer.at(delivery.quality())));
      }
    }
    return handedOver(news);
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
      return find(recipient)
          .map(behind -> behind.offer(view, base(behind, lineage, known), false).best());
    }
    look(feed, view);
    if (!feed.isPresent) {
      return handedOver(Optional.empty());
    }
    Message news = feed.offer(view, base(feed, lineage, known), false).best();
    scheduler.pulled(feed.node, news.bytes(), now);
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

  /** Returns the recipients. */
  public List<Recipient> recipients() {
    return byNode.values().stream().map(feed -> feed.recipient).sorted().toList();
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
