package dev.stowage.sim.kit.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.documents.PortalDelta;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Oracles that judge again only what has changed say after every step exactly what oracles say that
 * have judged nothing before: in stories in which routes overlap, get lost and lead to nothing, and
 * portals lag, by deltas and by full documents.
 */
class JudgedOnceTest {
  private static final Lineage LINEAGE = Lineage.of(7);
  private static final int STORIES = 400;
  private static final int STEPS = 40;
  private static final int WORKERS = 4;
  private static final int PORTALS = 3;

  private final List<String> found = new ArrayList<>();

  @Test
  void oraclesWithMemory_inManyStories_sayWhatOraclesWithoutSay() {
    long misses = 0;
    for (long seed = 0; seed < STORIES; seed++) {
      misses += new Story(Chance.ofSeed(seed)).told();
    }
    assertThat(misses).isPositive();
    assertThat(found).anyMatch(each -> each.contains("has not got it"));
    assertThat(found).anyMatch(each -> each.contains("sees both"));
    assertThat(found).anyMatch(each -> each.contains("no longer sees"));
  }

  @Test
  void delta_withARouteOfANumberThatIsThere_leavesNothingUnjudged() {
    RouteTable first = new RouteTable(1, List.of(route("a", 1, 0), route("b", 2, 10)));
    RouteTable second = first.changed(delta(1, 2, List.of(), List.of(route("c", 2, 20))));
    assertThat(second.since(first)).isNull();
    RouteTable third = second.changed(delta(2, 3, List.of(ChunkKey.of("d", "b")), List.of()));
    assertThat(third.shows(number(2))).isTrue();
  }

  @Test
  void delta_thatChangesNothing_leadsToTheSameTable() {
    RouteTable table = new RouteTable(1, List.of(route("a", 1, 0)));
    assertThat(table.changed(delta(1, 1, List.of(), List.of()))).isSameAs(table);
  }

  private static ChunkNumber number(long counter) {
    return new ChunkNumber(LINEAGE, counter);
  }

  private static Route route(String id, long counter, long first) {
    return route(id, counter, BlockRange.of(first, first + 9), List.of());
  }

  private static Route route(String id, long counter, BlockRange range, List<WorkerId> workers) {
    return new Route(ChunkKey.of("d", id), range, number(counter), 10, workers);
  }

  private static PortalDelta delta(long from, long to, List<ChunkKey> removed, List<Route> put) {
    return new PortalDelta(
        LINEAGE, Optional.of(PortalAssignmentId.of(from)), PortalAssignmentId.of(to), removed, put);
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
    private final List<SimulatedPortal> portals = new ArrayList<>();
    private final Set<WorkerId> emptied = new HashSet<>();
    private RouteTable newest = new RouteTable(0, List.of());
    private long numbers;

    Story(Chance chance) {
      this.chance = chance;
      for (int i = 0; i < PORTALS; i++) {
        portals.add(new SimulatedPortal("p" + i, 5));
      }
      for (int i = 0; i < WORKERS; i++) {
        disks.put(WorkerId.of("w" + i), new HashSet<>());
      }
    }

    /** Tells it; how often a portal was led to a disk that had vanished. */
    long told() {
      for (int step = 0; step < STEPS; step++) {
        switch (chance.below(6)) {
          case 0 -> publish();
          case 1 -> vanish();
          case 2 -> come();
          default -> tell(portals.get(chance.below(PORTALS)));
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
        boolean isFree = next.stream().noneMatch(each -> each.key().equals(route.key()));
        if (isFree) {
          next.add(new Route(route.key(), range, route.number(), 10, holders(route)));
        }
      }
      next.sort(RouteTable.ORDER);
      newest = new RouteTable(newest.id() + 1, next);
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
        if (isWhole) {
          bytes.vanished(number);
          disks.get(worker).remove(number);
          emptied.add(worker);
        } else if (chance.happens(30)) {
          SliceEntry entry = new SliceEntry(ChunkKey.of("d", "x"), number, 10, 1);
          bytes.deletes(worker, entry, new RouteTable(0, List.of()), List.of(), () -> false);
          afresh.checked(1);
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

    private void tell(SimulatedPortal portal) {
      RouteTable before = portal.table();
      RouteTable next =
          before == null || chance.happens(20) ? newest : before.changed(since(before));
      List<RouteTable> others =
          portals.stream().map(SimulatedPortal::table).filter(each -> each != null).toList();
      sight.moved(portal.name(), before, next);
      telling.routes(portal, next, newest);
      bytes.told(next, others, this::has, this::mayMiss);
      judgeAfresh(portal, before, next);
      portal.take(next, LINEAGE, 1);
    }

    private void judgeAfresh(SimulatedPortal portal, RouteTable before, RouteTable next) {
      RouteTable table = new RouteTable(next.id(), next.routes());
      RouteTable old = before == null ? null : new RouteTable(before.id(), before.routes());
      new SightOracle(afresh).moved(portal.name(), old, table);
      new TellingOracle(afresh).routes(portal, table, new RouteTable(newest.id(), newest.routes()));
      new BytesOracle(afresh, 0).told(table, List.of(), this::has, this::mayMiss);
    }

    private boolean mayMiss(WorkerId worker, ChunkNumber number) {
      return emptied.contains(worker);
    }

    private boolean has(WorkerId worker, ChunkNumber number) {
      return disks.get(worker).contains(number);
    }

    /** Returns the delta from a table to the newest one. */
    private PortalDelta since(RouteTable before) {
      List<Route> put =
          newest.routes().stream().filter(route -> !before.routes().contains(route)).toList();
      List<ChunkKey> removed =
          before.routes().stream()
              .filter(route ->
                  newest.routes().stream().noneMatch(each -> each.number().equals(route.number())))
              .map(Route::key)
              .toList();
      return delta(before.id(), newest.id(), removed, put);
    }
  }
}
