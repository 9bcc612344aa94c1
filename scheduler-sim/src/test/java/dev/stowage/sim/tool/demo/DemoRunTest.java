package dev.stowage.sim.tool.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.evidence.EvidenceSink;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.sim.kit.world.Chance;
import dev.stowage.sim.tool.catalogue.ChunkCatalogue;
import dev.stowage.sim.tool.catalogue.Correction;
import dev.stowage.sim.tool.report.CycleRecord;
import dev.stowage.sim.tool.report.EventRecord;
import dev.stowage.sim.tool.report.LastPlan;
import dev.stowage.sim.tool.report.NumberFormats;
import dev.stowage.sim.tool.report.RunRecord;
import dev.stowage.sim.tool.report.TextSummary;
import dev.stowage.sim.tool.report.WorkerRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DemoRunTest {
  private static final long MB = 1_000_000;

  @Test
  void tell_smallCatalogue_keepsEveryInvariantAndFiresEverySwap() {
    RunRecord run = run(catalogue(400, 40), 12, 1);
    assertThat(run.violations()).isEmpty();
    assertThat(run.totals().correctionsFired()).isEqualTo(run.totals().corrections());
    assertThat(run.totals().deferred() + run.totals().shortfalls()).isZero();
    assertThat(run.events())
        .extracting(EventRecord::name)
        .containsExactly(
            "fill",
            "corrections",
            "worker-lost",
            "worker-back",
            "worker-back-empty",
            "workers-join",
            "capacity-cut");
    CycleRecord end = run.cycles().get(run.cycles().size() - 1);
    assertThat(end.replicas().total()).isEqualTo(end.replicas().confirmed());
    assertThat(end.visible()).isEqualTo(400);
  }

  @Test
  void tell_workerBackInTime_movesNothing() {
    RunRecord run = run(alike(catalogue(300, 0)), 9, 2);
    EventRecord back =
        run.events().stream().filter(each -> each.name().equals("worker-back")).findAny().get();
    assertThat(back.bytesMoved()).isZero();
    assertThat(back.bytesMinimum()).isZero();
  }

  @Test
  void tell_anyEvent_namesTheCauseOfEachByteThatArrives() {
    RunRecord run = run(catalogue(300, 30), 15, 3);
    for (EventRecord event : run.events()) {
      assertThat(arrived(run, event).values().stream().mapToLong(Long::longValue).sum())
          .as(event.name())
          .isEqualTo(event.bytesMoved());
    }
    assertThat(arrived(run, event(run, "fill"))).containsOnlyKeys("new", "growth");
    assertThat(arrived(run, event(run, "worker-lost"))).containsKey("repair");
    assertThat(arrived(run, event(run, "worker-back-empty"))).containsKey("repair");
    assertThat(arrived(run, event(run, "workers-join"))).doesNotContainKeys("new", "repair");
  }

  @Test
  void tell_mirrorsThatFail_leaveChunksBelowTheirFloorForAWhileAndNoneUnreadable() {
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      chunks.add(chunk("c" + i, i, 100 * MB));
    }
    RunRecord run = run(new ChunkCatalogue(chunks, List.of()), 9, 2);
    assertThat(run.weights()).singleElement().matches(each -> each.target() == DemoRules.FLOOR);
    assertThat(run.cycles()).allSatisfy(each -> assertThat(each.unreadable()).isZero());
    assertThat(run.mostUnderFloor(event(run, "worker-lost"))).isPositive();
    assertThat(run.events()).allSatisfy(each -> assertThat(run.endOf(each).isWhole()).isTrue());
    assertThat(run.ticksUntilWhole(event(run, "worker-lost")))
        .isGreaterThanOrEqualTo(DemoRules.DEPART_AFTER_TICKS);
  }

  @Test
  void tell_anyEvent_saysWhatTheStatelessPlannerWouldHaveMoved() {
    RunRecord run = run(catalogue(300, 30), 15, 3);
    assertThat(event(run, "worker-back").bytesStateless()).isZero();
    assertThat(event(run, "worker-lost").bytesStateless()).isPositive();
    assertThat(event(run, "worker-back-empty").bytesStateless()).isPositive();
  }

  private static EventRecord event(RunRecord run, String name) {
    return run.events().stream().filter(each -> each.name().equals(name)).findAny().get();
  }

  private static Map<String, Long> arrived(RunRecord run, EventRecord event) {
    Map<String, Long> sums = new TreeMap<>();
    run.cycles().subList((int) event.firstCycle() - 1, (int) event.lastCycle()).stream()
        .map(CycleRecord::arrivedBytes)
        .forEach(each -> each.forEach((cause, bytes) -> sums.merge(cause, bytes, Long::sum)));
    return sums;
  }

  @Test
  void tell_anyEvent_movesNoLessThanItsMinimum() {
    RunRecord run = run(catalogue(300, 30), 15, 3);
    assertThat(run.events())
        .allSatisfy(
            each -> assertThat(each.bytesMoved()).isGreaterThanOrEqualTo(each.bytesMinimum()));
  }

  @Test
  void tell_sameSeed_plansTheSame() {
    List<String> first = hashes(run(catalogue(120, 12), 6, 4));
    assertThat(hashes(run(catalogue(120, 12), 6, 4))).isEqualTo(first);
    assertThat(hashes(run(catalogue(120, 12), 6, 5))).isNotEqualTo(first);
  }

  @Test
  void tell_portalsThatLag_areSeenToLag() {
    RunRecord run = run(catalogue(200, 60), 8, 6);
    assertThat(run.cycles()).anyMatch(each -> each.laggingPortals() > 0);
  }

  @Test
  void tell_fleetTooSmallForTheFloor_leavesOutWhatDoesNotFitAndHarmsNothing() {
    RunRecord run = run(catalogue(900, 20), 3, 7);
    assertThat(run.violations()).isEmpty();
    assertThat(run.totals().deferred()).isPositive();
    assertThat(run.totals().backpressure()).isTrue();
    assertThat(run.totals().replicas()).isPositive();
  }

  @Test
  void tell_oneWorkerAndAFloorOfTwo_placesNothingUntilOthersJoin() {
    RunRecord run = run(catalogue(10, 2), 1, 8);
    assertThat(run.violations()).isEmpty();
    assertThat(run.events()).extracting(EventRecord::name).doesNotContain("worker-lost");
    assertThat(run.cycles().get(0).deferred()).isEqualTo(10);
    assertThat(run.totals().deferred()).isZero();
  }

  @Test
  void tell_nothingToStore_isQuiet() {
    RunRecord run = run(new ChunkCatalogue(List.of(), List.of()), 5, 9);
    assertThat(run.violations()).isEmpty();
    assertThat(run.totals().replicas()).isZero();
    assertThat(run.totals().maxOverMeanFill()).isEqualTo(1);
  }

  @Test
  void fleet_ofSixty_hasTwentyOfEachSizeAndFifteenInEachZone() {
    var fleet = DemoFleet.of(60);
    assertThat(fleet.stream().filter(each -> each.capacityBytes() == 4L << 30)).hasSize(20);
    assertThat(fleet.stream().filter(each -> each.capacityBytes() == 8L << 30)).hasSize(20);
    assertThat(fleet.stream().filter(each -> each.capacityBytes() == 16L << 30)).hasSize(20);
    assertThat(fleet.stream().filter(each -> each.domain(1).equals("zone-a"))).hasSize(15);
    assertThat(fleet).allSatisfy(each -> assertThat(each.levels()).isEqualTo(2));
    for (Worker mirror : fleet) {
      assertThat(fleet.stream().filter(each -> each.domain(2).equals(mirror.domain(2))))
          .extracting(Worker::capacityBytes)
          .containsExactlyInAnyOrder(4L << 30, 8L << 30, 16L << 30);
    }
    assertThat(fleet.stream().filter(DemoFleet::isCounted))
        .extracting(each -> each.id().value())
        .containsExactly("mirror-11");
    assertThat(fleet.stream().map(each -> each.id().value()).distinct()).hasSize(60);
    assertThat(DemoFleet.newcomer(1, 60).id().value()).isEqualTo("mirror-62");
    assertThat(DemoFleet.newcomer(1, 60).zone()).isEqualTo("zone-b/rack-6");
  }

  @Tag("deep")
  @Test
  void tell_moreChunksThanTheCountedMirrorTakes_fillsItToItsLimitAndNoRackBeyondItsOwn() {
    RunRecord run = run(manySmall(DemoFleet.COUNTED_REPLICAS * 4 / 3), 12, 10);
    assertThat(run.violations()).isEmpty();
    WorkerRecord counted =
        run.workers().stream().filter(each -> each.name().equals("mirror-11")).findAny().get();
    assertThat(counted.maxReplicas()).isEqualTo(DemoFleet.COUNTED_REPLICAS);
    assertThat(counted.replicas()).isBetween(9_900L, 10_000L);
    assertThat(run.lastPlan().domains())
        .containsExactly(new LastPlan.DomainLimit(2, 6, DemoRules.MOST_IN_A_RACK, 2));
    assertThat(TextSummary.of(run))
        .contains("No chunk has over 2 replicas in any of 6 domains of level 2 (2 allowed).")
        .contains(
            "mirror-11 holds " + NumberFormats.count(counted.replicas()) + " replicas (10,000")
        .contains(
            "movement budget      no bound at the end; cycles held back: pressure 0,"
                + " in flight 0, failures 0")
        .satisfies(text ->
            assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(97)));
    assertThat(run.lastPlan().stuck()).isEmpty();
    assertThat(run.shortAfter()).isEmpty();
  }

  private static List<String> hashes(RunRecord run) {
    return run.cycles().stream().map(CycleRecord::planHash).toList();
  }

  private static RunRecord run(ChunkCatalogue catalogue, int workers, long seed) {
    DemoSettings settings = new DemoSettings(seed, workers, "test", "demo");
    return DemoRun.of(catalogue, settings, () -> 0, EvidenceSink.NONE)
        .withoutExperiment()
        .tell((share, title, cycle) -> {});
  }

  /** Chunks of very different sizes and weights; some corrections, every fifth of them a chain. */
  private static ChunkCatalogue catalogue(int chunks, int corrected) {
    Chance chance = Chance.ofSeed(chunks);
    int[] weights = {24, 12, 6, 2, 2, 2, 2, 2, 2, 1};
    List<Chunk> all = new ArrayList<>();
    for (int i = 0; i < chunks; i++) {
      long size = MB + chance.below(1 << (10 + chance.below(21)));
      all.add(chunk("c" + i, i, size).withWeight(weights[chance.below(weights.length)]));
    }
    List<Correction> corrections = new ArrayList<>();
    for (int i = 0; i < corrected; i++) {
      Chunk old = all.get(i * (chunks / corrected));
      int links = i % 5 == 0 ? 3 : 1;
      for (int link = 1; link <= links; link++) {
        String id = old.key().id() + "+";
        Chunk next =
            new Chunk(
                ChunkKey.of("d" + dataset(old), id),
                old.range(),
                old.sizeBytes() + link,
                old.weight(),
                old.eligibility());
        corrections.add(new Correction(old.key(), next));
        old = next;
      }
    }
    return new ChunkCatalogue(all, corrections);
  }

  /** Chunks that are all alike and leave plenty of room: as many copies as limits let them have. */
  private static ChunkCatalogue manySmall(int chunks) {
    List<Chunk> all = new ArrayList<>();
    for (int i = 0; i < chunks; i++) {
      all.add(chunk("c" + i, i, MB / 2));
    }
    return new ChunkCatalogue(all, List.of());
  }

  /** Returns a catalogue with one weight, so that the number of workers bounds no class. */
  private static ChunkCatalogue alike(ChunkCatalogue catalogue) {
    List<Chunk> chunks = catalogue.chunks().stream().map(each -> each.withWeight(1)).toList();
    return new ChunkCatalogue(chunks, List.of());
  }

  private static String dataset(Chunk chunk) {
    return chunk.key().dataset().value().substring(1);
  }

  private static Chunk chunk(String id, int index, long size) {
    long first = (index / 3) * 100L;
    return Chunk.of(ChunkKey.of("d" + index % 3, id), BlockRange.of(first, first + 99), size);
  }
}
