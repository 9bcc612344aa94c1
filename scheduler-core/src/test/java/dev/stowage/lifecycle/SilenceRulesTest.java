package dev.stowage.lifecycle;

import static dev.stowage.model.WorkerStatus.DEPARTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.command.Command;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Sections 1 and 8: who is suspect after 10 ticks of silence, who departs after 30, and whom the
 * guard against mass silence keeps. Every worker has the same room, and a zone of its own.
 */
class SilenceRulesTest {
  private static final int UNGUARDED = LifecycleConfig.UNGUARDED;
  private static final int HALF = 500_000;
  private static final int TWO_FIFTHS = 400_000;

  private static LifecycleConfig.Builder patient(LifecycleConfig.Builder config, int guard) {
    return config
        .suspectAfterTicks(10)
        .departAfterTicks(30)
        .trust(new LifecycleConfig.Trust(LifecycleConfig.NEVER, 5, guard, UNGUARDED));
  }

  /** All were heard of at tick 0. */
  private static SmallWorld heard(int guard, String... names) {
    SmallWorld world = new SmallWorld(config -> patient(config, guard)).workers(10, names);
    world.schedule();
    return world;
  }

  /** Of four all but c and d have been silent for 30 ticks. */
  private static SmallWorld halfIsSilent(int guard) {
    SmallWorld world = heard(guard, "d", "c", "b", "a");
    listen(world, 30, "c", "d");
    return world;
  }

  /** Lets time pass, with a cycle every 10 ticks, which is as long as a leader may be away. */
  private static Result.Scheduled listen(SmallWorld world, long until, String... awake) {
    Result.Scheduled last = null;
    while (world.now < until) {
      world.now = Math.min(until, world.now + 10);
      for (String name : awake) {
        heartbeat(world, name);
      }
      last = world.schedule();
    }
    assertThat(last).isNotNull();
    return last;
  }

  private static void heartbeat(SmallWorld world, String name) {
    assertThat(world.run(new Command.Heartbeat(world.header(name))).isAccepted()).isTrue();
  }

  private static void describe(SmallWorld world, String name, long bytes, String zone) {
    world.run(Command.Describe.of(Worker.of(WorkerId.of(name), bytes).withZone(zone)));
  }

  private static ResultCode confirm(SmallWorld world, String... names) {
    return world.run(new Command.ConfirmDepartures(ids(names))).code();
  }

  private static List<WorkerId> ids(String... names) {
    return Stream.of(names).map(WorkerId::of).toList();
  }

  private static WorkerRow row(SmallWorld world, String name) {
    return world.state.workerRow(world.state.workerPosition(WorkerId.of(name)));
  }

  private static WorkerStatus status(SmallWorld world, String name) {
    return row(world, name).status();
  }

  private static void assertGone(SmallWorld world, String... names) {
    for (String name : names) {
      assertThat(row(world, name).status()).as(name).isEqualTo(WorkerStatus.DEPARTED);
      assertThat(row(world, name).departure()).isEqualTo(WorkerRow.Departure.BY_SILENCE);
      assertThat(row(world, name).absentSince()).isEqualTo(world.now);
    }
  }

  // --- one worker

  @Test
  void suspicionOfTheHost_keepsItsTick_andEndsWithADeparture() {
    SmallWorld world = heard(HALF, "a");
    listen(world, 3);
    world.status("a", WorkerStatus.SUSPECT);
    listen(world, 29);
    assertThat(row(world, "a").absentSince()).isEqualTo(3);
    listen(world, 30);
    assertGone(world, "a");
  }

  @Test
  void patienceWithoutEnd_departsNobody() {
    SmallWorld world =
        new SmallWorld(c -> patient(c, HALF).departAfterTicks(LifecycleConfig.NEVER));
    world.now = 5;
    world.workers(10, "a");
    world.schedule();
    listen(world, 15);
    assertThat(status(world, "a")).isEqualTo(WorkerStatus.SUSPECT);
    assertThat(world.state.tables().nextSilence).isEqualTo(Long.MAX_VALUE);
    listen(world, 300);
    assertThat(status(world, "a")).isEqualTo(WorkerStatus.SUSPECT);
  }

