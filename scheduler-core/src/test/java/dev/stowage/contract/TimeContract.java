package dev.stowage.contract;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.StowageListener;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.ResultCode;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.store.spi.FleetStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Time that can be trusted, end to end on a backend: wrong clocks of leaders and of reporters, the
 * clock of the store, times that are set by hand. A backend extends this class, says how its store
 * is opened, and changes nothing else.
 */
public abstract class TimeContract {
  private static final long SECOND = 1_000_000_000L;
  private static final long DAY = 86_400;

  @RegisterExtension final AuditExtension audit = new AuditExtension();

  /** The store's clock in nanoseconds, far from the hosts' time: only differences count. */
  private final AtomicLong clock = new AtomicLong(-77 * SECOND);

  private final List<StoreFixture> fixtures = new ArrayList<>();
  private FleetStore store;
  private Stowage stowage;
  private SmallFleet fleet;

  /** A fresh store that has no clock, or none that its fleet trusts. */
  protected abstract StoreFixture open();

  /** A fresh store whose fleet trusts this clock. */
  protected abstract StoreFixture open(LongSupplier clockNanos);

  private void begin(StoreFixture opened, UnaryOperator<LifecycleConfig.Builder> change) {
    open(opened);
    stowage = lead(builder("first", change));
    fleet = new SmallFleet(stowage);
  }

  private static LifecycleConfig.Builder trusting(LifecycleConfig.Builder builder) {
    return builder.suspectAfterTicks(60).departAfterTicks(900).trust(LifecycleConfig.Trust.DEFAULT);
  }

  private Stowage.Builder builder(String holder, UnaryOperator<LifecycleConfig.Builder> change) {
    var config = SmallFleet.config().withHolder(holder);
    return Stowage.builder(store)
        .config(config.withFleet(change.apply(config.fleet().toBuilder()).build()));
  }

  private Stowage lead(Stowage.Builder builder) {
    Stowage facade = audit.watch(builder.build());
    assertThat(facade.claim(0).granted()).isTrue();
    return facade;
  }

  private void open(StoreFixture opened) {
    fixtures.add(opened);
    store = opened.connect();
  }

  private void beginBlind() {
    begin(open(), TimeContract::trusting);
  }

  private void beginTrusting() {
    begin(open(clock::get), TimeContract::trusting);
  }

  @AfterEach
  void closeFleets() {
    fixtures.forEach(StoreFixture::close);
  }

  /** Another leader loads what is durable. */
  private void takeOver() {
    stowage.resign();
    stowage = lead(builder("second", TimeContract::trusting));
    fleet.through(stowage);
  }

  private void pass(long ticks) {
    fleet.pass(ticks);
    clock.addAndGet(ticks * SECOND);
  }

  private WorkerStatus status(String name) {
    LifecycleSnapshot books = SmallFleet.state(stowage);
    return books.worker(books.workerPosition(WorkerId.of(name))).status();
  }

  private long largest() {
    return SmallFleet.state(stowage).largestTick().value();
  }

  private static long ticks(long value) {
    return value * SECOND;
  }

  private long tick() {
    return fleet.now() / SECOND;
  }

  // ---- cycles from ahead ----

  /** Else a clock that is ahead would gain the skew in each cycle. */
  @Test
  void leadOfAHost_isGrantedOnce_andNotInEveryCycle() {
    beginTrusting();
    stowage.schedule(ticks(1_000));
    for (int cycle = 0; cycle < 50; cycle++) {
      stowage.schedule(ticks(1_000 + 600));
      stowage.publish(ticks(1_000 + 600));
    }
    assertThat(largest()).isEqualTo(1_000 + LifecycleConfig.Trust.DEFAULT.allowedSkewTicks());
    clock.addAndGet(10 * SECOND);
    stowage.schedule(ticks(1_000 + 600));
    assertThat(largest()).isEqualTo(1_010 + LifecycleConfig.Trust.DEFAULT.allowedSkewTicks());
    takeOver();
    stowage.schedule(ticks(1_000 + 600));
    assertThat(largest()).isEqualTo(1_010 + LifecycleConfig.Trust.DEFAULT.allowedSkewTicks());
  }

