package dev.stowage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.Invariant;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.Violation;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementConfig;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Every step invariant: the smallest step that breaks it, and the one beside it that does not. */
class StepInvariantsTest {
  private final FleetDraft before = new FleetDraft();
  private final FleetDraft after = new FleetDraft().ids(11, 11);
  private AuditStep.Answer answer = AuditStep.Answer.at(100);

  private void both(Consumer<FleetDraft> facts) {
    facts.accept(before);
    facts.accept(after);
  }

  @Test
  void cycle_thatAddsAboveCapacity_overcommits() {
    both(fleet -> fleet.worker("w").capacity(199));
    both(fleet -> fleet.chunk("a", 0, 9).floor(1));
    both(fleet -> fleet.chunk("b", 10, 19).floor(1));
    both(fleet -> fleet.replica("a", "w"));
    after.replica("b", "w").since(11);
    assertThat(schedule()).containsExactly(Invariant.NO_OVERCOMMIT);
  }

  private void twoInOneZone(Map<Integer, Integer> limits) {
    PlacementConfig limited = PlacementConfig.builder().maxPerDomain(limits).build();
    LifecycleConfig config = LifecycleConfig.builder().placement(limited).build();
    both(fleet -> fleet.row(config, 0));
    both(fleet -> fleet.worker("w").in("z/a"));
    both(fleet -> fleet.worker("v").in("z/b"));
    both(fleet -> fleet.chunk("a", 0, 9).floor(1));
    both(fleet -> fleet.replica("a", "w"));
  }

  @Test
  void cycle_thatGivesADomainMoreThanItMayHave_breaksItsLimit() {
    twoInOneZone(Map.of(1, 1));
    after.replica("a", "v").since(11);
    assertThat(schedule()).containsExactly(Invariant.DOMAIN_LIMIT);
  }

  @Test
  void cycle_thatGivesAnotherDomainOne_keepsItsLimit() {
    twoInOneZone(Map.of(2, 1));
    after.replica("a", "v").since(11);
    assertThat(schedule()).isEmpty();
  }

  @Test
  void cycle_thatLeavesWhatLaysThereBefore_keepsTheLimit() {
    twoInOneZone(Map.of(1, 1));
    both(fleet -> fleet.replica("a", "v"));
    assertThat(schedule()).isEmpty();
  }

  @Test
  void cycle_thatFillsToTheByte_doesNotOvercommit() {
    both(fleet -> fleet.worker("w").capacity(200));
    both(fleet -> fleet.chunk("a", 0, 9).floor(1));
    both(fleet -> fleet.chunk("b", 10, 19).floor(1));
    both(fleet -> fleet.replica("a", "w"));
    after.replica("b", "w").since(11);
    assertThat(schedule()).isEmpty();
  }

  @Test
  void cycle_thatKeepsWhatACutCapacityHolds_doesNotOvercommit() {
    both(fleet -> fleet.worker("w").capacity(50));
    both(fleet -> fleet.chunk("a", 0, 9).floor(1));
    both(fleet -> fleet.replica("a", "w"));
    after.chunk("b", 10, 19).floor(1);
    after.replica("b", "w").since(10).superseded(11);
    assertThat(schedule()).isEmpty();
  }

  @Test
  void deletion_belowTheFloor_breaksRetention() {
    three("w", "v", "u");
    after.replica("a", "w");
    assertThat(schedule()).containsExactly(Invariant.RETENTION);
  }

  @Test
  void deletion_downToTheFloor_keepsRetention() {
    three("w", "v", "u");
    after.replica("a", "w");
    after.replica("a", "v");
    assertThat(schedule()).isEmpty();
  }

  @Test
  void deletion_relyingOnASuspect_breaksRetention() {
    three("w", "v", "u");
    after.worker("w").status(WorkerStatus.SUSPECT);
    after.replica("a", "w");
    after.replica("a", "v");
    assertThat(Audit.checkStep(step(AuditStep.Kind.SCHEDULE)))
        .extracting(Violation::invariant)
        .contains(Invariant.RETENTION);
  }