  @Test
  void workerThatNeverRegistered_isNotSilent() {
    SmallWorld world = heard(HALF, "a");
    describe(world, "e", 10, "e");
    listen(world, 60, "a");
    assertThat(status(world, "e")).isEqualTo(WorkerStatus.ACTIVE);
    world.disks.put("e", new SmallWorld.Disk("disk-e"));
    world.register("e");
    listen(world, 70, "a");
    listen(world, 79, "a");
    assertThat(status(world, "e")).isEqualTo(WorkerStatus.ACTIVE);
    listen(world, 80, "a");
    assertThat(status(world, "e")).isEqualTo(WorkerStatus.SUSPECT);
  }

  // --- reports that wait

  private static Result.Scheduled hearing(SmallWorld world, String... names) {
    return world.run(new LeaderCommand.Schedule().withWaiting(ids(names)));
  }

  private static Command<Result.Scheduled> named(SmallWorld world, Command<?>... waiting) {
    return Lifecycle.hearing(
        world.state, new LeaderCommand.Schedule(), Tick.of(world.now), () -> List.of(waiting));
  }

  @Test
  void workerOfWhichAReportWaits_isNotSilent_untilACycleFindsNoneWaiting() {
    SmallWorld world = heard(UNGUARDED, "a", "b");
    world.now = 10;
    hearing(world, "a", "nobody");
    assertThat(status(world, "a")).isEqualTo(WorkerStatus.ACTIVE);
    assertThat(status(world, "b")).isEqualTo(WorkerStatus.SUSPECT);
    world.now = 30;
    world.run(new LeaderCommand.Publish(0).withWaiting(ids("a")));
    assertThat(status(world, "a")).isEqualTo(WorkerStatus.ACTIVE);
    assertGone(world, "b");
    world.schedule();
    assertThat(row(world, "a").status()).as("its report was refused").isEqualTo(DEPARTED);
  }

  @Test
  void suspect_ofWhichAReportWaits_staysSuspect_andDepartsNot() {
    SmallWorld world = heard(HALF, "a");
    listen(world, 10);
    confirm(world, "a");
    hearing(world, "a");
    assertThat(status(world, "a")).isEqualTo(WorkerStatus.SUSPECT);
    assertThat(row(world, "a").departure()).isEqualTo(WorkerRow.Departure.CONFIRMED);
    world.schedule();
    assertGone(world, "a");
  }

  @Test
  void planMadeOutsideTheTransaction_knowsWhatWaits_andSoDoesItsCycle() {
    SmallWorld world = heard(UNGUARDED, "a", "b");
    world.ingest("d/c", 0, 9);
    world.now = 10;
    LeaderCommand.Schedule command = new LeaderCommand.Schedule().withWaiting(ids("a", "b"));
    CyclePlan from =
        world.lifecycle.prepare(world.state, command, Tick.of(world.now)).orElseThrow();
    assertThat(status(world, "a")).isEqualTo(WorkerStatus.ACTIVE);
    assertThat(from.plan().actionCount()).as("nobody is suspect").isPositive();
    world.lifecycle.decide(world.state, command.withWaiting(ids("b")), from, Tick.of(world.now));
    assertThat(status(world, "a")).isEqualTo(WorkerStatus.SUSPECT);
    assertThat(status(world, "b")).isEqualTo(WorkerStatus.ACTIVE);
  }

