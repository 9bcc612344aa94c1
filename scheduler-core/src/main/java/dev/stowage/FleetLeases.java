package dev.stowage;

import dev.stowage.ListedFleet.Opened;
import dev.stowage.StowageService.State;
import dev.stowage.columns.Mix;
import dev.stowage.columns.Nanos;
import dev.stowage.engine.LeaseKeeper;
import dev.stowage.engine.TurnOrder;
import dev.stowage.store.Lease;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.FleetServer;
import dev.stowage.store.spi.FleetServer.Renewal;
import dev.stowage.store.spi.FleetStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listed fleets of a server, and the thread that extends and gives out their leases. */
final class FleetLeases {
  private static final Logger LOG = LoggerFactory.getLogger(StowageFleets.class);
  private static final int LOOKS_PER_RENEWAL = 5;
  private static final int SPREADS_PER_LEASE = 4;

  final FleetServer shared;
  final Map<String, ListedFleet> listed = new ConcurrentSkipListMap<>();
  private final StowageFleets home;
  private @Nullable ExecutorService thread;
  private volatile @Nullable Away away;
  volatile boolean isHeldUp;

  // Belongs to the step.
  final TurnOrder<ListedFleet> order;

  private record Away(long untilNanos, StorageException.Transient why) {}

  FleetLeases(FleetServer shared, StowageFleets home, int turnsAtOnce) {
    this.shared = shared;
    this.home = home;
    this.order = new TurnOrder<>(turnsAtOnce);
  }

  void start() {
    if (thread == null) {
      long every = Math.max(1, Nanos.saturated(home.pace.renewEvery()) / LOOKS_PER_RENEWAL);
      thread = LeaseKeeper.repeat("stowage-leases-" + shared.name(), this::look, 0, every);
    }
  }

  void stop() {
    if (thread != null) {
      thread.shutdownNow();
    }
  }

  @Override
  public String toString() {
    return "server " + shared.name();
  }

  /** Opens a store, unless the server was away for another one a moment ago. */
  FleetStore open(String fleet) {
    Away known = away;
    if (known != null && home.nanos() < known.untilNanos()) {
      throw known.why();
    }
    try {
      return shared.open(fleet);
    } catch (StorageException.Transient e) {
      // Others on this server need not wait as long for the same answer.
      away = new Away(home.nanos() + Nanos.saturated(home.pace.renewEvery()), e);
      throw e;
    }
  }

  void look() {
    long now = home.nanos();
    List<Opened> here = new ArrayList<>();
    for (ListedFleet fleet : listed.values()) {
      Opened opened = fleet.opened;
      if (opened != null && !fleet.isRemoved) {
        here.add(opened);
      }
    }
    renew(here, now);
    here.removeIf(it -> it.stowage().isLeading());
    here.sort(Comparator.comparingLong(FleetLeases::place));
    claim(here, now);
  }

  // Each process has an order of its own, so that two of them do not claim the same leases.
  private static long place(Opened it) {
    long holder = it.stowage().holder().hashCode();
    return Mix.mix(Mix.fold(holder, it.fleet().listing.name().hashCode()));
  }

  private void renew(List<Opened> here, long now) {
    List<Opened> led = new ArrayList<>();
    List<Renewal> renewals = new ArrayList<>();
    boolean isDue = false;
    for (Opened each : here) {
      ListedFleet fleet = each.fleet();
      Optional<Renewal> renewal =
          fleet.hangs() || each.service().state() == State.STOPPED
              ? Optional.empty()
              : each.stowage().engine().renewal();
      if (renewal.isPresent()) {
        led.add(each);
        renewals.add(renewal.get());
        long every =
            Nanos.saturated(LeaseKeeper.pause(home.pace.renewEvery(), renewal.get().duration()));
        isDue |= ListedFleet.isOver(every, fleet.renewedNanos, now);
      } else {
        fleet.renewedNanos = ListedFleet.NONE;
      }
    }
    if (!isDue) {
      return;
    }
    long askedNanos = TurnOrder.nanos();
    List<Optional<RuntimeException>> failures = shared.renew(renewals);
    for (int at = 0; at < led.size(); at++) {
      ListedFleet fleet = led.get(at).fleet();
      fleet.renewedNanos = now;
      if (failures.get(at).isEmpty()) {
        led.get(at).stowage().engine().renewed(askedNanos);
      } else {
        // The turn meets the cause as well: a listener that hears of it must not hang here.
        fleet.turnSoon();
      }
    }
    askForNews(led, now);
  }

  /** Asks for all at once what a notification may have failed to tell. */
  private void askForNews(List<Opened> led, long now) {
    // Turns of those without an answer ask the store themselves.
    askAll(led, stores -> shared.haveNews(stores).orElse(List.of()), unread -> {})
        .forEach((fleet, hasNews) -> {
          if (hasNews) {
            fleet.turnSoon();
          } else {
            fleet.emptyNanos = now;
          }
        });
  }

  /**
   * Asks about all stores at once, and where that fails about each half, so that one that cannot be
   * read keeps the answer from no other. There are no answers if the server is away.
   */
  private static <T> Map<ListedFleet, T> askAll(
      List<Opened> fleets,
      Function<List<FleetStore>, List<T>> question,
      Consumer<ListedFleet> unreadable) {
    Map<ListedFleet, T> answers = new HashMap<>();
    Deque<List<Opened>> asked = new ArrayDeque<>(List.of(fleets));
    while (!asked.isEmpty()) {
      List<Opened> part = asked.pop();
      try {
        List<T> told = question.apply(part.stream().map(Opened::store).toList());
        for (int at = 0; at < told.size(); at++) {
          answers.put(part.get(at).fleet(), told.get(at));
        }
      } catch (StorageException.Transient e) {
        LOG.debug("the server of {} fleets could not be asked", part.size(), e);
        return Map.of();
      } catch (RuntimeException | Error e) {
        LOG.debug("{} fleets could not be asked at once", part.size(), e);
        int half = part.size() / 2;
        if (half > 0) {
          asked.push(part.subList(half, part.size()));
          asked.push(part.subList(0, half));
        } else {
          part.forEach(it -> unreadable.accept(it.fleet()));
        }
      }
    }
    return answers;
  }

  private void claim(List<Opened> followed, long now) {
    if (followed.isEmpty()) {
      return;
    }
    // The turn of a fleet that cannot be read says why.
    Map<ListedFleet, Optional<Lease>> leases =
        askAll(followed, shared::running, ListedFleet::permit);
    boolean isAnyFree = leases.values().stream().anyMatch(Optional::isEmpty);
    long led = isAnyFree ? home.ledCount() : 0;
    for (Opened each : followed) {
      ListedFleet fleet = each.fleet();
      Optional<Lease> lease = leases.get(fleet);
      if (lease == null) {
        continue;
      }
      fleet.others = lease;
      if (lease.isPresent()) {
        fleet.freeSinceNanos = ListedFleet.NONE;
        if (each.service().state() != State.STANDBY) {
          fleet.turnSoon();
        }
      } else if (!fleet.mayClaim) {
        fleet.freeSinceNanos =
            fleet.freeSinceNanos == ListedFleet.NONE ? now : fleet.freeSinceNanos;
        long spread = Nanos.saturated(each.stowage().leaseDuration()) / SPREADS_PER_LEASE;
        if (now - fleet.freeSinceNanos >= spread * led / home.count()) {
          led++;
          fleet.permit();
        }
      }
    }
  }
}
