package dev.stowage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.Invariant;
import dev.stowage.lifecycle.Violation;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Every state invariant: the smallest state that breaks it, and the one beside it that does not.
 */
class StateInvariantsTest {
  private final FleetDraft fleet = new FleetDraft();

  @Test
  void liveChunks_thatShareABlock_overlap() {
    fleet.chunk("a", 0, 9).state(ChunkColumns.ADMITTED);
    fleet.chunk("b", 9, 20).state(ChunkColumns.ADMITTED);
    assertThat(broken()).containsExactly(Invariant.NO_OVERLAP);
  }

  @Test
  void liveChunks_thatTouch_doNotOverlap() {
    fleet.chunk("a", 10, 20);
    fleet.chunk("b", 0, 9);
    fleet.chunk("far", Long.MAX_VALUE, Long.MAX_VALUE);
    assertThat(broken()).isEmpty();
  }

  @Test
  void liveChunks_ofTwoDatasets_mayShareBlocks() {
    fleet.chunk("a", 0, 9);
    fleet.chunk("b", 0, 9).of("e");
    assertThat(broken()).isEmpty();
  }

  /** Against all pairs; with more datasets than are numbered at hand. */
  @Test
  void overlaps_areFound_inWhateverOrderRowsCome() {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      FleetDraft drawn = new FleetDraft();
      int count = 2 + random.nextInt(40);
      String[] dataset = new String[count];
      long[] first = new long[count];
      long[] last = new long[count];
      TreeSet<String> pairs = new TreeSet<>();
      for (int i = 0; i < count; i++) {
        dataset[i] = "d" + random.nextInt(1 + (int) seed % 12);
        first[i] = random.nextInt(80);
        last[i] = first[i] + random.nextInt(5);
        drawn.chunk("c" + i, first[i], last[i]).of(dataset[i]);
        for (int j = 0; j < i; j++) {
          if (dataset[i].equals(dataset[j]) && first[i] <= last[j] && first[j] <= last[i]) {
            pairs.add(pair(dataset[i] + "/c" + i, dataset[i] + "/c" + j));
          }
        }
      }
      assertOverlaps(Audit.check(drawn.snapshot()), pairs, "seed " + seed);
    }
  }

  /** Beyond a few they are only counted. */
  private static void assertOverlaps(List<Violation> violations, Set<String> pairs, String drawn) {
    Set<String> found = new TreeSet<>();
    int uncounted = pairs.size();
    for (Violation violation : violations) {
      assertThat(violation.invariant()).isEqualTo(Invariant.NO_OVERLAP);
      if (violation.subject().equals("fleet")) {
        assertThat(violation.found())
            .as(drawn)
            .isEqualTo(uncounted + " more violations are not listed");
        uncounted = 0;
      } else {
        String other = violation.found().split("together with |, ranges")[1];
        assertThat(found.add(pair(violation.subject(), other))).as(drawn).isTrue();
        uncounted--;
      }
    }
    assertThat(pairs).as(drawn).containsAll(found);
    assertThat(uncounted).as(drawn).isZero();
  }

  private static String pair(String one, String other) {
    return one.compareTo(other) < 0 ? one + " " + other : other + " " + one;
  }

  @Test
  void liveChunks_nestedBehindAnother_overlap() {
    fleet.chunk("wide", 0, 99);
    fleet.chunk("early", 1, 2).state(ChunkColumns.REJECTED).brandNew().state(ChunkColumns.REJECTED);
    fleet.chunk("late", 90, 91).state(ChunkColumns.ADMITTED);
    assertThat(broken()).containsExactly(Invariant.NO_OVERLAP);
  }

  @Test
  void markedChunk_givesUpItsRange() {
    fleet.chunk("a", 0, 9).marked();
    fleet.chunk("b", 0, 9).state(ChunkColumns.ADMITTED);
    assertThat(broken()).isEmpty();
  }

  @Test
  void visibleChunks_overlapEvenWhenMarked() {
    fleet.chunk("a", 0, 9).marked();
    fleet.chunk("b", 9, 9);
    assertThat(broken()).containsExactly(Invariant.NO_OVERLAP);
  }

  @Test
  void sidesOfAPendingChain_mayOverlap() {
    fleet.chunk("a", 0, 9);
    fleet.chunk("b", 0, 9).state(ChunkColumns.ADMITTED);
    fleet.chunk("c", 0, 9).state(ChunkColumns.ADMITTED);
    fleet.swap(1, SwapColumns.PENDING, List.of("a"), List.of("b"));
    fleet.swap(2, SwapColumns.PENDING, List.of("b"), List.of("c"));
    assertThat(broken()).isEmpty();
  }

  @Test
  void sidesOfACancelledSwap_mayNotOverlap() {
    fleet.chunk("a", 0, 9);
    fleet.chunk("b", 0, 9).state(ChunkColumns.ADMITTED);
    fleet.swap(1, SwapColumns.CANCELLED, List.of("a"), List.of("b"));
    assertThat(broken()).containsExactly(Invariant.NO_OVERLAP);
  }

  @Test
  void newSide_visibleBeforeItsSwapFired_breaksAtomicity() {
    fleet.chunk("a", 0, 9).state(ChunkColumns.DROPPED).windowEnd(5);
    fleet.chunk("b", 0, 9);
    fleet.swap(1, SwapColumns.PENDING, List.of("a"), List.of("b"));
    assertThat(broken()).containsExactly(Invariant.SWAP_ATOMICITY);
  }

  @Test
  void newSide_visibleAfterItsSwapFired_isAtomic() {
    fleet.chunk("a", 0, 9).state(ChunkColumns.DROPPED).windowEnd(5);
    fleet.chunk("b", 0, 9);
    fleet.swap(1, SwapColumns.FIRED, List.of("a"), List.of("b"));
    assertThat(broken()).isEmpty();
  }

  @Test
  void namedReplica_neverConfirmed_breaksTwoPhaseIn() {
    fleet.worker("w").applied(4);
    fleet.chunk("a", 0, 9);
    fleet.replica("a", "w").since(5).named();
    assertThat(broken()).containsExactly(Invariant.TWO_PHASE_IN);
  }

  @Test
  void namedReplica_confirmedExactly_isFine() {
    fleet.worker("w").applied(5);
    fleet.chunk("a", 0, 9);
    fleet.replica("a", "w").since(5).named();
    assertThat(broken()).isEmpty();
  }

  @Test
  void namedReplica_coveredByTheWatermark_isFine() {
    fleet.quorum(50, 5).worker("w").applied(4);
    fleet.chunk("a", 0, 9);
    fleet.replica("a", "w").since(5).named();
    assertThat(broken()).isEmpty();
  }

  @Test
  void namedReplica_lostOrOwingAnInventory_isMeasuredElsewhere() {
    fleet.worker("w").applied(4);
    fleet.worker("v").applied(4).unproven();
    fleet.chunk("a", 0, 9);
    fleet.replica("a", "w").since(5).named().missing(7);
    fleet.replica("a", "v").since(5).named();
    assertThat(broken()).isEmpty();
  }

  @Test
  void namedReplica_ofADroppedChunk_breaksTwoPhaseIn() {
    fleet.worker("w");
    fleet.chunk("a", 0, 9).state(ChunkColumns.DROPPED).windowEnd(9);
    fleet.replica("a", "w").named();
    assertThat(broken()).containsExactly(Invariant.TWO_PHASE_IN);
  }

  @Test
  void stamps_inOrder_areSane() {
    fleet.worker("w").status(WorkerStatus.DEPARTED);
    fleet.chunk("a", 0, 9);
    fleet.replica("a", "w").since(10).superseded(10).released(10).readableUntil(1);
    assertThat(broken()).isEmpty();
  }

  @Test
  void superseded_beforeSince_isInsane() {
    fleet.worker("w");
    fleet.chunk("a", 0, 9);
    fleet.replica("a", "w").since(5).superseded(4);
    assertThat(broken()).containsExactly(Invariant.STAMPS_ARE_SANE);
  }

  @Test
  void stamps_beyondTheNewestIds_areInsane() {
    fleet.worker("w").applied(11);
    fleet.workers("x", "y", "z");
    fleet.chunk("a", 0, 9);
    fleet.replica("a", "x").since(11);
    fleet.replica("a", "y").superseded(11);
    fleet.replica("a", "z").superseded(2).released(11);
    assertThat(Audit.check(fleet.snapshot())).hasSize(4);
  }

  @Test
  void released_whileAssigned_isInsane() {
    fleet.worker("w");
    fleet.chunk("a", 0, 9);
    fleet.replica("a", "w").released(4);
    assertThat(broken()).containsExactly(Invariant.STAMPS_ARE_SANE);
  }

  @Test
  void drainingReplica_stillNamed_isInsane() {
    fleet.worker("w");
    fleet.chunk("a", 0, 9);
    fleet.replica("a", "w").superseded(4).released(4).named();
    assertThat(broken()).containsExactly(Invariant.STAMPS_ARE_SANE);
  }

  @Test
  void replica_ofATombstone_isInsane() {
    fleet.worker("w");
    fleet.chunk("a", 0, 9).state(ChunkColumns.TOMBSTONE);
    fleet.replica("a", "w");
    assertThat(broken()).containsExactly(Invariant.STAMPS_ARE_SANE);
  }

  @Test
  void replica_ofANewChunk_isInsane() {
    fleet.worker("w");
    fleet.chunk("a", 0, 9).brandNew();
    fleet.replica("a", "w");
    assertThat(broken()).containsExactly(Invariant.STAMPS_ARE_SANE);
  }

  @Test
  void pair_onTheBooksTwice_isInsane() {
    fleet.worker("w");
    fleet.chunk("a", 0, 9);
    fleet.replica("a", "w");
    fleet.replica("a", "w");
    assertThat(broken()).containsExactly(Invariant.STAMPS_ARE_SANE);
  }

  @Test
  void visibleChunk_thatIsStillNew_isInsane() {
    fleet.chunk("a", 0, 9).brandNew().state(ChunkColumns.VISIBLE);
    assertThat(broken()).containsExactly(Invariant.STAMPS_ARE_SANE);
  }

  @Test
  void droppedChunk_withoutAWindow_isInsane() {
    fleet.chunk("a", 0, 9).state(ChunkColumns.DROPPED);
    assertThat(broken()).containsExactly(Invariant.STAMPS_ARE_SANE);
  }

  @Test
  void brokenEverywhere_isToldInAFewLines() {
    for (int i = 0; i < 50; i++) {
      fleet.chunk("c" + i, 0, 9).state(ChunkColumns.ADMITTED);
    }
    List<Violation> found = Audit.check(fleet.snapshot());
    assertThat(found).hasSize(Findings.LISTED + 1);
    assertThat(found.get(Findings.LISTED).found()).isEqualTo("1205 more violations are not listed");
  }

  private List<Invariant> broken() {
    return Audit.check(fleet.snapshot()).stream().map(Violation::invariant).distinct().toList();
  }
}
