package dev.stowage.sim.kit.scenario;

import dev.stowage.Propagation;
import dev.stowage.Stowage;
import dev.stowage.lifecycle.documents.DocumentException;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.model.DatasetId;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.Message;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.propagation.Recipient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Propagates the documents of the leading fleet, and keeps those that recipients hold. Recipients
 * apply deltas to their documents; a recipient that missed a message pulls. A message that a
 * recipient cannot use is a violation. Not thread-safe.
 */
final class DocumentRelay {
  private static final long PAUSE_NANOS = 1_000_000_000L;

  private final Map<WorkerId, SliceDocument> slices = new HashMap<>();
  private final Map<String, RoutesDocument> routes = new HashMap<>();
  private final Map<String, Set<DatasetId>> interests = new HashMap<>();
  private final PropagationConfig config;
  private final List<WorkerId> missed = new ArrayList<>();
  private @Nullable AssignmentPropagation news;
  private @Nullable Stowage leader;
  private long nanos;

  /** Creates one whose portals form a relay tree with this fan-out, if it is above 0. */
  DocumentRelay(int fanOut) {
    config = fanOut == 0 ? PropagationConfig.DEFAULT : PropagationConfig.DEFAULT.withFanOut(fanOut);
  }

  /** Returns the portal behind which a portal is; empty for one that the leader tells. */
  Optional<String> relay(String portal) {
    return Optional.ofNullable(news)
        .flatMap(told -> told.relay(PortalId.of(portal)))
        .map(PortalId::value);
  }

  /**
   * Propagates the new documents.
   *
   * @param portals the portals with the datasets that they follow, none for all
   * @param deaf the workers that no message reaches
   * @return the recipients of messages: workers and portals by their names
   */
  Collection<Recipient> propagate(
      Stowage fleet,
      Collection<WorkerId> workers,
      Map<String, Set<DatasetId>> portals,
      List<WorkerId> deaf) {
    AssignmentPropagation told = of(fleet);
    workers.forEach(id -> told.register(id, nanos));
    portals.forEach((name, datasets) -> subscribe(told, name, datasets));
    List<Recipient> heard = new ArrayList<>();
    for (WorkerId id : List.copyOf(missed)) {
      if (!deaf.contains(id) && missed.remove(id)) {
        SliceDocument held = slices.get(id);
        (held == null
                ? told.pull(id, fleet.fleet().lineage(), new WorkerAssignmentId(0), nanos)
                : told.pull(id, held.lineage(), held.id(), nanos))
            .ifPresent(message -> take(message, fleet, heard));
      }
    }
    nanos += PAUSE_NANOS;
    told.follow(nanos);
    for (int again = 0; again < 2; again++) {
      nanos += PAUSE_NANOS;
      for (Message message : told.outgoing(nanos)) {
        if (message instanceof Message.Slice slice && deaf.contains(slice.worker())) {
          missed.add(slice.worker());
        } else {
          take(message, fleet, heard);
        }
      }
    }
    return heard;
  }

  private void subscribe(AssignmentPropagation told, String name, Set<DatasetId> datasets) {
    if (!datasets.equals(interests.put(name, datasets))) {
      told.unregister(Recipient.of(PortalId.of(name)));
      told.register(PortalId.of(name), datasets, nanos);
    }
  }

  private AssignmentPropagation of(Stowage fleet) {
    AssignmentPropagation known = news;
    if (known == null || !fleet.equals(leader)) {
      known = Propagation.of(fleet, config);
      interests.clear();
      news = known;
      leader = fleet;
    }
    return known;
  }

  private void take(Message message, Stowage fleet, List<Recipient> heard) {
    try {
      if (message instanceof Message.Slice slice) {
        SliceDocument come = slice.document();
        SliceDocument held = slices.get(slice.worker());
        SliceDocument after = slice.isFull() ? come : come.after(held(held));
        slices.put(slice.worker(), after);
        require(
            fleet
                .fleet()
                .slice(slice.worker())
                .map(SliceDocument::of)
                .filter(after::equals)
                .isPresent(),
            message);
      } else if (message instanceof Message.Routes document) {
        String name = document.portal().value();
        RoutesDocument come = document.document();
        RoutesDocument held = routes.get(name);
        RoutesDocument after = document.isFull() ? come : come.after(held(held));
        routes.put(name, after);
        require(isNewest(after, fleet.fleet().portalAssignment().full(), of(name)), message);
      } else {
        return;
      }
      heard.add(message.recipient());
    } catch (DocumentException | IllegalArgumentException unusable) {
      throw new InvariantViolation(
          "published deltas",
          message.recipient() + " cannot use what it is sent: " + unusable.getMessage());
    }
  }

  /**
   * A portal with interests is not told that the number of its routes changed, and nothing else.
   */
  private static boolean isNewest(
      RoutesDocument held, RoutesDocument newest, Set<DatasetId> interests) {
    return held.lineage().equals(newest.lineage())
        && held.put().equals(newest.of(interests).put())
        && (held.id().equals(newest.id()) || !interests.isEmpty());
  }

  private Set<DatasetId> of(String portal) {
    return interests.getOrDefault(portal, Set.of());
  }

  private static <T> T held(@Nullable T document) {
    if (document == null) {
      throw new IllegalArgumentException(
          "the document is a delta, and the recipient holds no document");
    }
    return document;
  }

  private static void require(boolean isNewest, Message message) {
    if (!isNewest) {
      throw new InvariantViolation(
          "published deltas",
          message.recipient() + " applied the message and does not hold the newest assignment");
    }
  }
}