  @Test
  void deletion_besideACopyThatAnInventoryShows_keepsRetention() {
    both(fleet -> fleet.workers("w", "v"));
    both(fleet -> fleet.chunk("a", 0, 9).state(ChunkColumns.ADMITTED));
    both(fleet -> fleet.replica("a", "w"));
    before.replica("a", "v").superseded(5);
    before.worker("u").unproven().inventoryPending();
    after.worker("u");
    after.replica("a", "u").superseded(11);
    assertThat(schedule()).isEmpty();
  }

  @Test
  void deletion_besideACopyThatNobodyReported_breaksRetention() {
    both(fleet -> fleet.workers("w", "v", "u"));
    both(fleet -> fleet.chunk("a", 0, 9).state(ChunkColumns.ADMITTED));
    both(fleet -> fleet.replica("a", "w"));
    before.replica("a", "v").superseded(5);
    after.replica("a", "u");
    assertThat(schedule()).containsExactly(Invariant.RETENTION);
  }

  @Test
  void deletion_ofTheLastNamed_besideACopyThatAnInventoryShows_isNotTheLast() {
    both(fleet -> fleet.worker("v"));
    both(fleet -> fleet.chunk("a", 0, 9).floor(1).state(ChunkColumns.ADMITTED));
    before.replica("a", "v").superseded(5);
    before.worker("u").unproven().inventoryPending();
    after.worker("u");
    after.replica("a", "u").superseded(11);
    assertThat(schedule()).isEmpty();
  }

  @Test
  void deletion_ofTheUnpossessed_withNothingPossessedLeft_breaksRetention() {
    both(fleet -> fleet.worker("w").applied(0));
    both(fleet -> fleet.chunk("a", 0, 9).state(ChunkColumns.ADMITTED));
    before.replica("a", "w").since(1).superseded(2);
    assertThat(schedule()).containsExactly(Invariant.RETENTION);
  }

  @Test
  void deletion_ofWhatWasNeverPossessed_isFree() {
    both(fleet -> fleet.worker("w").applied(0));
    both(fleet -> fleet.chunk("a", 0, 9).state(ChunkColumns.ADMITTED).neverPossessed());
    before.replica("a", "w").since(1).superseded(2);
    assertThat(schedule()).isEmpty();
  }

  @Test
  void deletion_ofTheLastPossessed_isTold() {
    both(fleet -> fleet.workers("w"));
    both(fleet -> fleet.chunk("a", 0, 9).state(ChunkColumns.ADMITTED));
    before.replica("a", "w").superseded(2);
    assertThat(schedule()).containsExactly(Invariant.RETENTION, Invariant.LAST_REPLICA);
  }

  @Test
  void deletion_withADepartedWorker_isExempt() {
    both(fleet -> fleet.worker("w").status(WorkerStatus.DEPARTED));
    both(fleet -> fleet.chunk("a", 0, 9));
    before.replica("a", "w").named();
    assertThat(schedule()).isEmpty();
  }

  @Test
  void deletion_whileNamed_breaksTwoPhaseOut() {
    both(fleet -> fleet.workers("w", "v", "u"));
    both(fleet -> fleet.chunk("a", 0, 9));
    both(fleet -> fleet.replica("a", "w"));
    both(fleet -> fleet.replica("a", "v"));
    before.replica("a", "u").superseded(5).named();
    assertThat(schedule()).containsExactly(Invariant.TWO_PHASE_OUT);
    answer = new AuditStep.Answer(100, 1, List.of(), 0);
    assertThat(schedule()).as("admitted as a last resort").isEmpty();
  }

