package dev.stowage.propagation;

import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
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
import dev.stowage.store.FleetView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which workers and portals hear of new assignments, when, and whether as a delta or in full.
 *
 * <p>Every worker's slice and every portal's routes are a state of their own, the recipient is the
 * one node that is interested. After a cycle {@link #follow} compares what there is now with what
 * was there when it was called last, and plans an update for every recipient for whom something
 * changed; {@link #outgoing} gives out what may go, and counts it as delivered. What has not gone
 * yet is merged: the delta then begins where the recipient stands and ends at the newest. Of delta
 * and full document the smaller goes, by their exact sizes; the full one wherever it is not known
 * what the recipient holds, or that is no longer retained.
 *
 * <p>Recipients also {@link #pull} at a slow pace of their own choice: a message that got lost, a
 * path that is too narrow for documents, and assignments that changed nothing for a recipient (it
 * is not told of those, but a quorum wants to hear that it knows them) are all made good by that.
 * Whoever cannot apply a delta says so ({@link #refused}) and is sent everything.
 *
 * <p>Nothing here is stored: a new leader begins with recipients of whom nothing is known, and
 * sends each a full document or, if it pulls first, what it lacks. Belongs to one thread at a time;
 * commands may go on in others.
 */
public final class AssignmentPropagation {
  private final Supplier<FleetView> fleet;
  private final PropagationScheduler scheduler;
  private final StarTopology star;
  private final NodeId hub;
  private final Digest digest;
  private final RoutesSince routes = new RoutesSince();
  private final TreeMap<Recipient, Feed> feeds = new TreeMap<>();
  private final Map<StateId, Feed> byState = new HashMap<>();
  private final Set<NodeId> nodes = new HashSet<>();
  private @Nullable FleetView followed;

  /** How names become numbers; not the usual way in tests of collisions. */
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
    nodes.add(hub);
    var builder = PropagationScheduler.builder(new InterestMap(), star).config(scheduling(config));
    scheduler = log == null ? builder.build() : builder.recording(log).build();
  }

  /** What is retained is known by the assignments themselves, not by counting updates. */
  private static PropagationConfig scheduling(PropagationConfig config) {
    return config.withRetainedVersions(Long.MAX_VALUE);
  }

  /**
   * The news of a fleet, of which nobody is told yet.
   *
   * @param fleet its assignments, as of now: {@code stowage::fleet}
   */
  public static AssignmentPropagation of(Supplier<FleetView> fleet, PropagationConfig config) {
    return new AssignmentPropagation(fleet, config, null, Digest64::of);
  }

  /** The same, with everything recorded that is decided; {@link #header} begins such a log. */
  public static AssignmentPropagation recording(
      Supplier<FleetView> fleet, PropagationConfig config, EvidenceLog log) {
    return new AssignmentPropagation(
        fleet, config, Objects.requireNonNull(log, "log"), Digest64::of);
  }

  /** What a log of this must begin with; {@link PropagationScheduler#factory} runs it again. */
  public static EvidenceHeader header(PropagationConfig config, String libraryVersion) {
    return PropagationScheduler.header(scheduling(config), libraryVersion);
  }

  // ---- who is told ----

  /** A worker is told of its slice soon, over a good path. */
  public RecipientAnswer register(WorkerId worker, long nowNanos) {
    return register(Recipient.of(worker), InterestLevel.HIGH, Link.DEFAULT, nowNanos);
  }

  /** A portal is told of the routes at once, over a good path. */
  public RecipientAnswer register(PortalId portal, long nowNanos) {
    return register(Recipient.of(portal), InterestLevel.CRITICAL, Link.DEFAULT, nowNanos);
  }

  /**
   * A recipient is told from now on. Nothing is known of what it holds: unless it pulls first, it
   * is sent a full document.
   *
   * @param level {@link InterestLevel#HIGH} or {@link InterestLevel#CRITICAL}
   * @param link what connects it
   */
  public RecipientAnswer register(
      Recipient recipient, InterestLevel level, Link link, long nowNanos) {
    if (level.compareTo(InterestLevel.HIGH) < 0) {
      return RecipientAnswer.LEVEL_TOO_LOW;
    }
    if (feeds.containsKey(recipient)) {
      return RecipientAnswer.ALREADY_SO;
    }
    Feed feed = feed(recipient, level);
    if (nodes.contains(feed.node) || byState.containsKey(feed.state)) {
      return RecipientAnswer.ID_COLLISION;
    }
    nodes.add(feed.node);
    byState.put(feed.state, feed);
    feeds.put(recipient, feed);
    star.add(feed.node, link);
    FleetView view = followed;
    if (view != null) {
      examine(feed, view, nowNanos);
    }
    return RecipientAnswer.DONE;
  }

  private Feed feed(Recipient recipient, InterestLevel level) {
    NodeId node = NodeId.of(digest.of(recipient.kind(), recipient.name()));
    if (recipient instanceof Recipient.OfWorker worker) {
      return new SliceFeed(worker, node, StateId.of(digest.of("slice", worker.name())), level);
    }
    StateId state = StateId.of(digest.of("routes", recipient.name()));
    return new RoutesFeed((Recipient.OfPortal) recipient, node, state, level, routes);
  }

  /** A recipient is told no more. */
  public RecipientAnswer unregister(Recipient recipient) {
    Feed feed = feeds.remove(recipient);
    if (feed == null) {
      return RecipientAnswer.UNKNOWN_RECIPIENT;
    }
    scheduler.interests().removeNode(feed.node);
    scheduler.forget(feed.state);
    star.remove(feed.node);
    nodes.remove(feed.node);
    byState.remove(feed.state);
    return RecipientAnswer.DONE;
  }

  /**
   * What connects a recipient has changed; what could not go over the old link is planned again.
   */
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
    return RecipientAnswer.DONE;
  }

  // ---- what there is to tell ----

  /**
   * Plans what changed since it was called last. To be called after every cycle; costs in
   * proportion to the recipients and to what changed for them, and next to nothing if no assignment
   * is new.
   *
   * @return for how many recipients something was planned
   */
  public int follow(long nowNanos) {
    FleetView view = fleet.get();
    followed = view;
    int planned = 0;
    for (Feed feed : feeds.values()) {
      planned += examine(feed, view, nowNanos) ? 1 : 0;
    }
    return planned;
  }

  private boolean examine(Feed feed, FleetView view, long now) {
    return look(feed, view) && plan(feed, view, now);
  }

  /** Whether there is something to plan. */
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

  /** What the recipient holds is what a newer assignment says as well. */
  private static void extend(Feed feed, FleetView view) {
    Feed.Held held = feed.held;
    if (held != null) {
      feed.held = new Feed.Held(held.lineage(), held.id(), feed.idIn(view));
    }
  }

  /** A worker that has departed is told nothing until it is back, and everything then. */
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
  }

  private boolean plan(Feed feed, FleetView view, long now) {
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

  // ---- what goes out ----

  /**
   * What goes out now, and counts as delivered: if a document did not arrive, say so with {@link
   * #refused}, or leave it to the recipient to pull.
   */
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
    return new MessageBatch(news, outgoing.dropped(), outgoing.clock());
  }

  private static Message release(Feed feed, Message news) {
    if (news.isDocument()) {
      feed.received(news);
    } else {
      feed.isNoticed = true;
    }
    return news;
  }

  /** When something may go out next, as {@link PropagationScheduler#nextDueAt}. */
  public OptionalLong nextDueAt() {
    return scheduler.nextDueAt();
  }

  // ---- what recipients say ----

  /**
   * A recipient could not apply what it was sent, or it did not arrive: it is sent everything.
   *
   * @return {@link RecipientAnswer#UNKNOWN_RECIPIENT} also for a worker that has no slice
   */
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
    return RecipientAnswer.DONE;
  }

  /**
   * A worker asks for what it lacks; it is answered whatever its budget, which is charged.
   *
   * @param lineage of the assignment that it holds
   * @param known the assignment that it holds; 0 for none
   * @return a delta or all of it, whichever is smaller; empty if the worker is not registered or
   *     has no slice
   */
  public Optional<Message> pull(
      WorkerId worker, Lineage lineage, WorkerAssignmentId known, long nowNanos) {
    return pull(Recipient.of(worker), lineage, known.value(), nowNanos);
  }

  /**
   * A portal asks for what it lacks; it is answered whatever its budget, which is charged.
   *
   * @param lineage of the assignment that it holds
   * @param known the assignment that it holds; 0 for none
   * @return a delta or all of it, whichever is smaller; empty if the portal is not registered
   */
  public Optional<Message> pull(
      PortalId portal, Lineage lineage, PortalAssignmentId known, long nowNanos) {
    return pull(Recipient.of(portal), lineage, known.value(), nowNanos);
  }

  private Optional<Message> pull(Recipient recipient, Lineage lineage, long known, long now) {
    Feed feed = feeds.get(recipient);
    if (feed == null) {
      return Optional.empty();
    }
    FleetView view = fleet.get();
    look(feed, view);
    if (!feed.isPresent) {
      return Optional.empty();
    }
    Message news = feed.offer(view, base(feed, lineage, known), false).best();
    scheduler.pulled(feed.node, feed.state, news.bytes(), now);
    feed.isPlanned = true;
    feed.received(news);
    return Optional.of(news);
  }

  /** What a recipient says that it holds; 0 is nothing. */
  private static Optional<Feed.Held> base(Feed feed, Lineage lineage, long known) {
    Feed.Held held = feed.held;
    boolean isKnown = held != null && held.id() == known && held.lineage().equals(lineage);
    if (isKnown) {
      return Optional.ofNullable(held);
    }
    return known == 0 ? Optional.empty() : Optional.of(new Feed.Held(lineage, known, known));
  }

  // ---- what is known ----

  /** The assignment that a recipient was given last; empty if that is not known. */
  public OptionalLong known(Recipient recipient) {
    Feed feed = feeds.get(recipient);
    Feed.Held held = feed == null ? null : feed.held;
    return held == null ? OptionalLong.empty() : OptionalLong.of(held.id());
  }

  /** Who is told. */
  public List<Recipient> recipients() {
    return List.copyOf(feeds.keySet());
  }

  /** Counts of everything so far. */
  public PropagationStats stats() {
    return scheduler.stats();
  }
}
