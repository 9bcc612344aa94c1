package dev.stowage.sim.kit.world;

import dev.stowage.client.ClientConfig;
import dev.stowage.client.PortalClient;
import dev.stowage.model.DatasetId;
import dev.stowage.model.PortalId;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A portal's machine that runs the shipped client, with the oracles that watch it. A turn leaves
 * its requests in the outbox, which the world takes. Not thread-safe.
 */
final class ClientPortal {
  /** The rounds from its death until propagation notices, and until it is back. */
  private static final int NOTICED_AFTER = 1;

  private static final int BACK_AFTER = 2;

  private final String fleet;
  private final PortalId id;
  private final ClientConfig config;
  private static final String SERVED = "portal served";
  private static final int BY_CHANCE = 3;

  final WorldFindings findings = new WorldFindings();
  final SightOracle sight = new SightOracle(findings);
  final TellingOracle told = new TellingOracle(findings);
  final BytesOracle bytes;
  private Outbox outbox = new Outbox();
  private PortalClient client;
  private Set<DatasetId> interests = Set.of();
  private @Nullable ClientPortal relay;
  private int deadRounds;
  private int spoiltBefore;
  private int wellRounds;
  private int linkedRounds;
  private int darkRounds;

  /** Creates a portal that follows all datasets and asks the leader. */
  ClientPortal(String fleet, PortalId id, ClientConfig config, BytesOracle bytes) {
    this.fleet = fleet;
    this.id = id;
    this.config = config;
    this.bytes = bytes.ofPortal(findings);
    client = new PortalClient(fleet, id, outbox, config);
  }

  PortalId id() {
    return id;
  }

  String name() {
    return id.value();
  }

  PortalClient client() {
    return client;
  }

  Set<DatasetId> interests() {
    return interests;
  }

  void follow(Set<DatasetId> datasets) {
    interests = datasets;
    client.follow(datasets);
  }

  /** Takes its routes from another portal from now on, or from the leader. */
  void behind(Optional<ClientPortal> other, int route) {
    ClientPortal next = other.orElse(null);
    if (next == relay) {
      return;
    }
    relay = next;
    if (next == null) {
      client.behindNobody();
    } else {
      client.behind((request, any) -> {
        if (!next.isUp()) {
          throw new IllegalStateException("portal " + next.id + " is down");
        }
        return outbox.send(request, route);
      });
    }
  }

  // ---- coming and going ----

  boolean isUp() {
    return deadRounds == 0;
  }

  /** Dies; what it knew is gone. */
  void die() {
    deadRounds = 1;
    outbox = new Outbox();
    client = new PortalClient(fleet, id, outbox, config);
    client.follow(interests);
    relay = null;
  }

  /** Lets a round pass; reports whether it has just been missed. */
  boolean noticeMissing() {
    return !isUp() && deadRounds++ == NOTICED_AFTER;
  }

  /** Forgets the missed rounds of a portal that has just come back, and reports whether it has. */
  boolean noticeReturn() {
    boolean isBack = deadRounds > BACK_AFTER;
    deadRounds = isBack ? 0 : deadRounds;
    return isBack;
  }

  // ---- its turns ----

  void turn(long nowNanos) {
    if (isUp()) {
      client.turn(nowNanos);
    }
  }

  /** Counts a round in which its link works, as it did in two rounds before. */
  void serves(long nowNanos) {
    wellRounds = isUp() && outbox.spoilt() == spoiltBefore ? wellRounds + 1 : 0;
    spoiltBefore = outbox.spoilt();
    linkedRounds += wellRounds > 2 ? 1 : 0;
    findings.checked(SERVED, wellRounds > 2 ? 1 : 0);
    darkRounds += wellRounds > 2 && !client.isServing(nowNanos) ? 1 : 0;
  }

  /**
   * Tells that its routes could not be used in more than a tenth of at least 20 rounds in which its
   * link worked. Three more are no finding: of few rounds, lost messages darken so many by chance.
   */
  Optional<String> unserved() {
    return linkedRounds >= 20 && 10 * (darkRounds - BY_CHANCE) > linkedRounds
        ? Optional.of(
            SERVED
                + ": "
                + id
                + " had no usable routes in "
                + darkRounds
                + " of "
                + linkedRounds
                + " rounds")
        : Optional.empty();
  }

  /** Sends what it asks; reports whether there was any. */
  boolean empty(FaultyWire wire) {
    return outbox.empty(wire);
  }
}
