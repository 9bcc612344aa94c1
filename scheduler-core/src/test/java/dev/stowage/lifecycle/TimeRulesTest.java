package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Section 8, "Time that can be trusted": how far ahead time may be, what is kept beside the largest
 * tick, and what the operator sets. A step of 100 ticks is accepted, a lead of 5 is granted.
 */
class TimeRulesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final LifecycleConfig.Trust TRUST =
      new LifecycleConfig.Trust(100, 5, LifecycleConfig.UNGUARDED, LifecycleConfig.UNGUARDED);

  private final SmallWorld world = new SmallWorld(c -> c.trust(TRUST)).workers(10, "a");

  /** Sets the clock of the store, in nanoseconds; ticks last a second. */
  private void clock(long nanos) {
    world.state.reads(nanos, SECOND);
  }

  private Result.Scheduled at(long now) {
    world.now = now;
    return world.schedule();
  }

  /** A first cycle at 1,000, beside which the clock shows 0. */
  private void beginTrusting() {
    clock(0);
    at(1_000);
  }

  private <R extends Result> R tell(long now, Command<R> command) {
    world.now = now;
    return world.run(command);
  }

  private void reset(long now) {
    Result answer = world.run(new Command.ResetTime(Tick.of(now)));
    assertThat(answer.code()).isEqualTo(ResultCode.ACCEPTED);
    assertThat(world.state.largestTick()).isEqualTo(Tick.of(now));
  }

  private void configureWindow(long ticks) {
    LifecycleConfig config = world.state.config().toBuilder().drainWindowTicks(ticks).build();
    world.run(new Command.Configure(Command.ANY_VERSION, config));
  }

  private long counted(long now) {
    return Lifecycle.counted(world.state, Tick.of(now)).value();
  }

  private FleetRow.Time time() {
    return world.state.fleetRow().time();
  }

  private WorkerRow row(String name) {
    return world.state.workerRow(world.state.workerPosition(WorkerId.of(name)));
  }

  private int chunk(String path) {
    return world.state.chunkPosition(SmallWorld.key(path));
  }

  /** Asserts that {@code tick} is the last one that counts by the clock. */
  private void assertShown(long tick) {
    assertThat(Lifecycle.isShown(world.state, Tick.of(tick))).isTrue();
    assertThat(Lifecycle.isShown(world.state, Tick.of(tick + 1))).isFalse();
    assertThat(counted(tick)).isEqualTo(tick);
    assertThat(counted(tick + 1)).isEqualTo(tick);
  }

  // --- how far ahead

  @Test
  void beforeTheFirstCycle_anyTimeIsTaken_withAClockToo() {
    clock(0);
    assertThat(Lifecycle.isShown(world.state, Tick.of(0))).isFalse();
    assertThat(counted(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    assertThat(at(Long.MAX_VALUE).tick()).isEqualTo(Tick.of(Long.MAX_VALUE));
    assertThat(counted(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void refusal_withoutAClock_namesTheLargestTick() {
    at(1_000);
    Result.Scheduled refused = at(1_101);
    assertThat(refused.tick()).isEqualTo(Tick.of(1_000));
    assertThat(refused.changed()).isFalse();
    assertThat(refused.refused().orElseThrow().reasons())
        .containsExactly(
            "the cycle is called at tick 1101; the largest tick of any cycle is 1000, and at"
                + " most maxStep, 100 ticks, beyond that is accepted: correct the clock, or call"
                + " resetTime");
  }

  @Test
  void tickSourceOfAPublish_isRefusedLikeItsCaller() {
    at(1_000);
    assertThat(world.run(new LeaderCommand.Publish(1_101)).code()).isEqualTo(ResultCode.TIME_JUMP);
    assertThat(world.run(new LeaderCommand.Publish(1_100)).code()).isEqualTo(ResultCode.ACCEPTED);
  }

  @Test
  void tickSourceOfAPublish_countsAsWhatTheClockShows() {
    beginTrusting();
    Command<?> fromAhead = new LeaderCommand.Publish(1_006);
    Command<?> shown = new LeaderCommand.Publish(1_005);
    Command<?> other = new LeaderCommand.Schedule();
    assertThat(Lifecycle.counted(world.state, fromAhead)).isEqualTo(shown);
    assertThat(Lifecycle.counted(world.state, shown)).isSameAs(shown);
    assertThat(Lifecycle.counted(world.state, other)).isSameAs(other);
  }

  @Test
  void commandFromAhead_countsAsWhatTheClockShows_orAStepCanReach() {
    beginTrusting();
    tell(9_999, new Command.SetStatus(WorkerId.of("a"), WorkerStatus.SUSPECT));
    assertThat(row("a").absentSince()).isEqualTo(1_005);
    world.state.reads(FleetRow.Time.UNREAD, SECOND);
    tell(9_999, new Command.SetStatus(WorkerId.of("a"), WorkerStatus.DEPARTED));
    assertThat(row("a").absentSince()).isEqualTo(1_100);
  }

  // --- what the clock shows

  @Test
  void clock_showsTheLargestTick_whatPassedSince_andTheSkew() {
    beginTrusting();
    assertShown(1_005);
    clock(20 * SECOND);
    assertShown(1_025);
    clock(20 * SECOND - 1);
    assertShown(1_024);
  }

  @Test
  void clockThatWasNotReadBesideTheLargestTick_saysNothing() {
    at(1_000);
    clock(20 * SECOND);
    assertThat(Lifecycle.isShown(world.state, Tick.of(1_000))).isFalse();
    assertThat(at(1_100).tick()).isEqualTo(Tick.of(1_100));
    assertThat(time().clockNanos()).isEqualTo(20 * SECOND);
    assertShown(1_105);
  }

  @Test
  void clockThatIsNotReadNow_saysNothing_andIsForgotten() {
    beginTrusting();
    world.state.reads(FleetRow.Time.UNREAD, SECOND);
    assertThat(Lifecycle.isShown(world.state, Tick.of(1_000))).isFalse();
    assertThat(at(1_100).tick()).isEqualTo(Tick.of(1_100));
    assertThat(time()).isEqualTo(new FleetRow.Time(FleetRow.Time.UNREAD, 0, 1_000, 0));
  }

  @Test
  void clockThatRunsThroughAllNumbers_neitherWrapsNorStopsTime() {
    clock(Long.MIN_VALUE + 1);
    at(1_000);
    clock(Long.MAX_VALUE);
    // 2^63 - 1 ns, where a difference ends, are 9,223,372,036 whole seconds.
    assertShown(1_000 + 9_223_372_036L + 5);
    at(1_001);
    assertThat(time().clockNanos()).isEqualTo(Long.MAX_VALUE);
    clock(Long.MIN_VALUE + 1);
    assertShown(1_006);
  }

  // --- the lead, which is granted once

  @Test
  void leadOfAHost_isKeptAsWhatTheClockWillShow() {
    beginTrusting();
    at(1_003);
    assertThat(time().clockNanos()).isEqualTo(3 * SECOND);
    assertShown(1_005);
    assertThat(at(1_050).tick()).isEqualTo(Tick.of(1_005));
    assertThat(time().clockNanos()).isEqualTo(5 * SECOND);
    world.ingest("d/c", 0, 9);
    assertThat(at(1_050).minted()).as("it writes the row").isPresent();
    assertThat(world.state.largestTick()).isEqualTo(Tick.of(1_005));
    assertThat(time().clockNanos()).isEqualTo(5 * SECOND);
    clock(10 * SECOND);
    assertThat(at(1_050).tick()).isEqualTo(Tick.of(1_015));
    assertThat(time().clockNanos()).isEqualTo(15 * SECOND);
  }

  @Test
  void hostThatIsLate_leavesWhatTheClockShowsNow() {
    beginTrusting();
    clock(20 * SECOND);
    at(1_010);
    assertThat(time().clockNanos()).isEqualTo(20 * SECOND);
    assertShown(1_015);
  }

  @Test
  void ticksOfAnotherLength_beginWhereTheClockIs() {
    beginTrusting();
    world.state.reads(0, 2 * SECOND);
    at(1_003);
    assertThat(time()).isEqualTo(new FleetRow.Time(0, 2 * SECOND, 1_000, 0));
    world.state.reads(6 * SECOND, 2 * SECOND);
    assertShown(1_003 + 3 + 5);
  }

  /** Tests that a recorded decision stands, however far ahead: 2^32 ticks of 2^32 ns are 0 ns. */
  @Test
  void stepThatNoClockCanCount_isNoLead() {
    long length = 1L << 32;
    world.state.reads(0, length);
    at(1_000);
    Tick far = Tick.of(1_000 + length + 3);
    world.lifecycle.decide(world.state, new LeaderCommand.Schedule(), far);
    assertThat(world.state.largestTick()).isEqualTo(far);
    assertThat(time().clockNanos()).isZero();
  }

  @Test
  void longestStepThatAClockCanCount_isLedLikeAnyOther() {
    beginTrusting();
    long longest = 9_223_372_036L;
    clock((longest - 3) * SECOND);
    assertThat(at(1_000 + longest).tick()).isEqualTo(Tick.of(1_000 + longest));
    assertThat(time().clockNanos()).isEqualTo(longest * SECOND);
  }

  @Test
  void leadBeyondTheLargestReading_isNone() {
    clock(Long.MAX_VALUE - SECOND);
    at(1_000);
    clock(Long.MIN_VALUE + SECOND);
    assertThat(at(1_003).tick()).isEqualTo(Tick.of(1_003));
    assertThat(time().clockNanos()).isEqualTo(Long.MIN_VALUE + SECOND);
  }

  // --- what a store has seen, and its rows do not tell

  @Test
  void laterTickThatTheStoreHasSeen_countsWithItsReading() {
    beginTrusting();
    world.state.seen(Tick.of(1_040), 40 * SECOND);
    assertThat(world.state.largestTick()).isEqualTo(Tick.of(1_040));
    assertThat(time()).isEqualTo(new FleetRow.Time(40 * SECOND, SECOND, 1_000, 0));
    clock(42 * SECOND);
    assertShown(1_047);
    world.state.seen(Tick.of(1_040), 90 * SECOND);
    assertShown(1_047);
    world.state.seen(Tick.of(1_041));
    assertThat(time()).isEqualTo(new FleetRow.Time(FleetRow.Time.UNREAD, 0, 1_000, 0));
  }

  // --- resetTime: the fleet

  @Test
  void reset_goesBeyondAnyStep_forwardAndBack() {
    at(1_000);
    reset(50_000);
    assertThat(at(50_100).tick()).isEqualTo(Tick.of(50_100));
    reset(20);
    assertThat(at(121).code()).isEqualTo(ResultCode.TIME_JUMP);
    assertThat(at(120).tick()).isEqualTo(Tick.of(120));
  }

  @Test
  void reset_isCounted_andSilenceBeginsWithIt() {
    at(1_000);
    reset(50);
    assertThat(time()).isEqualTo(new FleetRow.Time(FleetRow.Time.UNREAD, 0, 50, 1));
    reset(5_000);
    assertThat(time()).isEqualTo(new FleetRow.Time(FleetRow.Time.UNREAD, 0, 5_000, 2));
  }

  @Test
  void reset_isWhatTheClockShowsFromThenOn() {
    beginTrusting();
    clock(7 * SECOND);
    reset(50);
    assertThat(time()).isEqualTo(new FleetRow.Time(7 * SECOND, SECOND, 50, 1));
    clock(10 * SECOND);
    assertShown(58);
  }

  private List<Long> began() {
    return world.state.fleetRow().lineages().stream().map(FleetRow.LineageRow::beganTick).toList();
  }

  /** The first one pauses nothing, so there is nothing that could begin anew. */
  @Test
  void reset_leavesTheFirstLineageWhereItBegan() {
    at(1_000);
    reset(5_000);
    assertThat(began()).containsExactly(0L);
    assertThat(world.state.fleetRow().deleteFromTick()).isZero();
  }

  private List<FleetRow.FormerWindow> formerWindows() {
    return world.state.fleetRow().formerWindows();
  }

  // --- resetTime: workers

  @Test
  void reset_letsNoSignOfLifeLieAhead_andTellsNone() {
    at(1_000);
    reset(5_000);
    assertThat(row("a").lastSeenTick()).isEqualTo(1_000);
    reset(50);
    assertThat(row("a").lastSeenTick()).isEqualTo(50);
    world.run(new Command.Heartbeat(world.header("a")));
    reset(20);
    assertThat(row("a").lastSeenTick()).isEqualTo(WorkerRow.NOT_TOLD);
    at(30);
    assertThat(row("a").lastSeenTick()).isEqualTo(30);
  }

  // --- resetTime: chunks, replicas, swaps

  /** Portals read d/c from a. */
  private void place() {
    world.ingest("d/c", 0, 9);
    world.schedule();
    world.fetch("a");
    world.publish();
  }

  /** a gave d/c to b in the visibility cycle of tick 1,000. */
  private void handOver() {
    at(1_000);
    place();
    world.workers(10, "b");
    world.handOver("a", "b");
    assertThat(world.routes("d/c")).containsExactly("b");
    assertThat(window("a")).isEqualTo(1_005);
  }

  private long window(String worker) {
    return world.state.readableUntil(world.replica("d/c", worker));
  }

  private long missingSince(String worker) {
    return world.state.missingSince(world.replica("d/c", worker));
  }

  @Test
  void reset_beginsTheWindowOfADroppedChunkAnew() {
    handOver();
    world.remove("d/c");
    world.publish();
    assertThat(world.state.endTick(chunk("d/c"))).isEqualTo(1_005);
    reset(50);
    assertThat(world.state.endTick(chunk("d/c"))).isEqualTo(55);
    reset(5_000);
    assertThat(world.state.endTick(chunk("d/c"))).isEqualTo(5_005);
    at(5_004);
    assertThat(world.chunkState("d/c")).isEqualTo(ChunkState.DROPPED);
    at(5_005);
    assertThat(world.chunkState("d/c")).isEqualTo(ChunkState.TOMBSTONE);
  }

  @Test
  void reset_letsNoAdmissionAndNoEndLieAhead() {
    at(1_000);
    world.offer("d/c", 0, 9);
    world.schedule();
    assertThat(world.state.admittedTick(chunk("d/c"))).isEqualTo(1_000);
    reset(5_000);
    assertThat(world.state.admittedTick(chunk("d/c"))).isEqualTo(1_000);
    world.remove("d/c");
    world.schedule();
    assertThat(world.state.endTick(chunk("d/c"))).isEqualTo(5_000);
    reset(50);
    assertThat(world.state.admittedTick(chunk("d/c"))).isEqualTo(50);
    assertThat(world.state.endTick(chunk("d/c"))).isEqualTo(50);
  }

  private SwapRow swap() {
    return world.state.swap(1).orElseThrow();
  }

  /** Nothing of it changes. */
  @Test
  void reset_letsAChunkWithoutAnyWindowBeLookedAtAgain() {
    at(1_000);
    place();
    world.publish();
    assertThat(world.state.tables().work.touched.contains(chunk("d/c"))).isFalse();
    reset(5_000);
    assertThat(world.state.tables().work.touched.contains(chunk("d/c"))).isTrue();
  }

  /** Windows begin anew, over or not; of the rest nothing lies ahead. The journal has all of it. */
  @Test
  void reset_setsEveryTick_andIsUndone() {
    handOver();
    world.swap("d", List.of("c"), SmallWorld.chunk("d/n", 0, 9));
    world.lose("b", "d/c");
    world.schedule();
    world.run(new LeaderCommand.BeginLineage(Lineage.of(8)));
    configureWindow(3);
    world.status("a", WorkerStatus.SUSPECT);
    reset(5_000);
    assertTicks(5_005, 5_000, 1_000);
    FleetRow fleet = world.state.fleetRow();
    long digest = world.state.digest();
    reset(50);
    assertTicks(55, 50, 50);
    world.state.rollback(world.lastChanges);
    assertThat(world.state.digest()).isEqualTo(digest).isEqualTo(world.state.fullDigest());
    assertThat(world.state.fleetRow()).isEqualTo(fleet);
    assertTicks(5_005, 5_000, 1_000);
  }

  /** The lowered window of 5 ticks counts, which begins anew itself. */
  private void assertTicks(long windowEnd, long lineageBegan, long others) {
    assertThat(window("a")).isEqualTo(windowEnd);
    assertThat(formerWindows()).containsExactly(new FleetRow.FormerWindow(5, windowEnd));
    assertThat(began()).containsExactly(0L, lineageBegan);
    assertThat(missingSince("b")).isEqualTo(others);
    assertThat(row("a").absentSince()).isEqualTo(others);
    assertThat(swap().registeredTick()).isEqualTo(others);
    assertThat(swap().endTick()).isZero();
  }
}