  @Test
  void deletion_beforeTheWindowEnds_breaksTwoPhaseOut() {
    both(fleet -> fleet.workers("w", "v", "u"));
    both(fleet -> fleet.chunk("a", 0, 9));
    both(fleet -> fleet.replica("a", "w"));
    both(fleet -> fleet.replica("a", "v"));
    before.replica("a", "u").superseded(5).released(5).readableUntil(101);
    assertThat(schedule()).containsExactly(Invariant.TWO_PHASE_OUT);
    answer = AuditStep.Answer.at(101);
    assertThat(schedule()).as("at the tick at which the window ends").isEmpty();
  }

  @Test
  void deletion_outsideASchedulingCycle_isToldForAnyReplica() {
    both(fleet -> fleet.worker("w").applied(0));
    both(fleet -> fleet.chunk("a", 0, 9).state(ChunkColumns.ADMITTED).neverPossessed());
    before.replica("a", "w").since(1).superseded(2);
    assertThat(publish()).containsExactly(Invariant.TWO_PHASE_OUT);
  }

  @Test
  void tombstone_beforeItsWindowEnds_breaksTwoPhaseOut() {
    both(fleet -> fleet.workers("w"));
    before.chunk("a", 0, 9).marked().state(ChunkColumns.DROPPED).windowEnd(101);
    after.chunk("a", 0, 9).marked().state(ChunkColumns.TOMBSTONE).windowEnd(101);
    before.replica("a", "w");
    assertThat(schedule()).containsExactly(Invariant.TWO_PHASE_OUT);
    answer = AuditStep.Answer.at(101);
    assertThat(schedule()).isEmpty();
  }

  @Test
  void firstPublication_belowTheFloor_isNotAtomic() {
    both(fleet -> fleet.workers("w", "v"));
    before.chunk("a", 0, 9).brandNew();
    after.chunk("a", 0, 9).state(ChunkColumns.ADMITTED).neverPossessed();
    after.replica("a", "w").since(11);
    assertThat(schedule()).containsExactly(Invariant.ATOMIC_FIRST_PUBLICATION);
    after.replica("a", "v").since(11);
    assertThat(schedule()).as("its whole floor").isEmpty();
  }

  @Test
  void chunkFoundByAnInventory_isEstablishedWhateverItsReplicas() {
    both(fleet -> fleet.workers("w", "v"));
    before.chunk("a", 0, 9).brandNew();
    after.chunk("a", 0, 9).state(ChunkColumns.ADMITTED);
    after.replica("a", "w").since(10).superseded(11);
    assertThat(schedule()).isEmpty();
  }

  @Test
  void publish_namesExactlyWhatIsRouted() {
    both(fleet -> fleet.worker("w").applied(1));
    both(fleet -> fleet.chunk("a", 0, 9));
    after.replica("a", "w").since(1).named();
    assertThat(publish()).isEmpty();
    after.worker("v").applied(1);
    after.replica("a", "v").since(1);
    assertThat(publish()).as("routed, but not named").containsExactly(Invariant.TWO_PHASE_IN);
  }

  @Test
  void publish_thatNamesTheUnconfirmed_isTold() {
    both(fleet -> fleet.worker("w").applied(1));
    both(fleet -> fleet.chunk("a", 0, 9));
    after.replica("a", "w").since(2).named();
    assertThat(publish()).containsExactly(Invariant.TWO_PHASE_IN);
  }

  @Test
  void chunk_shownBelowItsFloor_breaksTwoPhaseIn() {
    both(fleet -> fleet.worker("w"));
    both(fleet -> fleet.worker("v").status(WorkerStatus.SUSPECT));
    before.chunk("a", 0, 9).state(ChunkColumns.ADMITTED);
    after.chunk("a", 0, 9);
    after.replica("a", "w").named();
    after.replica("a", "v").named();
    assertThat(publish()).as("one is suspect").containsExactly(Invariant.TWO_PHASE_IN);
    both(fleet -> fleet.worker("u"));
    after.replica("a", "u").named();
    assertThat(publish()).isEmpty();
  }