  /** Time that passes is believed, whole ticks or not, however long nobody led. */
  @Test
  void clockThatAgrees_isFollowedToTheTick() {
    beginTrusting();
    long nanos = ticks(5_000) + SECOND / 3;
    long began = clock.get();
    stowage.schedule(nanos);
    for (int cycle = 1; cycle <= 40; cycle++) {
      clock.set(began + cycle * 7 * SECOND / 3);
      assertThat(stowage.schedule(nanos + cycle * 7 * SECOND / 3).tick().value())
          .isEqualTo((nanos + cycle * 7 * SECOND / 3) / SECOND);
    }
    clock.set(began + ticks(3 * DAY));
    takeOver();
    assertThat(stowage.schedule(nanos + ticks(3 * DAY)).tick())
        .isEqualTo(Tick.of((nanos + ticks(3 * DAY)) / SECOND));
  }

  @Test
  void clockThatWasSetBack_doesNotStopTime() {
    beginTrusting();
    stowage.schedule(ticks(1_000));
    clock.addAndGet(-ticks(DAY));
    assertThat(stowage.schedule(ticks(1_003)).tick()).isEqualTo(Tick.of(1_003));
    clock.addAndGet(ticks(100));
    assertThat(stowage.schedule(ticks(1_103)).tick()).isEqualTo(Tick.of(1_103));
  }

  @Test
  void firstCycle_takesAnyTime_andAnIdleOneCountsForTheNextLeader() {
    beginBlind();
    long far = ticks(1L << 33);
    assertThat(stowage.schedule(far).isAccepted()).isTrue();
    assertThat(stowage.schedule(far + ticks(3_000)).isAccepted()).isTrue();
    takeOver();
    assertThat(largest()).isEqualTo((1L << 33) + 3_000);
    assertThat(stowage.schedule(far + ticks(6_600)).isAccepted()).isTrue();
    assertThat(stowage.schedule(far + ticks(10_201)).code()).isEqualTo(ResultCode.TIME_JUMP);
  }

  // ---- what is no cycle ----

  /** A lowered drain window would else count until the wrong time has come. */
  @Test
  void commandFromAhead_leavesNoStampBeyondWhatTheClockShows() {
    beginTrusting();
    fleet.join(1_000, "a");
    stowage.schedule(ticks(1_000));
    LifecycleConfig lower = stowage.config().value().toBuilder().drainWindowTicks(1).build();
    long wrong = ticks(100 * DAY);
    assertThat(stowage.configure(Command.ANY_VERSION, lower, wrong).isAccepted()).isTrue();
    stowage.setStatus(WorkerId.of("a"), WorkerStatus.SUSPECT, wrong);
    LifecycleSnapshot books = SmallFleet.state(stowage);
    long skew = LifecycleConfig.Trust.DEFAULT.allowedSkewTicks();
    assertThat(books.fleetRow().formerWindows().get(0).untilTick())
        .isLessThanOrEqualTo(1_000 + skew + 3);
    assertThat(books.workerRow(books.workerPosition(WorkerId.of("a"))).absentSince())
        .isLessThanOrEqualTo(1_000 + skew);
  }

  /** A reporter's clock one day ahead hid a death for 86,460 s instead of 60. */
  @Test
  void clockOfAReporterOneDayAhead_hidesNoDeath() {
    begin(open(), config -> trusting(config).departureGuardMillionths(LifecycleConfig.UNGUARDED));
    fleet.join(1_000, "a", "b", "c");
    stowage.schedule(ticks(100));
    stowage.heartbeat(fleet.header("a"), ticks(100 + DAY));
    new LogSender(store, 1).append(new Command.Heartbeat(fleet.header("b")));
    stowage.register(WorkerId.of("c"), "disk of c", ticks(100 + DAY));
    stowage.schedule(ticks(101));
    for (String name : List.of("a", "b", "c")) {
      assertThat(status(name)).as(name).isEqualTo(WorkerStatus.ACTIVE);
    }
    stowage.schedule(ticks(160));
    assertThat(status("a")).isEqualTo(WorkerStatus.ACTIVE);
    stowage.schedule(ticks(161));
    for (String name : List.of("a", "b", "c")) {
      assertThat(status(name)).as(name).isEqualTo(WorkerStatus.SUSPECT);
    }
  }

  // ---- silence ----

