package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.lifecycle.state.PendingReports;
import dev.stowage.lifecycle.steps.Reports;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A worker that reports for as long as nobody leads costs little, and is believed as much. */
public class PendingReportsTest {
  private static final int STEPS = 90;
  private static final int REPORTS = 12;
  private static final int MOST_KEPT = 14;

  @Tag("long-story")
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  public void reportsThatAreNotKept_makeNoDifferenceToTheCyclesThatConsumeThem(@ForAll long seed) {
    LifecycleState state = LifecycleState.empty(RandomStory.config(seed), Lineage.of(7));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    RandomStory story = new RandomStory(seed, state);
    SplittableRandom random = new SplittableRandom(seed);
    for (int step = 0; step < STEPS; step++) {
      lifecycle.execute(state, story.next(), Tick.of(story.now()));
      if (step % 6 == 0) {
        LifecycleState few = LifecycleState.load(state.fleetRow(), state.rows());
        LifecycleState whole = LifecycleState.load(state.fleetRow(), state.rows());
        for (String name : List.of("a", "b")) {
          report(few, whole, WorkerId.of(name), random);
        }
        assertAlike(few, whole, random.nextBoolean(), story.now());
      }
    }
  }

  /** Runs fixed stories, few enough for mutation tests. */
  @TestFactory
  Stream<DynamicTest> fixedStory_makesNoDifference() {
    return LongStream.concat(LongStream.rangeClosed(2, 8), LongStream.of(-98_206))
        .mapToObj(seed ->
            DynamicTest.dynamicTest(
                "seed " + seed,
                () -> reportsThatAreNotKept_makeNoDifferenceToTheCyclesThatConsumeThem(seed)));
  }

  @Tag("long-story")
  @Property(seed = "1")
  public void reports_whileNoCycleRuns_stayFew(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<PendingReport> kept = List.of();
    for (int number = 1; number <= 400; number++) {
      PendingReport report = drawn(random, number, kept, 0, 4, List.of(1, 2, 3, 4, 5, 6));
      kept = PendingReports.with(kept, report);
      assertThat(kept).hasSizeLessThanOrEqualTo(MOST_KEPT);
    }
  }

  private static void report(
      LifecycleState few, LifecycleState whole, WorkerId id, SplittableRandom random) {
    int position = few.workerPosition(id);
    if (position < 0) {
      return;
    }
    WorkerRow kept = few.tables().workers.entry(position);
    List<PendingReport> left = kept.pending();
    List<PendingReport> all = new ArrayList<>(whole.tables().workers.entry(position).pending());
    List<Integer> counters = new ArrayList<>();
    for (int counter = 1; counter <= 12; counter++) {
      counters.add(counter);
    }
    int count = random.nextInt(REPORTS);
    for (int i = 0; i < count; i++) {
      long newest = few.newestWorkerAssignment().value();
      long applied = Math.max(0, kept.lastApplied());
      PendingReport report =
          drawn(random, kept.lastReport() + 1 + i, left, applied, newest, counters);
      left = PendingReports.with(left, report);
      all.add(report);
    }
    few.tables().workers.put(Shape.of(WorkerRow.class).with(kept, "pending", left));
    WorkerRow other = whole.tables().workers.entry(position);
    whole.tables().workers.put(Shape.of(WorkerRow.class).with(other, "pending", all));
    few.tables().work.reporting.add(position);
    whole.tables().work.reporting.add(position);
  }

  /** One that {@link Reports} could accept behind these. */
  private static PendingReport drawn(
      SplittableRandom random,
      long number,
      List<PendingReport> before,
      long applied,
      long newest,
      List<Integer> counters) {
    List<ChunkNumber> chunks = new ArrayList<>();
    int rarity = 1 + random.nextInt(4);
    for (int counter : counters) {
      if (random.nextInt(rarity) == 0) {
        chunks.add(new ChunkNumber(Lineage.of(7), counter));
      }
    }
    boolean isInventory =
        before.stream().anyMatch(each -> each.kind() == PendingReport.Kind.INVENTORY);
    int dice = random.nextInt(10);
    if (dice < 2 || (isInventory && dice < 6)) {
      return new PendingReport(PendingReport.Kind.LOST, number, 0, chunks);
    }
    if (isInventory || dice == 2) {
      return new PendingReport(PendingReport.Kind.INVENTORY, number, 0, chunks);
    }
    long least = applied;
    for (PendingReport each : before) {
      least = each.kind() == PendingReport.Kind.APPLIED ? each.assignment() : least;
    }
    long id = least + (least < newest ? random.nextLong(newest - least + 1) : 0);
    return new PendingReport(
        PendingReport.Kind.APPLIED, number, id, random.nextBoolean() ? List.of() : chunks);
  }