  @Test
  void chunk_shownWithoutAConfirmedReplica_breaksTwoPhaseInEvenWithoutGates() {
    both(fleet -> fleet.ungated().worker("w").applied(0));
    before.chunk("a", 0, 9).state(ChunkColumns.ADMITTED);
    after.chunk("a", 0, 9);
    after.replica("a", "w").since(1);
    assertThat(publish()).containsExactly(Invariant.TWO_PHASE_IN);
    both(fleet -> fleet.worker("v"));
    after.replica("a", "v").named();
    assertThat(publish()).as("one is enough without gates").isEmpty();
  }

  /** Chunk a, floor 2: old replicas on w, v; the replacement on u; u's report decides. */
  private void replaced(long appliedByU, long readableUntil) {
    both(fleet -> fleet.workers("w", "v"));
    both(fleet -> fleet.worker("u").applied(appliedByU));
    both(fleet -> fleet.chunk("a", 0, 9));
    before.replica("a", "w").superseded(5).named();
    after.replica("a", "w").superseded(5).released(11).readableUntil(readableUntil);
    both(fleet -> fleet.replica("a", "v").named());
    before.replica("a", "u").since(5);
    if (appliedByU >= 5) {
      after.replica("a", "u").since(5).named();
    } else {
      after.replica("a", "u").since(5);
    }
  }

  @Test
  void release_beforeTheReplacementIsRouted_breaksTwoPhaseOut() {
    replaced(4, 105);
    assertThat(publish()).containsExactly(Invariant.TWO_PHASE_OUT);
  }

  @Test
  void release_onceTheReplacementIsRouted_isFine() {
    replaced(5, 105);
    assertThat(publish()).isEmpty();
  }

  @Test
  void release_withAWindowOneTickTooShort_breaksTwoPhaseOut() {
    replaced(5, 104);
    assertThat(publish()).containsExactly(Invariant.TWO_PHASE_OUT);
  }

  @Test
  void release_onASuspectReplacement_breaksTwoPhaseOut() {
    both(fleet -> fleet.worker("w"));
    both(fleet -> fleet.worker("v").status(WorkerStatus.SUSPECT));
    both(fleet -> fleet.chunk("a", 0, 9).floor(1));
    before.replica("a", "w").superseded(5).named();
    after.replica("a", "w").superseded(5).released(11).readableUntil(105);
    both(fleet -> fleet.replica("a", "v").named());
    assertThat(publish()).containsExactly(Invariant.TWO_PHASE_OUT);
  }

  @Test
  void release_beforeTheWatermark_breaksTwoPhaseOut() {
    both(fleet -> fleet.workers("w", "v", "u"));
    both(fleet -> fleet.chunk("a", 0, 9));
    before.replica("a", "w").superseded(5).named();
    after.replica("a", "w").superseded(5).released(11).readableUntil(105);
    both(fleet -> fleet.replica("a", "v").named());
    both(fleet -> fleet.replica("a", "u").since(3).named());
    both(fleet -> fleet.quorum(50, 4));
    assertThat(publish()).containsExactly(Invariant.TWO_PHASE_OUT);
    both(fleet -> fleet.quorum(50, 5));
    assertThat(publish()).isEmpty();
  }

  @Test
  void darkChunk_whoseBytesGoOnDraining_breaksTwoPhaseOut() {
    both(fleet -> fleet.workers("w", "v"));
    both(fleet -> fleet.chunk("a", 0, 9).floor(2));
    both(fleet -> fleet.replica("a", "v").named());
    both(fleet -> fleet.replica("a", "w").superseded(5).released(6).readableUntil(200));
    assertThat(publish()).containsExactly(Invariant.TWO_PHASE_OUT);
  }

  @Test
  void drainingReplica_thatWasRecalled_isFine() {
    both(fleet -> fleet.workers("w", "v"));
    both(fleet -> fleet.chunk("a", 0, 9).floor(2));
    both(fleet -> fleet.replica("a", "v").named());
    before.replica("a", "w").superseded(5).released(6).readableUntil(200);
    after.replica("a", "w").superseded(5).named();
    assertThat(publish()).isEmpty();
  }

