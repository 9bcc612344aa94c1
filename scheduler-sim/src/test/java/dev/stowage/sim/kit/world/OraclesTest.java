package dev.stowage.sim.kit.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each oracle against the smallest state that violates it, and against the nearest one that does
 * not.
 */
class OraclesTest {
  private static final WorkerId A = WorkerId.of("a");
  private static final WorkerId B = WorkerId.of("b");

  private final WorldFindings findings = new WorldFindings();
  private final SightOracle sight = new SightOracle(findings);
  private final BytesOracle bytes = new BytesOracle(findings, 2);

  @Test
  void sight_bothSidesOfASwap_isAViolation() {
    sight.moved("p", null, table(1, route("old", 1, 0, 9), route("new", 2, 0, 9)));
    assertThat(findings.violations()).singleElement().asString().contains("sees both");
  }

  @Test
  void sight_neighboursThatTouch_areFine() {
    sight.moved("p", null, table(1, route("x", 1, 0, 9), route("y", 2, 10, 19)));
    assertThat(findings.violations()).isEmpty();
  }

  @Test
  void sight_sameBlocksOfAnotherDataset_areFine() {
    Route other = new Route(ChunkKey.of("e", "x"), BlockRange.of(0, 9), number(3), 10, List.of());
    sight.moved("p", null, table(1, route("x", 1, 0, 9), other));
    assertThat(findings.violations()).isEmpty();
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
    RouteTable old = table(1, route("old", 1, 0, 9));
    sight.moved("p", old, table(2), gone -> gone.number().equals(number(1)));
    assertThat(findings.violations()).isEmpty();
    sight.moved("p", old, table(2), gone -> false);
    assertThat(findings.violations()).hasSize(1);
  }

  @Test
  void sight_replacementByTwoHalvesBehindOthers_isFine() {
    sight.moved(
        "p",
        table(1, route("w", 7, 0, 9), route("old", 1, 10, 19)),
        table(2, route("w", 7, 0, 9), route("n1", 2, 10, 14), route("n2", 3, 15, 19)));
    assertThat(findings.violations()).isEmpty();
  }

  @Test
  void bytes_routeToAWorkerWithoutThem_isAViolation() {
    bytes.told(
        table(1, route("x", 1, 0, 9, A)),
        List.of(),
        (worker, number) -> false,
        (worker, number) -> false);
    assertThat(findings.violations()).singleElement().asString().contains("has not got it");
  }

  @Test
  void bytes_routeToAWorkerWhoseDiskJustVanished_isMeasured() {
    bytes.told(
        table(1, route("x", 1, 0, 9, A)),
        List.of(),
        (worker, number) -> false,
        (worker, number) -> A.equals(worker));
    assertThat(findings.violations()).isEmpty();
    assertThat(findings.measuredMisses()).isEqualTo(1);
  }

  @Test
  void bytes_deletedUnderAPortalThatLags_isAViolation() {
    SimulatedPortal portal = new SimulatedPortal("p", 5);
    portal.take(table(1, route("x", 1, 0, 9, A)), Lineage.of(1), 0);
    copies(3);
    bytes.deletes(A, row(), table(2, route("x", 1, 0, 9, B)), askers(portal), () -> false);
    assertThat(findings.violations()).singleElement().asString().contains("may ask a for d/x");
  }

  @Test
  void bytes_deletedAsALastResort_isMeasured() {
    SimulatedPortal portal = new SimulatedPortal("p", 5);
    portal.take(table(1, route("x", 1, 0, 9, A)), Lineage.of(1), 0);
    copies(3);
    bytes.deletes(A, row(), table(2, route("x", 1, 0, 9, B)), askers(portal), () -> true);
    assertThat(findings.violations()).isEmpty();
    assertThat(findings.measuredMisses()).isEqualTo(1);
  }

  @Test
  void bytes_deletedWhenPortalsAskOthers_isFine() {
    SimulatedPortal portal = new SimulatedPortal("p", 5);
    portal.take(table(1, route("x", 1, 0, 9, B)), Lineage.of(1), 0);
    copies(3);
    bytes.deletes(A, row(), table(2, route("x", 1, 0, 9, B)), askers(portal), () -> false);
    assertThat(findings.violations()).isEmpty();
  }

  @Test
  void bytes_deletionBelowTheFloor_isAViolation() {
    copies(2);
    bytes.deletes(A, row(), table(2, route("x", 1, 0, 9, B)), List.of(), () -> false);
    assertThat(findings.violations()).singleElement().asString().contains("leaves 1 of 2 copies");
  }

  @Test
  void bytes_deletionOfAChunkThatNobodySeesAnyMore_isFine() {
    copies(1);
    bytes.deletes(A, row(), table(2), List.of(), () -> false);
    assertThat(findings.violations()).isEmpty();
  }

  @Test
  void telling_routesThatAreNotThoseOfTheAssignment_areAViolation() {
    TellingOracle telling = new TellingOracle(findings);
    SimulatedPortal portal = new SimulatedPortal("p", 5);
    RouteTable newest = table(2, route("x", 1, 0, 9, B));
    telling.routes(portal, table(2, route("x", 1, 0, 9, A)), newest);
    assertThat(findings.violations())
        .singleElement()
        .asString()
        .contains("other routes than those of portal assignment 2");
  }

  @Test
  void telling_routesOfAnEarlierAssignment_areNotCompared() {
    TellingOracle telling = new TellingOracle(findings);
    SimulatedPortal portal = new SimulatedPortal("p", 5);
    RouteTable newest = table(2, route("x", 1, 0, 9, B));
    telling.routes(portal, table(1, route("x", 1, 0, 9, A)), newest);
    telling.routes(portal, table(2, route("x", 1, 0, 9, B)), newest);
    assertThat(findings.violations()).isEmpty();
  }

  @Test
  void portal_thatCouldNotPollForAWindow_usesItsRoutesNoMore() {
    SimulatedPortal portal = new SimulatedPortal("p", 5);
    assertThat(portal.isInUse(0)).isFalse();
    portal.take(table(1, route("x", 1, 0, 9, A)), Lineage.of(1), 10);
    assertThat(portal.isInUse(14)).isTrue();
    assertThat(portal.mayAsk(number(1), A, 14)).isTrue();
    assertThat(portal.isInUse(15)).isFalse();
    assertThat(portal.mayAsk(number(1), A, 15)).isFalse();
  }

  @Test
  void findings_manyViolations_areCountedButNotAllKept() {
    for (int i = 0; i < 150; i++) {
      findings.violated("o", "f" + i);
    }
    assertThat(findings.violations()).hasSize(101).last().isEqualTo("... and 50 more");
  }

  private static List<SimulatedPortal> askers(SimulatedPortal portal) {
    return Stream.of(portal).filter(each -> each.mayAsk(number(1), A, 0)).toList();
  }

  private void copies(int count) {
    for (int i = 0; i < count; i++) {
      bytes.came(number(1));
    }
  }

  private static RouteTable table(long id, Route... routes) {
    return new RouteTable(id, List.of(routes));
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