  private static void assertAlike(
      LifecycleState few, LifecycleState whole, boolean publishesFirst, long now) {
    List<Command<?>> cycles = new ArrayList<>();
    if (publishesFirst) {
      cycles.add(LeaderCommand.Publish.now());
    }
    cycles.add(new LeaderCommand.Schedule());
    cycles.add(LeaderCommand.Publish.now());
    Lifecycle one = new Lifecycle(PlacementPlanner.sticky());
    Lifecycle other = new Lifecycle(PlacementPlanner.sticky());
    for (Command<?> cycle : cycles) {
      Result expected = other.execute(whole, cycle, Tick.of(now + 1)).result();
      assertThat(one.execute(few, cycle, Tick.of(now + 1)).result()).isEqualTo(expected);
      assertThat(few.digest()).isEqualTo(whole.digest());
    }
  }

  @Test
  void lineage_thatBegins_believesLosses_andWhatAnAppliedAssignmentMissed() {
    PendingReport lost =
        new PendingReport(
            PendingReport.Kind.LOST, 1, 0, List.of(new ChunkNumber(Lineage.of(7), 1)));
    PendingReport applied =
        new PendingReport(
            PendingReport.Kind.APPLIED, 2, 3, List.of(new ChunkNumber(Lineage.of(7), 1)));
    PendingReport whole = new PendingReport(PendingReport.Kind.APPLIED, 3, 4, List.of());
    PendingReport shown =
        new PendingReport(
            PendingReport.Kind.INVENTORY, 4, 0, List.of(new ChunkNumber(Lineage.of(7), 1)));
    assertThat(PendingReports.lossesOf(List.of(lost))).containsExactly(lost);
    assertThat(PendingReports.lossesOf(List.of(applied)))
        .containsExactly(
            new PendingReport(
                PendingReport.Kind.LOST, 2, 0, List.of(new ChunkNumber(Lineage.of(7), 1))));
    assertThat(PendingReports.lossesOf(List.of(lost, whole))).isEmpty();
    assertThat(PendingReports.lossesOf(List.of(whole, lost, shown))).containsExactly(lost);
  }

  private static PendingReport said(
      PendingReport.Kind kind, long number, long assignment, int... counters) {
    return new PendingReport(
        kind,
        number,
        assignment,
        Arrays.stream(counters)
            .mapToObj(counter -> new ChunkNumber(Lineage.of(7), counter))
            .toList());
  }

  @Test
  void lossAfterALoss_isOneLoss_andNoneAfterWhatIsApplied() {
    PendingReport first = said(PendingReport.Kind.LOST, 1, 0, 1);
    PendingReport second = said(PendingReport.Kind.LOST, 2, 0, 2);
    assertThat(PendingReports.with(List.of(first), second))
        .containsExactly(said(PendingReport.Kind.LOST, 2, 0, 1, 2));
    PendingReport applied = said(PendingReport.Kind.APPLIED, 3, 5);
    assertThat(PendingReports.with(List.of(second), applied)).containsExactly(applied);
    assertThat(PendingReports.with(List.of(applied), second)).containsExactly(applied, second);
  }

