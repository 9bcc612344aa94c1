package dev.stowage.storage.memory;

import static dev.stowage.contract.SmallFleet.chunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig.LeaseConfig;
import dev.stowage.StowageException;
import dev.stowage.StowageListener;
import dev.stowage.StowageService;
import dev.stowage.StowageService.Pace;
import dev.stowage.StowageService.State;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.contract.AuditExtension;
import dev.stowage.contract.FaultyStore;
import dev.stowage.contract.SmallFleet;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.ForwardingStore;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

class StowageServiceTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Duration SHORT = Duration.ofMillis(30);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Pace HOURLY = new Pace(HOUR, HOUR, HOUR);

  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong clock = new AtomicLong(SECOND);
  private final MemoryChunkStore store =
      MemoryChunkStore.builder().twin().leaseClock(clock::get).fixedLineages().build();
  private final FaultyStore faulty = new FaultyStore(store);
  private final Stowage stowage = audit.watch(SmallFleet.facade(faulty, "first"));
  private final SmallFleet fleet = new SmallFleet(stowage);

  @AfterEach
  void stopThreads() {
    executor.shutdownNow();
  }

  private StowageService service(Stowage facade) {
    return new StowageService(facade, executor, clock::get, StowageService.Pace.DEFAULT);
  }

  @Test
  void start_takesTurnsOnTheHostsExecutor() throws Exception {
    CountDownLatch led = new CountDownLatch(3);
    try (StowageService service =
        new StowageService(
            stowage,
            executor,
            () -> {
              led.countDown();
              return clock.get();
            },
            new StowageService.Pace(
                Duration.ofMillis(1), Duration.ofSeconds(10), Duration.ofHours(1)))) {
      service.start();
      service.start();
      assertThat(led.await(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  @Test
  @Timeout(60)
  void reviewedPlan_ofAnotherProcess_isCarriedOutBetweenTwoTurns() {
    try (StowageService service = new StowageService(stowage, executor, clock::get, HOURLY);
        Stowage other =
            Stowage.builder(store)
                .config(SmallFleet.config().withAnswersWithin(Duration.ofMinutes(1)))
                .build()) {
      service.turn();
      fleet.join(1_000, "a", "b", "c").ingest(chunk("c1", 0)).settle();
      clock.set(fleet.now());
      service.start();
      Command<?> drain = new Command.SetStatus(WorkerId.of("a"), WorkerStatus.LEAVING);
      String hash = stowage.preview(List.of(drain), clock.get()).planHash();
      assertThat(other.schedule(List.of(drain), clock.get(), hash).code())
          .isEqualTo(ResultCode.ACCEPTED);
      assertThat(service.status().turns()).isLessThanOrEqualTo(2);
    }
  }

  // ---- the state that it shows ----

  @Test
  void state_namesWhoLeads_andSinceWhen() {
    StowageService service = service(stowage);
    service.turn();
    clock.addAndGet(5 * SECOND);
    service.turn();
    assertThat(service.state()).isEqualTo(State.LEADING);
    assertThat(service.reason()).contains("first");
    assertThat(service.status().sinceNanos()).isEqualTo(SECOND);

    StowageService standby = service(audit.watch(SmallFleet.facade(store, "second")));
    standby.turn();
    assertThat(standby.state()).isEqualTo(State.STANDBY);
    assertThat(standby.reason())
        .contains("first")
        .contains("until 1970-01-01T00:00:36Z on the store's clock");
    assertThat(standby.status().sinceNanos()).isEqualTo(6 * SECOND);
  }

  @Test
  void claimThatFails_isDegraded_notStandby() {
    ForwardingStore gone =
        new ForwardingStore(store) {
          @Override
          public Claim claim(LeaseRequest request) {
            throw new StorageException.Transient(
                "no connection", StorageException.Outcome.NOT_COMMITTED, null);
          }
        };
    StowageService service = service(audit.watch(SmallFleet.facade(gone, "cut off")));
    assertThat(service.turn()).isFalse();
    assertThat(service.state()).isEqualTo(State.DEGRADED);
    assertThat(service.reason()).contains("no connection");
  }

  @Test
  void status_isToldWhileATurnHangs() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    ForwardingStore slow =
        new ForwardingStore(store) {
          @Override
          public Claim claim(LeaseRequest request) {
            hangs.countDown();
            await(goesOn);
            return super.claim(request);
          }
        };
    StowageService service = service(audit.watch(SmallFleet.facade(slow, "slow")));
    service.start();
    await(hangs);
    assertThat(service.state()).isEqualTo(State.STARTING);
    assertThat(service.status().turns()).isEqualTo(1);
    assertThat(service.status().failedTurns()).isZero();
    assertThat(service.status().lastFailure()).isEmpty();

    ExecutorService closer = Executors.newSingleThreadExecutor();
    try {
      Future<?> closed = closer.submit(service::close);
      while (service.state() != State.STOPPED) {
        Thread.onSpinWait();
      }
      assertThat(closed.isDone()).as("waits for the turn in progress").isFalse();
      goesOn.countDown();
      closed.get(1, TimeUnit.MINUTES);
      assertThat(store.evidence(0, Integer.MAX_VALUE))
          .as("the turn ended behind the command that it waited for")
          .isEmpty();
    } finally {
      goesOn.countDown();
      closer.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  // ---- the end of a service ----

  private void assertOver(StowageService service, String why) {
    assertThat(service.state()).isEqualTo(State.STOPPED);
    assertThat(service.reason()).contains(why);
    long turns = service.status().turns();
    assertThatThrownBy(service::turn)
        .isInstanceOfSatisfying(
            StowageException.class,
            e -> assertThat(e.reason()).isEqualTo(StowageException.Reason.CLOSED))
        .hasMessageContaining(why);
    assertThatThrownBy(service::start).isInstanceOf(StowageException.class);
    assertThat(service.status().turns()).isEqualTo(turns);
    service.close();
    assertThat(service.reason()).as("closing it again changes nothing").contains(why);
  }

  @Test
  void service_thatWasClosed_saysSo() {
    StowageService service = service(stowage);
    service.turn();
    service.close();
    assertOver(service, "closed");
    assertThat(stowage.isLeading()).as("the facade stays as it is").isTrue();
  }

  @Test
  void service_whoseExecutorWasShutDown_isStopped_andWorkSubmittedToItFails() {
    for (boolean atOnce : new boolean[] {false, true}) {
      ScheduledExecutorService gone = Executors.newSingleThreadScheduledExecutor();
      StowageService service = new StowageService(stowage, gone, clock::get, HOURLY);
      service.start();
      while (service.state() == State.STARTING) {
        Thread.onSpinWait();
      }
      if (atOnce) {
        gone.execute(() -> assertThatThrownBy(new CountDownLatch(1)::await).isNotNull());
        CompletableFuture<Long> waiting = service.submit(now -> now).toCompletableFuture();
        gone.shutdownNow();
        assertOver(service, "executor was shut down");
        assertThat(waiting).isCompletedExceptionally();
      } else {
        gone.shutdown();
        assertOver(service, "executor was shut down");
      }
    }
  }

  @Test
  void facade_whoseExecutorWasShutDown_isDegraded_andAnswersWhatWaits() throws Exception {
    ExecutorService gone = Executors.newSingleThreadExecutor();
    CountDownLatch isBusy = new CountDownLatch(1);
    gone.execute(() -> assertThatThrownBy(isBusy::await).isNotNull());
    Stowage submitting =
        audit.watch(Stowage.builder(store).config(SmallFleet.config()).executor(gone).build());
    StowageService service = service(submitting);
    service.turn();
    Command.Describe describe = Command.Describe.of(Worker.of(WorkerId.of("w"), 1));
    CompletableFuture<?> waiting = submitting.submit(describe, SECOND).toCompletableFuture();
    gone.shutdownNow();
    assertThat(gone.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    assertThat(waiting).isNotDone();
    service.turn();
    assertThat(waiting).isCompleted();
    assertThat(service.health().level()).isEqualTo(StowageService.Health.Level.DEGRADED);
    assertThat(service.reason()).contains("the executor of the facade was shut down");
  }

  /** Counts what it is asked to repeat, and refuses it while it is full. */
  private static final class Crowded extends ScheduledThreadPoolExecutor {
    private boolean isFull;
    private int loops;

    Crowded() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
        Runnable command, long initialDelay, long delay, TimeUnit unit) {
      if (isFull) {
        throw new RejectedExecutionException("full");
      }
      loops++;
      return super.scheduleWithFixedDelay(command, initialDelay, delay, unit);
    }
  }

  @Test
  void start_thatIsRefusedByAnExecutorThatGoesOn_mayBeTriedAgain() {
    Crowded crowded = new Crowded();
    crowded.isFull = true;
    try (StowageService service = new StowageService(stowage, crowded, clock::get, Pace.DEFAULT)) {
      assertThatThrownBy(service::start).isInstanceOf(RejectedExecutionException.class);
      assertThat(service.state()).isEqualTo(State.STARTING);
      crowded.isFull = false;
      service.start();
      assertThat(crowded.loops).isEqualTo(1);
    } finally {
      crowded.shutdownNow();
    }
  }

  /** Returns a service whose listener runs {@code does} at each command. */
  private StowageService hearing(Consumer<StowageService> does) {
    StowageService[] service = new StowageService[1];
    StowageListener listener =
        new StowageListener() {
          @Override
          public void executed(Tick tick, Command<?> command, Result result) {
            does.accept(service[0]);
          }
        };
    Stowage heard =
        audit.watch(Stowage.builder(store).config(SmallFleet.config()).listener(listener).build());
    service[0] = service(heard);
    return service[0];
  }

  @Test
  void close_fromWithinATurn_endsTheTurnBehindTheCommand() {
    List<State> seen = new ArrayList<>();
    StowageService service =
        hearing(it -> {
          it.close();
          seen.add(it.state());
        });
    assertThat(service.turn()).isFalse();
    assertThat(seen)
        .as("admission and plan of the scheduling cycle, and nothing behind it")
        .containsExactly(State.STOPPED, State.STOPPED);
    assertThat(service.status().failedTurns()).isZero();
    assertOver(service, "closed");
  }

  /** Returns a service whose planner runs {@code does} for each plan. */
  private StowageService planning(Consumer<StowageService> does) {
    StowageService[] service = new StowageService[1];
    Stowage planned =
        audit.watch(
            Stowage.builder(store)
                .config(SmallFleet.config())
                .with(
                    (PlacementPlanner)
                        input -> {
                          does.accept(service[0]);
                          return PlacementPlanner.sticky().plan(input);
                        })
                .build());
    service[0] = service(planned);
    return service[0];
  }

  @Test
  void turn_fromWithinATurn_isRefused_andCounted() {
    StowageService service = planning(StowageService::turn);
    assertThat(service.turn()).isFalse();
    assertThat(service.status().turns()).isEqualTo(1);
    assertThat(service.status().lastFailure().orElseThrow())
        .hasMessageContaining("a turn is in progress");
    assertThat(service.state()).isEqualTo(State.DEGRADED);
  }

  @Test
  void brokenPromise_endsTheService() {
    InvariantViolation broken = new InvariantViolation("no overlap", "made up");
    StowageService service =
        planning(it -> {
          throw broken;
        });
    assertThatThrownBy(service::turn).isSameAs(broken);
    assertThat(service.status().failedTurns()).isEqualTo(1);
    assertThat(service.status().lastFailure()).containsSame(broken);
    assertOver(service, "no overlap: made up");
    assertThatThrownBy(service::turn).hasCause(broken);
  }

  @Test
  void facade_thatWasClosed_endsTheService() {
    StowageService service = service(stowage);
    service.turn();
    stowage.close();
    assertThat(service.turn()).isFalse();
    assertOver(service, "facade was closed");
  }

  // ---- clocks that leap ----

  /** A clock that is read once a turn, and the lease on a clock of its own. */
  private StowageService leaping(AtomicLong host, Pace pace) {
    return new StowageService(stowage, executor, host::get, pace);
  }

  /** Lets a cycle keep what the leader says of itself, which later turns do not change. */
  private void settleWords() {
    StowageService first = leaping(new AtomicLong(1_000 * SECOND), RARELY);
    assertThat(first.turn()).isTrue();
    assertThat(first.turn()).isTrue();
  }

  private static final Pace RARELY =
      new Pace(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(5));

  @Test
  void hostClock_thatStandsStillOrGoesBack_stopsNoRenewalAndNoRetention() {
    settleWords();
    for (long step : new long[] {0, -SECOND}) {
      AtomicLong host = new AtomicLong(1_000 * SECOND);
      StowageService service = leaping(host, RARELY);
      assertThat(service.turn()).isTrue();
      long renewed = store.lease().orElseThrow().expiresAtNanos();
      long heard = stowage.stats().commands();
      for (int i = 0; i < 6; i++) {
        clock.incrementAndGet();
        host.addAndGet(step);
        assertThat(service.turn()).isTrue();
      }
      assertThat(store.lease().orElseThrow().expiresAtNanos()).isGreaterThan(renewed);
      assertThat(stowage.stats().commands() - heard)
          .as("two cycles a turn, and retention")
          .isEqualTo(13);
      assertThat(service.status().failedTurns()).isZero();
    }
  }

  @Test
  void hostClock_thatLeaps_isTakenInOnce_inBothDirections() {
    settleWords();
    AtomicLong host = new AtomicLong(1_000 * SECOND);
    StowageService service = leaping(host, RARELY);
    service.turn();
    long heard = stowage.stats().commands();
    for (long now : new long[] {Long.MAX_VALUE, 0, Long.MAX_VALUE, 1}) {
      host.set(now);
      assertThat(service.turn()).as("%s", now).isTrue();
    }
    assertThat(stowage.stats().commands() - heard)
        .as("two cycles a turn, and retention after each leap ahead")
        .isEqualTo(10);
  }

  @Test
  void retention_thatFailed_isTriedInTheNextTurn() {
    List<Command<?>> purges = new ArrayList<>();
    AtomicBoolean isCutOff = new AtomicBoolean();
    AtomicInteger published = new AtomicInteger();
    StowageListener listener =
        new StowageListener() {
          @Override
          public void executed(Tick tick, Command<?> command, Result result) {
            if (command instanceof LeaderCommand.Purge) {
              purges.add(command);
            }
            // what follows a publication in the second turn is retention
            isCutOff.set(
                command instanceof LeaderCommand.Publish && published.incrementAndGet() == 2);
          }
        };
    Stowage heard =
        audit.watch(
            Stowage.builder(cutOff(isCutOff))
                .config(SmallFleet.config())
                .listener(listener)
                .build());
    StowageService service = new StowageService(heard, executor, clock::get, RARELY);
    service.turn();
    clock.addAndGet(6 * SECOND);
    assertThat(service.turn()).isFalse();
    assertThat(purges).isEmpty();
    isCutOff.set(false);
    assertThat(service.turn()).isTrue();
    assertThat(service.turn()).isTrue();
    assertThat(purges).hasSize(1);
  }

  private FleetStore cutOff(AtomicBoolean isCutOff) {
    return new ForwardingStore(store) {
      @Override
      protected StoreSession session(StoreSession granted) {
        return new ForwardingSession(granted) {
          @Override
          public StoreTransaction begin() {
            if (isCutOff.get()) {
              throw new StorageException.Transient(
                  "made to fail", StorageException.Outcome.NOT_COMMITTED, null);
            }
            return super.begin();
          }
        };
      }
    };
  }

  @Test
  void pace_beyondWhatNanosecondsCount_isAsLongAsTheyDo() {
    Duration ages = Duration.ofSeconds(Long.MAX_VALUE);
    try (StowageService service = leaping(clock, new Pace(ages, ages, ages))) {
      service.start();
      while (service.state() == State.STARTING) {
        Thread.onSpinWait();
      }
      assertThat(service.state()).isEqualTo(State.LEADING);
      assertThat(service.turn()).isTrue();
    }
  }

  // ---- a store without a clock ----

  @Test
  void standby_onAStoreWithoutAClock_takesOverOnceTheLeaderIsClosed() {
    MemoryChunkStore shared = MemoryChunkStore.builder().twin().build();
    Stowage first = audit.watch(Stowage.builder(shared).build());
    StowageService standby = service(audit.watch(Stowage.builder(shared).build()));
    service(first).turn();
    assertThat(standby.turn()).isFalse();
    first.close();
    assertThat(standby.turn()).isTrue();
    assertThat(shared.lease().orElseThrow().epoch()).isEqualTo(2);
  }

  /** Returns a leader whose plan waits for a latch. */
  private Stowage planning(FleetStore in, CountDownLatch planning, CountDownLatch planned) {
    Stowage busy =
        audit.watch(
            Stowage.builder(in)
                .config(SmallFleet.config().withLease(new LeaseConfig("first", SHORT)))
                .with(
                    (PlacementPlanner)
                        input -> {
                          planning.countDown();
                          await(planned);
                          return PlacementPlanner.sticky().plan(input);
                        })
                .build());
    busy.claim(clock.get());
    return busy;
  }

  @Test
  void planThatTakesManyLeases_onAnExecutorOfOneThread_keepsTheLead() throws Exception {
    CountDownLatch planning = new CountDownLatch(1);
    CountDownLatch planned = new CountDownLatch(1);
    Semaphore renewals = new Semaphore(0);
    Stowage busy = planning(renewing(renewals), planning, planned);
    long epoch = store.lease().orElseThrow().epoch();
    fleet.through(busy).join(1_000, "a", "b").ingest(chunk("c1", 0));
    Stowage standby = audit.watch(SmallFleet.facade(store, "second"));
    try (StowageService service = service(busy)) {
      service.start();
      await(planning);
      for (int lease = 0; lease < 5; lease++) {
        // less than a lease passes between two renewals, and many do while one plan is made
        clock.addAndGet(SHORT.toNanos() - 1);
        renewals.drainPermits();
        assertThat(renewals.tryAcquire(2, 1, TimeUnit.MINUTES)).isTrue();
        assertThat(standby.claim(clock.get()).granted()).isFalse();
      }
      planned.countDown();
    }
    assertThat(busy.isLeading()).isTrue();
    assertThat(store.lease().orElseThrow().epoch()).isEqualTo(epoch);
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void turnThatHangs_isDegraded_onceTheLeaseIsRenewedNoMore() throws Exception {
    CountDownLatch planning = new CountDownLatch(1);
    CountDownLatch planned = new CountDownLatch(1);
    Stowage busy = planning(store, planning, planned);
    fleet.through(busy).join(1_000, "a", "b").ingest(chunk("c1", 0));
    Duration millisecond = Duration.ofMillis(1);
    Pace quick = new Pace(millisecond, millisecond, Duration.ofHours(1), Duration.ofMillis(100));
    try (StowageService service = new StowageService(busy, executor, clock::get, quick)) {
      service.start();
      await(planning);
      while (service.state() != State.DEGRADED) {
        Thread.onSpinWait();
      }
      assertThat(service.reason()).contains("has run longer than");
      while (!service.reason().contains("no longer renewed")) {
        assertThat(service.state()).isEqualTo(State.DEGRADED);
      }
      assertThat(service.status().failedTurns()).isZero();
      planned.countDown();
      while (service.state() == State.DEGRADED) {
        Thread.onSpinWait();
      }
      assertThat(service.state()).as("nobody else led").isEqualTo(State.LEADING);
    }
  }

  private FleetStore renewing(Semaphore renewals) {
    return new ForwardingStore(store) {
      @Override
      protected StoreSession session(StoreSession granted) {
        return new ForwardingSession(granted) {
          @Override
          public Lease renew(Duration duration) {
            Lease renewed = super.renew(duration);
            renewals.release();
            return renewed;
          }
        };
      }
    };
  }

  @Test
  void pace_withoutAPause_isRefused() {
    assertThatThrownBy(() ->
            new StowageService.Pace(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("turnEvery");
  }
}