  @Test
  void drop_withAWindowOneTickTooShort_breaksTwoPhaseOut() {
    before.chunk("a", 0, 9).marked();
    after.chunk("a", 0, 9).marked().state(ChunkColumns.DROPPED).windowEnd(104);
    assertThat(publish()).containsExactly(Invariant.TWO_PHASE_OUT);
  }

  @Test
  void visibleChunk_thatLeavesUnmarked_isNotMonotone() {
    before.chunk("a", 0, 9);
    after.chunk("a", 0, 9).state(ChunkColumns.DROPPED).windowEnd(105);
    assertThat(publish()).containsExactly(Invariant.VISIBILITY_IS_MONOTONE);
  }

  @Test
  void visibleChunk_thatLeavesMarked_isMonotone() {
    before.chunk("a", 0, 9).marked();
    after.chunk("a", 0, 9).marked().state(ChunkColumns.DROPPED).windowEnd(105);
    assertThat(publish()).isEmpty();
    assertThat(schedule())
        .as("but not in a scheduling cycle")
        .containsExactly(Invariant.VISIBILITY_IS_MONOTONE);
  }

  @Test
  void chunk_purgedWhileDropped_isNotMonotone() {
    before.chunk("a", 0, 9).marked().state(ChunkColumns.DROPPED).windowEnd(5);
    assertThat(broken(AuditStep.Kind.PURGE)).containsExactly(Invariant.VISIBILITY_IS_MONOTONE);
  }

  @Test
  void chunk_purgedAsATombstone_isMonotone() {
    before.chunk("a", 0, 9).marked().state(ChunkColumns.TOMBSTONE).windowEnd(5);
    assertThat(broken(AuditStep.Kind.PURGE)).isEmpty();
    assertThat(broken(AuditStep.Kind.OTHER)).containsExactly(Invariant.VISIBILITY_IS_MONOTONE);
  }

  @Test
  void firedSwap_showsAllOfItsNewSide() {
    proved("right");
    before.chunk("old", 0, 9);
    both(fleet -> fleet.chunk("left", 0, 4).state(ChunkColumns.ADMITTED));
    before.chunk("right", 5, 9).state(ChunkColumns.ADMITTED);
    before.swap(1, SwapColumns.PENDING, List.of("old"), List.of("left", "right"));
    after.chunk("old", 0, 9).marked().state(ChunkColumns.DROPPED).windowEnd(105);
    after.chunk("right", 5, 9);
    after.swap(1, SwapColumns.FIRED, List.of("old"), List.of("left", "right"));
    assertThat(publish()).as("left is hidden").containsExactly(Invariant.SWAP_ATOMICITY);
  }

  @Test
  void firedSwap_hidesItsOldSide() {
    proved("new");
    before.chunk("old", 0, 9);
    before.chunk("new", 0, 9).state(ChunkColumns.ADMITTED);
    before.swap(1, SwapColumns.PENDING, List.of("old"), List.of("new"));
    after.chunk("old", 0, 9).marked();
    after.chunk("new", 0, 9);
    after.swap(1, SwapColumns.FIRED, List.of("old"), List.of("new"));
    assertThat(publish()).containsExactly(Invariant.SWAP_ATOMICITY);
  }

  @Test
  void chainOfSwaps_mayCollapseInOneStep() {
    proved("c");
    before.chunk("a", 0, 9);
    before.chunk("b", 0, 9).state(ChunkColumns.ADMITTED);
    before.chunk("c", 0, 9).state(ChunkColumns.ADMITTED);
    before.swap(1, SwapColumns.PENDING, List.of("a"), List.of("b"));
    before.swap(2, SwapColumns.PENDING, List.of("b"), List.of("c"));
    after.chunk("a", 0, 9).marked().state(ChunkColumns.DROPPED).windowEnd(105);
    after.chunk("b", 0, 9).marked().state(ChunkColumns.ADMITTED);
    after.chunk("c", 0, 9);
    after.swap(1, SwapColumns.FIRED, List.of("a"), List.of("b"));
    after.swap(2, SwapColumns.FIRED, List.of("b"), List.of("c"));
    assertThat(publish()).isEmpty();
  }

