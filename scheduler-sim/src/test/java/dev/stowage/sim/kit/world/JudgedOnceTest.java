package dev.stowage.sim.kit.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.client.RouteBook;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Oracles that judge again only what has changed say after every step exactly what oracles say that
 * have judged nothing before: in stories in which routes get lost, lead to nothing and are told
 * wrongly, and portals lag, by deltas and by full documents.
 */
class JudgedOnceTest {
  private static final Lineage LINEAGE = Lineage.of(7);
  private static final int STORIES = 400;
  private static final int STEPS = 40;
  private static final int WORKERS = 4;
  private static final int PORTALS = 3;

  private static final RouteBook NOTHING = book(0, List.of());

  private final List<String> found = new ArrayList<>();

  @Test
  void oraclesWithMemory_inManyStories_sayWhatOraclesWithoutSay() {
    long misses = 0;
    for (long seed = 0; seed < STORIES; seed++) {
      misses += new Story(Chance.ofSeed(seed)).told();
    }
    assertThat(misses).isPositive();
    assertThat(found).anyMatch(each -> each.contains("has not got it"));
    assertThat(found).anyMatch(each -> each.contains("uses other routes"));
    assertThat(found).anyMatch(each -> each.contains("no longer sees"));
  }

  private static ChunkNumber number(long counter) {
    return new ChunkNumber(LINEAGE, counter);
  }

  private static Route route(String id, long counter, BlockRange range, List<WorkerId> workers) {
    return new Route(ChunkKey.of("d", id), range, number(counter), 10, workers);
  }

  private static RouteBook book(long id, List<Route> routes) {
    return RouteBook.of(
        new RoutesDocument(
            LINEAGE, PortalAssignmentId.of(id), Optional.empty(), List.of(), routes));
  }

  /** A few disks, a few portals, and assignments that nobody has checked. */
  private final class Story {
    private final Chance chance;
    private final WorldFindings findings = new WorldFindings();
    private final WorldFindings afresh = new WorldFindings();
    private final BytesOracle bytes = new BytesOracle(findings, 0);
    private final SightOracle sight = new SightOracle(findings);
    private final TellingOracle telling = new TellingOracle(findings);
    private final Map<WorkerId, Set<ChunkNumber>> disks = new HashMap<>();
    private final List<RouteBook> portals = new ArrayList<>();
    private final Map<ChunkNumber, ChunkKey> keys = new HashMap<>();
    private final Set<WorkerId> emptied = new HashSet<>();
    private RouteBook newest = NOTHING;
    private long numbers;

    Story(Chance chance) {
      this.chance = chance;
      for (int i = 0; i < PORTALS; i++) {
        portals.add(NOTHING);
      }
      for (int i = 0; i < WORKERS; i++) {
        disks.put(WorkerId.of("w" + i), new HashSet<>());
      }
    }

    /** Tells it; how often a portal was led to a disk that had vanished. */
    long told() {
      findings.checks().keySet().forEach(each -> afresh.checked(each, 0));
      for (int step = 0; step < STEPS; step++) {
        switch (chance.below(6)) {
          case 0 -> publish();
          case 1 -> vanish();
          case 2 -> come();
          default -> tell(chance.below(PORTALS));
        }
        assertThat(findings.violations()).isEqualTo(afresh.violations());
        assertThat(findings.measuredMisses()).isEqualTo(afresh.measuredMisses());
        assertThat(findings.checks()).isEqualTo(afresh.checks());
      }
      found.addAll(findings.violations());
      return findings.measuredMisses();
    }

