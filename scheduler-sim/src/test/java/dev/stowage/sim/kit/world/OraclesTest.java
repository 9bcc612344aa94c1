package dev.stowage.sim.kit.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.client.RouteBook;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Each oracle against the smallest state that violates it; every simulation is full of states that
 * nearly do.
 */
class OraclesTest {
  private static final WorkerId A = WorkerId.of("a");
  private static final WorkerId B = WorkerId.of("b");

  private static final Optional<Route> NEWEST = Optional.of(route("x", 1, 0, 9, B));
  private static final List<PortalId> ASKERS = List.of(PortalId.of("p"));

  private final WorldFindings findings = new WorldFindings();
  private final SightOracle sight = new SightOracle(findings);
  private final BytesOracle bytes = new BytesOracle(findings, 2);

  @Test
  void sight_bothSidesOfASwap_isAViolation() {
    sight.published(List.of(route("old", 1, 0, 9), route("new", 2, 0, 9)));
    assertThat(findings.violations()).singleElement().asString().contains("sees both");
  }

  @Test
  void sight_neitherSideOfASwap_isAViolation() {
    sight.moved("p", table(1, route("old", 1, 0, 9)), table(2, route("far", 2, 10, 19)));
    assertThat(findings.violations()).singleElement().asString().contains("no longer sees d/old");
  }

  @Test
  void sight_replacementThatLeavesOneBlockOut_isAViolation() {
    sight.moved(
        "p", table(1, route("old", 1, 0, 9)), table(2, route("n1", 2, 0, 4), route("n2", 3, 6, 9)));
    assertThat(findings.violations()).hasSize(1);
  }

  @Test
  void sight_ofWhatMayGo_isFine() {
    RouteBook old = table(1, route("old", 1, 0, 9));
    sight.moved("p", old, table(2), gone -> gone.number().equals(number(1)));
    assertThat(findings.violations()).isEmpty();
    sight.moved("p", old, table(2), gone -> false);
    assertThat(findings.violations()).hasSize(1);
  }

  @Test
  void bytes_routeToAWorkerWithoutThem_isAViolation() {
    bytes.told(
        table(1, route("x", 1, 0, 9, A)),
        table(0),
        (worker, number) -> false,
        (worker, number) -> false);
    assertThat(findings.violations()).singleElement().asString().contains("has not got it");
  }

  @Test
  void bytes_routeToAWorkerWhoseDiskJustVanished_isMeasured() {
    bytes.told(
        table(1, route("x", 1, 0, 9, A)),
        table(0),
        (worker, number) -> false,
        (worker, number) -> A.equals(worker));
    assertThat(findings.violations()).isEmpty();
    assertThat(findings.measuredMisses()).isEqualTo(1);
  }

  @Test
  void bytes_deletedUnderAPortalThatLags_isAViolation() {
    copies(3);
    bytes.deletes(A, row(), NEWEST, ASKERS, () -> false);
    assertThat(findings.violations()).singleElement().asString().contains("may ask a for d/x");
  }

  @Test
  void bytes_deletedAsALastResort_isMeasured() {
    copies(3);
    bytes.deletes(A, row(), NEWEST, ASKERS, () -> true);
    assertThat(findings.violations()).isEmpty();
    assertThat(findings.measuredMisses()).isEqualTo(1);
  }

  @Test
  void bytes_deletionBelowTheFloor_isAViolation() {
    copies(2);
    bytes.deletes(A, row(), NEWEST, List.of(), () -> false);
    assertThat(findings.violations()).singleElement().asString().contains("leaves 1 of 2 copies");
  }

  @Test
  void telling_routesThatAreNotThoseOfTheAssignment_areAViolation() {
    TellingOracle telling = new TellingOracle(findings);
    RouteBook newest = table(2, route("x", 1, 0, 9, B));
    telling.follows(table(0), newest);
    telling.routes("p", table(0), table(2, route("x", 1, 0, 9, A)), newest);
    assertThat(findings.violations())
        .singleElement()
        .asString()
        .contains("other routes than those of portal assignment 2");
  }

  @Test
  void telling_portalWithInterests_seesAllOfThemAndNothingElse() {
    TellingOracle telling = new TellingOracle(findings);
    Route mine = route("x", 1, 0, 9, B);
    Route other = new Route(ChunkKey.of("e", "x"), BlockRange.of(0, 9), number(3), 10, List.of(A));
    RouteBook newest = table(2, mine, other);
    var sums = telling.follows(table(0), newest);
    Set<DatasetId> followed = Set.of(DatasetId.of("d"));
    telling.routes("p", table(0), table(2, mine), newest, sums, followed);
    assertThat(findings.violations()).isEmpty();
    telling.routes("p", table(0), table(2), newest, sums, followed);
    assertThat(findings.violations()).singleElement().asString().contains("other routes than");
    telling.routes("p", table(0), table(1, mine, other), newest, sums, followed);
    assertThat(findings.violations()).hasSize(2);
    assertThat(findings.violations().get(1)).contains("routes of other datasets than [d]");
  }

  @Test
  void telling_routesBeyondTheirWindow_areAViolation() {
    TellingOracle telling = new TellingOracle(findings);
    telling.replaced("p", table(2), 300, 300);
    assertThat(findings.violations()).isEmpty();
    telling.replaced("p", table(2), 301, 300);
    assertThat(findings.violations()).singleElement().asString().contains("301 ticks ago");
  }

  @Test
  void findings_manyViolations_areCountedButNotAllKept() {
    for (int i = 0; i < 150; i++) {
      findings.violated("o", "f" + i);
    }
    assertThat(findings.violations()).hasSize(101).last().isEqualTo("... and 50 more");
  }

  private void copies(int count) {
    for (int i = 0; i < count; i++) {
      bytes.came(number(1));
    }
  }

  private static RouteBook table(long id, Route... routes) {
    return RouteBook.of(
        new RoutesDocument(
            Lineage.of(1),
            PortalAssignmentId.of(id),
            Optional.empty(),
            List.of(),
            List.of(routes)));
  }

  private static Route route(String id, long counter, long first, long last, WorkerId... workers) {
    return new Route(
        ChunkKey.of("d", id), BlockRange.of(first, last), number(counter), 10, List.of(workers));
  }

  private static SliceEntry row() {
    return new SliceEntry(ChunkKey.of("d", "x"), number(1), 10, 1);
  }

  private static ChunkNumber number(long counter) {
    return new ChunkNumber(Lineage.of(1), counter);
  }
}