  @Test
  void appliedReport_replacesWhatPossessedNoMore_andStandsBesideWhatDid() {
    PendingReport missesTwo = said(PendingReport.Kind.APPLIED, 1, 4, 1, 2);
    PendingReport missesOne = said(PendingReport.Kind.APPLIED, 2, 5, 1);
    assertThat(PendingReports.with(List.of(missesTwo), missesOne)).containsExactly(missesOne);
    PendingReport missesTwoAgain = said(PendingReport.Kind.APPLIED, 3, 5, 1, 2);
    assertThat(PendingReports.with(List.of(missesOne), missesTwoAgain))
        .containsExactly(missesOne, missesTwoAgain);
    PendingReport shown = said(PendingReport.Kind.INVENTORY, 1, 0, 1);
    assertThat(PendingReports.with(List.of(shown), missesOne)).containsExactly(shown, missesOne);
  }

  @Test
  void thirdReportOfOneAssignment_findsOneOfTheTwoBefore() {
    PendingReport first = said(PendingReport.Kind.APPLIED, 1, 5, 1, 2);
    PendingReport second = said(PendingReport.Kind.APPLIED, 2, 5, 2, 3);
    PendingReport third = said(PendingReport.Kind.APPLIED, 3, 5, 4);
    assertThat(PendingReports.with(List.of(first, second), third))
        .containsExactly(said(PendingReport.Kind.APPLIED, 2, 5, 2), third);
    PendingReport earlier = said(PendingReport.Kind.APPLIED, 1, 4, 1, 2);
    assertThat(PendingReports.with(List.of(earlier, second), third))
        .containsExactly(earlier, second, third);
    PendingReport later = said(PendingReport.Kind.APPLIED, 3, 6, 4);
    assertThat(PendingReports.with(List.of(first, second), later))
        .containsExactly(first, second, later);
  }

  @Test
  void thirdInventory_findsOneOfTheTwoBefore_andOneLossBehindIt() {
    PendingReport applied = said(PendingReport.Kind.APPLIED, 1, 5);
    PendingReport one = said(PendingReport.Kind.INVENTORY, 2, 0, 1);
    PendingReport lost = said(PendingReport.Kind.LOST, 3, 0, 2);
    PendingReport two = said(PendingReport.Kind.INVENTORY, 4, 0, 3);
    PendingReport lostToo = said(PendingReport.Kind.LOST, 5, 0, 4);
    PendingReport three = said(PendingReport.Kind.INVENTORY, 6, 0, 5);
    assertThat(PendingReports.with(List.of(applied, one, lost, two, lostToo), three))
        .containsExactly(
            applied,
            said(PendingReport.Kind.INVENTORY, 4, 0, 1, 3),
            said(PendingReport.Kind.LOST, 5, 0, 2, 4),
            three);
    assertThat(PendingReports.with(List.of(applied, one, lost), two))
        .containsExactly(applied, one, lost, two);
  }

  @Test
  void whatWasReported_isPossessedAtOnceForQueries() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.schedule();
    int slot = world.replica("d/c", "a");
    assertThat(world.state.reportedPossessed(slot)).isFalse();
    world.fetch("a");
    assertThat(world.state.reportedPossessed(slot)).isTrue();
    world.publish();
    assertThat(world.state.reportedPossessed(slot)).isTrue();
    world.lose("a", "d/c");
    assertThat(world.state.reportedPossessed(slot)).isFalse();
    world.fetch("a");
    assertThat(world.state.reportedPossessed(slot)).isTrue();
    world.fetchExcept("a", "d/other");
    world.disk("a").bytes.clear();
    world.inventory("a");
    assertThat(world.state.reportedPossessed(slot)).isFalse();
    world.disk("a").bytes.add(world.number("d/c"));
    world.inventory("a");
    assertThat(world.state.reportedPossessed(slot)).isTrue();
  }

  /** The inventory proves what no report of an assignment has proved yet. */
  @Test
  void inventory_ofAWorkerThatAppliedNothing_provesWhatItShows() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.schedule();
    int slot = world.replica("d/c", "a");
    world.inventory("a");
    assertThat(world.state.reportedPossessed(slot)).isFalse();
    world.disk("a").bytes.add(world.number("d/c"));
    world.inventory("a");
    assertThat(world.state.reportedPossessed(slot)).isTrue();
    world.schedule();
    assertThat(world.state.possessed(slot)).isTrue();
  }
}