    private void publish() {
      List<Route> next = new ArrayList<>();
      for (Route route : newest.routes()) {
        if (chance.happens(80)) {
          next.add(
              chance.happens(70)
                  ? route
                  : new Route(route.key(), route.range(), route.number(), 10, holders(route)));
        }
      }
      for (int more = chance.below(4); more > 0; more--) {
        long first = 10L * chance.below(12);
        BlockRange range = BlockRange.of(first, first + (chance.happens(90) ? 9 : 14));
        numbers++;
        Route route = route("c" + chance.below(30), numbers, range, List.of());
        boolean isFree =
            next.stream()
                .noneMatch(it -> it.key().equals(route.key()) || it.range().overlaps(range));
        if (isFree) {
          next.add(new Route(route.key(), range, route.number(), 10, holders(route)));
        }
      }
      next.sort(Comparator.comparingLong(route -> route.range().first()));
      next.forEach(route -> keys.put(route.number(), route.key()));
      RouteBook before = newest;
      newest = book(before.id().value() + 1, next);
      telling.follows(before, newest);
    }

    /** Mostly those that have it. */
    private List<WorkerId> holders(Route route) {
      List<WorkerId> holders = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        WorkerId worker = WorkerId.of("w" + i);
        if (chance.happens(50)) {
          holders.add(worker);
          if (chance.happens(95) && disks.get(worker).add(route.number())) {
            bytes.came(route.number());
          }
        }
      }
      return holders;
    }

    private void vanish() {
      WorkerId worker = WorkerId.of("w" + chance.below(WORKERS));
      boolean isWhole = chance.happens(20);
      for (ChunkNumber number : List.copyOf(disks.get(worker))) {
        ChunkKey key = keys.getOrDefault(number, ChunkKey.of("d", "x"));
        SliceEntry entry = new SliceEntry(key, number, 10, 1);
        if (isWhole) {
          bytes.vanished(entry);
          disks.get(worker).remove(number);
          emptied.add(worker);
        } else if (chance.happens(30)) {
          bytes.deletes(worker, entry, Optional.empty(), List.of(), () -> false);
          afresh.checked("two-phase, out", 1);
          disks.get(worker).remove(number);
        }
      }
    }

    private void come() {
      emptied.clear();
      for (Route route : newest.routes()) {
        for (WorkerId worker : route.workers()) {
          if (chance.happens(80) && disks.get(worker).add(route.number())) {
            bytes.came(route.number());
          }
        }
      }
    }

    private void tell(int portal) {
      String name = "p" + portal;
      RouteBook before = portals.get(portal);
      RouteBook next =
          before.id().value() == 0 || chance.happens(20)
              ? book(newest.id().value(), newest.routes())
              : before.after(since(before));
      sight.moved(name, before, next);
      telling.routes(name, before, next, newest);
      bytes.told(next, before, this::has, this::mayMiss);
      judgeAfresh(name, before, next);
      portals.set(portal, next);
    }

    private void judgeAfresh(String name, RouteBook before, RouteBook next) {
      RouteBook routes = book(next.id().value(), next.routes());
      RouteBook old = book(before.id().value(), before.routes());
      new SightOracle(afresh).moved(name, old, routes);
      new TellingOracle(afresh)
          .whole(
              name,
              routes,
              new RoutesDocument(
                  LINEAGE, newest.id(), Optional.empty(), List.of(), newest.routes()));
      new BytesOracle(afresh, 0).told(routes, NOTHING, this::has, this::mayMiss);
    }

    private boolean mayMiss(WorkerId worker, ChunkNumber number) {
      return emptied.contains(worker);
    }

    private boolean has(WorkerId worker, ChunkNumber number) {
      return disks.get(worker).contains(number);
    }

    /** Returns the delta to the newest routes, which may leave something out. */
    private RoutesDocument since(RouteBook before) {
      List<Route> put = newest.without(before);
      List<ChunkKey> removed =
          before.without(newest).stream()
              .map(Route::key)
              .filter(key -> newest.of(key).isEmpty())
              .sorted()
              .toList();
      boolean isRerouted =
          !put.isEmpty()
              && before
                  .of(put.get(0).key())
                  .filter(it -> it.number().equals(put.get(0).number()))
                  .isPresent();
      boolean isForgetful = isRerouted && chance.happens(10);
      return new RoutesDocument(
          LINEAGE,
          newest.id(),
          Optional.of(before.id()),
          removed,
          isForgetful ? put.subList(1, put.size()) : put);
    }
  }
}