  @Test
  void leaderThatWasAway_departsNobodyForTheSilenceOfItsPause() {
    beginTrusting();
    fleet.join(1_000, "a", "b", "c").ingest(chunk("c1", 0)).settle();
    pass(DAY);
    assertThat(stowage.schedule(fleet.now()).isAccepted()).isTrue();
    for (String name : List.of("a", "b", "c")) {
      assertThat(status(name)).as(name).isEqualTo(WorkerStatus.ACTIVE);
    }
    pass(60);
    stowage.schedule(fleet.now());
    assertThat(status("a")).isEqualTo(WorkerStatus.SUSPECT);
    takeOver();
    assertThat(status("a")).isEqualTo(WorkerStatus.SUSPECT);
    stowage.heartbeat(fleet.header("a"), fleet.now());
    stowage.schedule(fleet.now());
    assertThat(status("a")).isEqualTo(WorkerStatus.ACTIVE);
  }

  // ---- times that are set by hand ----

  /** Ticks of idle cycles are kept apart from the rows: those of before the reset count no more. */
  @Test
  void resetBack_outlivesWhatIdleCyclesLeft() {
    beginBlind();
    stowage.schedule(ticks(10));
    stowage.schedule(ticks(2_000));
    stowage.schedule(ticks(4_000));
    stowage.resetTime(ticks(20));
    takeOver();
    assertThat(largest()).isEqualTo(20);
    stowage.schedule(ticks(30));
    takeOver();
    assertThat(largest()).isEqualTo(30);
    new LogSender(store, 1).append(new Command.Ingest(List.of(proposed("c1"))));
    stowage.schedule(ticks(31));
    LifecycleSnapshot books = SmallFleet.state(stowage);
    assertThat(books.admittedTick(books.chunkPosition(key("c1")))).isEqualTo(30);
  }

  private static ProposedChunk proposed(String id) {
    return ProposedChunk.of(chunk(id, 0));
  }

  @Test
  void reset_atAStoreWithAClock_isWhatThatShowsFromThenOn() {
    beginTrusting();
    stowage.schedule(ticks(10 * DAY));
    stowage.resetTime(ticks(1_000));
    clock.addAndGet(10 * SECOND);
    long skew = LifecycleConfig.Trust.DEFAULT.allowedSkewTicks();
    assertThat(stowage.schedule(ticks(2_000)).tick()).isEqualTo(Tick.of(1_010 + skew));
    takeOver();
    assertThat(stowage.schedule(ticks(10 * DAY)).code()).isEqualTo(ResultCode.TIME_JUMP);
  }