  @Test
  void swap_firedBeforeTheOneItRestsOn_isOutOfOrder() {
    proved("c");
    before.chunk("a", 0, 9);
    before.chunk("b", 0, 9).state(ChunkColumns.ADMITTED);
    before.chunk("c", 0, 9).state(ChunkColumns.ADMITTED);
    before.swap(1, SwapColumns.PENDING, List.of("a"), List.of("b"));
    before.swap(2, SwapColumns.PENDING, List.of("b"), List.of("c"));
    after.chunk("a", 0, 9);
    after.chunk("b", 0, 9).marked().state(ChunkColumns.ADMITTED);
    after.chunk("c", 0, 9);
    after.swap(1, SwapColumns.PENDING, List.of("a"), List.of("b"));
    after.swap(2, SwapColumns.FIRED, List.of("b"), List.of("c"));
    assertThat(publish()).containsExactly(Invariant.SWAP_ORDER);
  }

  @Test
  void deferral_withRoomForTheFloor_isUnjustified() {
    both(fleet -> fleet.workers("w", "v"));
    both(fleet -> fleet.chunk("a", 0, 9).brandNew());
    answer = new AuditStep.Answer(100, 0, List.of(ChunkKey.of("d", "a")), 0);
    assertThat(schedule()).containsExactly(Invariant.JUSTIFIED_DEFERRAL);
  }

  @Test
  void deferral_withOneWorkerTooFew_isJustified() {
    both(fleet -> fleet.workers("w"));
    both(fleet -> fleet.worker("v").status(WorkerStatus.CORDONED));
    both(fleet -> fleet.worker("u").capacity(99));
    both(fleet -> fleet.chunk("a", 0, 9).brandNew());
    answer = new AuditStep.Answer(100, 0, List.of(ChunkKey.of("d", "a")), 0);
    assertThat(schedule()).isEmpty();
  }

  @Test
  void deferral_withRoomThatTheCycleItselfFreed_isJustified() {
    both(fleet -> fleet.worker("w").capacity(100));
    both(fleet -> fleet.chunk("a", 0, 9).brandNew().floor(1));
    both(fleet -> fleet.chunk("b", 10, 19).floor(1).neverPossessed());
    before.replica("b", "w").superseded(5).missing(7);
    answer = new AuditStep.Answer(100, 0, List.of(ChunkKey.of("d", "a")), 0);
    assertThat(schedule()).isEmpty();
  }

  @Test
  void deferral_withABannedWorker_isJustified() {
    both(fleet -> fleet.workers("w"));
    both(fleet -> fleet.chunk("a", 0, 9).brandNew().floor(1));
    answer = new AuditStep.Answer(100, 0, List.of(ChunkKey.of("d", "a")), 0);
    assertThat(schedule()).containsExactly(Invariant.JUSTIFIED_DEFERRAL);
    after.ban("a", "w");
    assertThat(schedule()).isEmpty();
  }

  /** A plan was made from {@code drawn}, and what differs from it before the cycle is news. */
  private List<Invariant> overtaken(Consumer<FleetDraft> drawn) {
    FleetDraft planned = new FleetDraft();
    drawn.accept(planned);
    return Audit.checkStep(step(AuditStep.Kind.SCHEDULE).plannedFrom(planned.snapshot())).stream()
        .map(Violation::invariant)
        .filter(found -> found == Invariant.JUSTIFIED_DEFERRAL)
        .toList();
  }