  /** Names exactly those whose report would be accepted now and be a sign of life. */
  @Test
  void waitingReport_counts_ifItWouldBeAccepted() {
    SmallWorld world = heard(HALF, "a", "b");
    world.now = 10;
    heartbeat(world, "a");
    ReportHeader last = world.header("a");
    ReportHeader next = new ReportHeader(last.worker(), last.incarnation(), last.lineage(), 9);
    List<Command<?>> refused =
        List.of(
            new Command.Heartbeat(
                new ReportHeader(next.worker(), next.incarnation(), next.lineage(), 1)),
            new Command.Heartbeat(
                new ReportHeader(WorkerId.of("x"), next.incarnation(), next.lineage(), 9)),
            new Command.Heartbeat(
                new ReportHeader(next.worker(), Incarnation.of(0), next.lineage(), 9)),
            new Command.Heartbeat(
                new ReportHeader(next.worker(), Incarnation.of(7), next.lineage(), 9)),
            new Command.Heartbeat(
                new ReportHeader(next.worker(), next.incarnation(), Lineage.of(99), 9)),
            new Command.Applied(next, WorkerAssignmentId.of(999), List.of()),
            new Command.Inventory(
                new ReportHeader(next.worker(), next.incarnation(), next.lineage(), 1), List.of()),
            new Command.Lost(
                new ReportHeader(next.worker(), next.incarnation(), next.lineage(), 1), List.of()),
            new Command.Register(WorkerId.of("x"), "disk-a"),
            new Command.Register(next.worker(), "another disk"),
            new Command.SetStatus(next.worker(), WorkerStatus.ACTIVE),
            new Command.Freeze(Command.ANY_VERSION));
    for (Command<?> report : refused) {
      assertThat(named(world, report).waiting()).as("%s", report).isEmpty();
    }
    List<Command<?>> accepted =
        List.of(
            new Command.Heartbeat(next),
            new Command.Applied(next, WorkerAssignmentId.of(0), List.of()),
            new Command.Lost(
                new ReportHeader(next.worker(), next.incarnation(), Lineage.of(99), 9), List.of()),
            new Command.Inventory(next, List.of()),
            new Command.InventoryPart(next, 1, 2, List.of()),
            new Command.Register(next.worker(), "disk-a"));
    for (Command<?> report : accepted) {
      assertThat(named(world, refused.get(0), report, report).waiting())
          .as("%s", report)
          .isEqualTo(ids("a"));
    }
    world.run(new Command.InventoryPart(next, 1, 2, List.of()));
    Command<?> again = new Command.InventoryPart(next, 1, 2, List.of());
    assertThat(world.run(again).isAccepted()).isTrue();
    assertThat(named(world, again).waiting()).as("its time under way is unknown").isEmpty();
    assertThat(named(world, new Command.InventoryPart(next, 2, 2, List.of())).waiting())
        .isEqualTo(ids("a"));
    assertThat(named(world, new Command.InventoryPart(next, 2, 3, List.of())).waiting()).isEmpty();
  }

  @Test
  void waitingReports_areAskedFor_ifSomebodyMayBeSilent_andByCyclesThatJudgeIt() {
    SmallWorld world = heard(HALF, "a");
    Supplier<List<Command<?>>> nobody =
        () -> {
          throw new AssertionError("asked");
        };
    Command<?> cycle = new LeaderCommand.Schedule();
    assertThat(Lifecycle.hearing(world.state, cycle, Tick.of(9), nobody)).isSameAs(cycle);
    Command<?> purge = new LeaderCommand.Purge();
    assertThat(Lifecycle.hearing(world.state, purge, Tick.of(10), nobody)).isSameAs(purge);
    assertThatThrownBy(() -> Lifecycle.hearing(world.state, cycle, Tick.of(10), nobody))
        .hasMessage("asked");
  }

  @Tag("deep")
  @Test
  void waitingReports_beyondTheBoundOfARecord_areLeftOut() {
    String[] names =
        IntStream.range(0, 1_500).mapToObj(i -> i + "\u8a9e".repeat(500)).toArray(String[]::new);
    SmallWorld world = heard(HALF, names);
    world.now = 10;
    Command<?>[] reports =
        Stream.of(names)
            .map(name -> new Command.Heartbeat(world.header(name)))
            .toArray(Command[]::new);
    Command<?> cycle = named(world, reports);
    assertThat(cycle.waiting()).hasSizeBetween(700, 1_499);
    assertThat(Lifecycle.isRefused(cycle)).isFalse();
    List<WorkerId> all = Stream.of(ids(names)).flatMap(List::stream).toList();
    assertThat(Lifecycle.isRefused(new LeaderCommand.Publish(0).withWaiting(all))).isTrue();
  }

  // --- when silence is looked for