  /** The largest number bricked the fleet for ever. */
  @Test
  void largestNumber_bricksNothing() {
    beginBlind();
    fleet.join(1_000, "a", "b", "c").ingest(chunk("c1", 0));
    assertThat(stowage.schedule(Long.MAX_VALUE).isAccepted()).as("the first takes any").isTrue();
    stowage.publish(Long.MAX_VALUE);
    assertThat(stowage.resetTime(fleet.now()).isAccepted()).isTrue();
    fleet.settle();
    assertThat(state("c1")).isEqualTo(ChunkState.VISIBLE);
    assertThat(stowage.schedule(Long.MAX_VALUE).code()).isEqualTo(ResultCode.TIME_JUMP);
    assertThatThrownBy(() -> stowage.resetTime(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> stowage.schedule(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(stowage.resetTime(Long.MAX_VALUE).isAccepted()).isTrue();
    assertThat(stowage.schedule(Long.MAX_VALUE).isAccepted()).isTrue();
    assertThat(stowage.resetTime(ticks(500)).isAccepted()).isTrue();
    takeOver();
    fleet.pass(500 - tick()).settle();
    assertThat(state("c1")).isEqualTo(ChunkState.VISIBLE);
  }

  // ---- the host's tick source ----

  @Test
  void tickSourceFromAhead_isRefused_andOneThatLeadsCountsAsTheClock() {
    AtomicLong commitNanos = new AtomicLong();
    open(open(clock::get));
    stowage = lead(builder("first", TimeContract::trusting).commitClock(commitNanos::get));
    fleet = new SmallFleet(stowage);
    fleet.join(1_000, "a", "b", "c").ingest(chunk("c1", 0));
    commitNanos.set(fleet.now());
    stowage.schedule(fleet.now());
    fleet.fetch();
    stowage.publish(fleet.now());
    stowage.remove(key("c1"), fleet.now());
    commitNanos.set(fleet.now() + ticks(DAY));
    assertThat(stowage.publish(fleet.now()).code()).isEqualTo(ResultCode.TIME_JUMP);
    assertThat(state("c1")).isEqualTo(ChunkState.VISIBLE);
    commitNanos.set(fleet.now() + ticks(1_000));
    assertThat(stowage.publish(fleet.now()).isAccepted()).isTrue();
    LifecycleSnapshot books = SmallFleet.state(stowage);
    assertThat(books.endTick(books.chunkPosition(key("c1"))))
        .isEqualTo(tick() + LifecycleConfig.Trust.DEFAULT.allowedSkewTicks() + 3);
  }

  // ---- mass silence ----

  // ---- a leader whose time stands still ----

  /** Begins with a clock that the store trusts, and with ears for time that stands still. */
  private List<String> beginListening() {
    List<String> heard = new ArrayList<>();
    open(open(clock::get));
    stowage =
        lead(
            builder("first", TimeContract::trusting)
                .listener(
                    new StowageListener() {
                      @Override
                      public void standing(Tick told, Tick largest) {
                        heard.add(told + " of " + largest);
                      }
                    }));
    return heard;
  }

  /** Runs one turn of a service, after {@code passed} nanoseconds on the store's clock. */
  private void turnAt(long nanos, long passed) {
    clock.addAndGet(passed);
    stowage.schedule(nanos);
    stowage.publish(nanos);
  }

  /** A host that counts microseconds where nanoseconds are meant: its ticks take 1,000 seconds. */
  @Test
  void leaderBehindInALargerUnit_saysSoByTheStoresClock() {
    List<String> heard = beginListening();
    turnAt(ticks(3_000_000), 0);
    long slow = ticks(3_000_010) / 1_000;
    turnAt(slow, 10 * SECOND);
    for (int turn = 1; turn < 6; turn++) {
      turnAt(slow + turn * SECOND / 100, 10 * SECOND);
    }
    assertThat(heard).as("for fifty seconds").isEmpty();
    turnAt(slow + 6 * SECOND / 100, 10 * SECOND);
    assertThat(heard).containsExactly("3000 of 3000000");
    assertThat(stowage.stats().behindTicks()).isEqualTo(2_997_000);
    turnAt(ticks(3_000_080), 10 * SECOND);
    assertThat(stowage.stats().behindTicks()).isZero();
  }

  /** It is never behind the largest tick, which is its own. */
  @Test
  void leaderOfAFleetThatBeganInALargerUnit_orWhoseClockIsFrozen_saysSoByTheStoresClock() {
    for (long each : new long[] {SECOND / 100, 0, 4 * SECOND}) {
      List<String> heard = beginListening();
      for (int turn = 0; turn <= 12; turn++) {
        assertThat(heard).as("%s ns a turn, turn %s", each, turn).isEmpty();
        turnAt(ticks(5_000) + turn * each, 10 * SECOND);
      }
      turnAt(ticks(5_000) + 13 * each, 10 * SECOND);
      assertThat(heard).as("%s ns a turn", each).hasSize(1);
      assertThat(stowage.stats().behindTicks()).isGreaterThan(60);
      turnAt(ticks(5_000 + 140), 10 * SECOND);
      assertThat(stowage.stats().behindTicks()).as("mended").isZero();
    }
  }

  @Test
  void leaderWhoseTimeGoesAsItShould_saysNothing_howeverSeldomItLooks() {
    List<String> heard = beginListening();
    long now = ticks(5_000);
    for (long passed : new long[] {1, 30, 59, 60, 61, 200, 1, 1, DAY, 1, 90, 90, 90}) {
      now += ticks(passed);
      turnAt(now, ticks(passed));
    }
    // A turn that plans for long: its tick is old by the end of it.
    for (int turn = 0; turn < 6; turn++) {
      stowage.schedule(now);
      clock.addAndGet(ticks(100));
      stowage.publish(now);
      now += ticks(100);
    }
    assertThat(heard).isEmpty();
    assertThat(stowage.stats().behindTicks()).isZero();
  }

  private ChunkState state(String id) {
    return stowage.status(List.of(key(id))).get(0).state().orElseThrow();
  }
}