  @Test
  void deferral_whosePlanNewsOvertook_isJudgedByWhatThePlanKnew() {
    both(fleet -> fleet.workers("u", "v", "w"));
    both(fleet -> fleet.chunk("a", 0, 9).brandNew());
    answer = new AuditStep.Answer(100, 0, List.of(ChunkKey.of("d", "a")), 0);
    assertThat(schedule()).containsExactly(Invariant.JUSTIFIED_DEFERRAL);
    assertThat(overtaken(it -> it.workers("w").chunk("a", 0, 9).brandNew())).isEmpty();
    assertThat(
            overtaken(it -> {
              it.workers("w");
              it.worker("v").capacity(99);
              it.worker("u").status(WorkerStatus.CORDONED);
              it.chunk("a", 0, 9).brandNew();
            }))
        .isEmpty();
    assertThat(overtaken(it -> it.workers("v", "w").chunk("a", 0, 9).brandNew().floor(3)))
        .as("the floor was lowered meanwhile")
        .isEmpty();
    assertThat(
            overtaken(it -> {
              it.workers("v", "w").chunk("a", 0, 9).brandNew();
              it.ban("a", "v");
            }))
        .as("the ban was taken back meanwhile")
        .isEmpty();
    assertThat(
            overtaken(it -> {
              it.workers("w").worker("v").capacity(199);
              it.chunk("b", 10, 19);
              it.replica("b", "v");
              it.chunk("a", 0, 9).brandNew();
            }))
        .as("what lay there was removed meanwhile")
        .isEmpty();
    assertThat(overtaken(it -> it.workers("v", "w").chunk("a", 0, 9).brandNew()))
        .as("the plan could have placed it on both")
        .containsExactly(Invariant.JUSTIFIED_DEFERRAL);
  }

  @Test
  void positions_thatMoved_matchByIdentity() {
    both(fleet -> fleet.workers("w"));
    before.chunk("z", 90, 99).state(ChunkColumns.TOMBSTONE);
    both(fleet -> fleet.chunk("a", 0, 9));
    before.replica("a", "w").named();
    assertThat(broken(AuditStep.Kind.PURGE)).contains(Invariant.TWO_PHASE_OUT);
    after.replica("a", "w").named();
    assertThat(broken(AuditStep.Kind.PURGE)).isEmpty();
  }

  @Test
  void require_namesTheFirstViolationAndCountsTheRest() {
    List<Violation> two =
        List.of(
            new Violation(Invariant.RETENTION, "d/a", "one"),
            new Violation(Invariant.NO_OVERLAP, "d/b", "two"));
    Assertions.assertThatThrownBy(() -> Audit.require(two))
        .isInstanceOf(InvariantViolation.class)
        .hasMessage("retention: d/a: one (and 1 more)");
    Audit.require(List.of());
  }

  /** Two workers have proved that they hold these chunks; portals are told of them afterwards. */
  private void proved(String... chunks) {
    both(fleet -> fleet.workers("w", "v"));
    for (String chunk : chunks) {
      before.replica(chunk, "w");
      before.replica(chunk, "v");
      after.replica(chunk, "w").named();
      after.replica(chunk, "v").named();
    }
  }

  private void three(String... workers) {
    before.workers(workers);
    both(fleet -> fleet.chunk("a", 0, 9).state(ChunkColumns.ADMITTED));
    for (String worker : workers) {
      before.replica("a", worker).superseded(5);
    }
    after.workers(workers);
  }

  private List<Invariant> schedule() {
    return broken(AuditStep.Kind.SCHEDULE);
  }

  private List<Invariant> publish() {
    return broken(AuditStep.Kind.PUBLISH);
  }

  private List<Invariant> broken(AuditStep.Kind kind) {
    // The ids of these drafts always rise; when they may is for BoundsTest.
    return Audit.checkStep(step(kind)).stream()
        .map(Violation::invariant)
        .filter(found -> found != Invariant.BOUNDS_ARE_KEPT)
        .distinct()
        .toList();
  }

  private AuditStep step(AuditStep.Kind kind) {
    return new AuditStep(before.snapshot(), kind, answer, after.snapshot());
  }
}