  @Test
  void silence_isLookedForWhereItMayMeanMore() {
    SmallWorld world = heard(HALF, "a");
    assertThat(world.state.tables().nextSilence).isEqualTo(10);
    listen(world, 9);
    assertThat(world.state.tables().nextSilence).isEqualTo(10);
    listen(world, 10);
    assertThat(world.state.tables().nextSilence).isEqualTo(30);
    listen(world, 31);
    assertThat(status(world, "a")).isEqualTo(WorkerStatus.DEPARTED);
    assertThat(world.state.tables().nextSilence).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void silence_isNotLookedForAmongThoseThatNeverRegistered() {
    SmallWorld world = new SmallWorld(config -> patient(config, HALF));
    describe(world, "e", 10, "e");
    world.schedule();
    assertThat(world.state.tables().nextSilence).isEqualTo(Long.MAX_VALUE);
  }

  // --- who listens

  @Test
  void leaderThatWasAwayForLonger_countsSilenceFromItsReturn() {
    SmallWorld world = heard(HALF, "a");
    world.now = 11;
    world.schedule();
    assertThat(status(world, "a")).isEqualTo(WorkerStatus.ACTIVE);
    listen(world, 20);
    assertThat(status(world, "a")).isEqualTo(WorkerStatus.ACTIVE);
    listen(world, 21);
    assertThat(status(world, "a")).isEqualTo(WorkerStatus.SUSPECT);
  }

  @Test
  void newLineage_beginsSilenceAnew_whereThereIsAGuard() {
    for (int guard : List.of(HALF, UNGUARDED)) {
      SmallWorld world = heard(guard, "a");
      world.now = 9;
      world.schedule();
      world.run(new LeaderCommand.BeginLineage(Lineage.of(8)));
      listen(world, 18);
      assertThat(status(world, "a") == WorkerStatus.ACTIVE).isEqualTo(guard == HALF);
      listen(world, 19);
      assertThat(status(world, "a")).isEqualTo(WorkerStatus.SUSPECT);
    }
  }

  // --- the guard

  @Test
  void shareAboveTheGuard_stays_andIsNamedByEachCycle() {
    SmallWorld world = halfIsSilent(HALF - 1);
    assertThat(status(world, "a")).isEqualTo(WorkerStatus.SUSPECT);
    assertThat(row(world, "a").absentSince()).isEqualTo(10);
    assertThat(row(world, "a").departure()).isEqualTo(WorkerRow.Departure.NONE);
    assertThat(world.schedule().guarded()).isEqualTo(ids("a", "b"));
    assertThat(world.publish().guarded()).isEqualTo(ids("a", "b"));
    assertThat(listen(world, 300, "c", "d").guarded()).isEqualTo(ids("a", "b"));
    assertThat(listen(world, 310, "b", "c", "d").guarded()).as("a alone").isEmpty();
    assertGone(world, "a");
    assertThat(status(world, "b")).isEqualTo(WorkerStatus.ACTIVE);
  }

  @Test
  void shares_areOfCapacity_whateverItsSum() {
    SmallWorld world = heard(HALF - 1, "a", "b", "c", "d");
    for (String name : List.of("a", "b", "c", "d")) {
      describe(world, name, Long.MAX_VALUE, name);
    }
    assertThat(listen(world, 30, "c", "d").guarded()).isEqualTo(ids("a", "b"));
    describe(world, "a", 1, "a");
    assertThat(listen(world, 31, "c", "d").guarded()).isEmpty();
    assertGone(world, "a", "b");
  }

  /** Half of those that registered are silent, and two fifths of those that have not departed. */
  @Test
  void capacityOfAWorkerThatNeverRegistered_isOfTheWhole() {
    SmallWorld world = heard(TWO_FIFTHS, "a", "b", "c", "d");
    describe(world, "e", 10 * SmallWorld.MIB, "e");
    assertThat(listen(world, 30, "c", "d").guarded()).isEmpty();
    assertGone(world, "a", "b");
  }

  @Test
  void allOfOneDomain_depart_howeverMuchItHolds() {
    SmallWorld world = heard(0, "a", "b", "c");
    describe(world, "a", 100, "hall/1");
    describe(world, "b", 100, "hall/2");
    assertThat(listen(world, 30, "c").guarded()).isEmpty();
    assertGone(world, "a", "b");
  }

  /** The last cycle before came when they were not even suspect. */
  @Test
  void thoseThatTheGuardKeeps_areSuspectFromThatCycleOn() {
    SmallWorld world =
        new SmallWorld(c -> patient(c, 0).departAfterTicks(12)).workers(10, "a", "b");
    world.schedule();
    listen(world, 9);
    world.now = 18;
    assertThat(world.schedule().guarded()).isEqualTo(ids("a", "b"));
    assertThat(status(world, "a")).isEqualTo(WorkerStatus.SUSPECT);
    assertThat(row(world, "a").absentSince()).isEqualTo(18);
    listen(world, 20);
    assertThat(row(world, "a").absentSince()).isEqualTo(18);
  }

  // --- late departures

  /** a departed at 30, alone; b was heard of at 10, and so would depart at 40. */
  private static SmallWorld oneDeparted(int guard) {
    SmallWorld world = heard(guard, "a", "b", "c", "d");
    listen(world, 10, "b", "c", "d");
    assertThat(listen(world, 30, "c", "d").guarded()).isEmpty();
    assertGone(world, "a");
    return world;
  }

  @Test
  void workerThatDepartedLately_isCountedAlong_forAsLongAsSilenceDeparts() {
    SmallWorld world = oneDeparted(TWO_FIFTHS);
    assertThat(listen(world, 40, "c", "d").guarded()).isEqualTo(ids("b"));
    assertThat(listen(world, 60, "c", "d").guarded()).isEqualTo(ids("b"));
    assertThat(listen(world, 61, "c", "d").guarded()).isEmpty();
    assertGone(world, "b");
  }

  // --- departures that were confirmed

  @Test
  void confirmedDepartures_comeWithTheNextSchedulingCycle_whateverTheGuard() {
    SmallWorld world = halfIsSilent(0);
    assertThat(confirm(world, "a", "b")).isEqualTo(ResultCode.ACCEPTED);
    assertThat(row(world, "a").departure()).isEqualTo(WorkerRow.Departure.CONFIRMED);
    assertThat(world.publish().guarded()).isEqualTo(ids("a", "b"));
    assertThat(status(world, "a")).isEqualTo(WorkerStatus.SUSPECT);
    assertThat(row(world, "a").departure()).isEqualTo(WorkerRow.Departure.CONFIRMED);
    assertThat(world.schedule().guarded()).isEmpty();
    assertGone(world, "a", "b");
  }

  @Test
  void confirmedDeparture_ofAWorkerThatIsSuspectAlone_waitsForNoMoreSilence() {
    SmallWorld world = heard(HALF, "a");
    listen(world, 10);
    confirm(world, "a");
    world.publish();
    assertThat(status(world, "a")).isEqualTo(WorkerStatus.SUSPECT);
    assertThat(world.state.tables().nextSilence).as("now").isEqualTo(10);
    world.schedule();
    assertGone(world, "a");
  }

  @Test
  void confirmedDeparture_isCountedAlong_inItsCycleAndLater() {
    SmallWorld world = halfIsSilent(TWO_FIFTHS);
    confirm(world, "a");
    assertThat(world.schedule().guarded()).isEqualTo(ids("b"));
    assertGone(world, "a");
    assertThat(listen(world, 60, "c", "d").guarded()).isEqualTo(ids("b"));
    assertThat(listen(world, 61, "c", "d").guarded()).isEmpty();
    assertGone(world, "b");
  }

  @Test
  void confirmation_isVoidOnceTheWorkerIsHeardOf() {
    SmallWorld world = halfIsSilent(TWO_FIFTHS);
    confirm(world, "a");
    heartbeat(world, "a");
    world.schedule();
    assertThat(status(world, "a")).isEqualTo(WorkerStatus.ACTIVE);
    assertThat(row(world, "a").departure()).isEqualTo(WorkerRow.Departure.NONE);
    assertThat(status(world, "b")).as("it is alone now").isEqualTo(WorkerStatus.DEPARTED);
  }

  @Test
  void workerThatIsBack_isNotCountedAlong() {
    SmallWorld world = oneDeparted(TWO_FIFTHS);
    world.register("a");
    assertThat(row(world, "a").departure()).isEqualTo(WorkerRow.Departure.NONE);
    assertThat(listen(world, 40, "c", "d").guarded()).isEmpty();
    assertGone(world, "b");
  }
}
