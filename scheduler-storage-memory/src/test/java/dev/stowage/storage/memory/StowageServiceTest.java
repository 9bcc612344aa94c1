package dev.stowage.storage.memory;

import static dev.stowage.engine.SmallFleet.chunk;
import static dev.stowage.engine.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig.LeaseConfig;
import dev.stowage.StowageService;
import dev.stowage.engine.AuditExtension;
import dev.stowage.engine.SmallFleet;
import dev.stowage.lifecycle.ChunkState;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.FaultyStore;
import dev.stowage.store.ForwardingStore;
import dev.stowage.store.Lease;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreSession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StowageServiceTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Duration SHORT = Duration.ofMillis(30);

  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong clock = new AtomicLong(SECOND);
  private final MemoryChunkStore store = MemoryChunkStore.builder().clock(clock::get).build();
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
  void turn_claimsAndRunsBothCycles() {
    StowageService service = service(stowage);
    assertThat(service.turn()).isTrue();
    assertThat(stowage.isLeading()).isTrue();
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0));
    service.turn();
    fleet.fetch();
    service.turn();
    assertThat(stowage.status(List.of(key("c1"))).get(0).state()).contains(ChunkState.VISIBLE);
    assertThat(service.turns()).isEqualTo(3);
    assertThat(service.failedTurns()).isZero();
  }

  @Test
  void standby_takesOverWhenTheLeaseHasRunOut() {
    StowageService first = service(stowage);
    first.turn();
    Stowage other = audit.watch(SmallFleet.facade(store, "second"));
    StowageService second = service(other);
    assertThat(second.turn()).isFalse();
    clock.addAndGet(31 * SECOND);
    assertThat(second.turn()).isTrue();
    assertThat(first.turn()).as("fenced").isFalse();
    assertThat(first.lastFailure()).isInstanceOf(StorageException.Fenced.class);
    assertThat(stowage.isLeading()).isFalse();
    assertThat(first.turn()).as("follows").isFalse();
    assertThat(first.failedTurns()).isEqualTo(1);
  }

  @Test
  void leader_renewsBeforeItsLeaseEnds() {
    StowageService service = service(stowage);
    service.turn();
    long epoch = store.lease().orElseThrow().epoch();
    for (int i = 0; i < 10; i++) {
      clock.addAndGet(10 * SECOND);
      assertThat(service.turn()).isTrue();
    }
    assertThat(store.lease().orElseThrow().epoch()).isEqualTo(epoch);
    assertThat(store.lease().orElseThrow().expiresAtNanos()).isGreaterThan(clock.get());
  }

  @Test
  void turn_thatMeetsAFault_isTriedAgain() {
    StowageService service = service(stowage);
    service.turn();
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0));
    faulty.failNext(FaultyStore.Fault.BEFORE_COMMIT);
    assertThat(service.turn()).isFalse();
    assertThat(service.lastFailure()).isInstanceOf(StorageException.Transient.class);
    assertThat(service.turn()).isTrue();
    assertThat(stowage.fleet().ids().worker().value()).isEqualTo(1);
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
  void planThatTakesManyLeases_onAnExecutorOfOneThread_keepsTheLead() throws Exception {
    CountDownLatch planning = new CountDownLatch(1);
    CountDownLatch planned = new CountDownLatch(1);
    Semaphore renewals = new Semaphore(0);
    Stowage busy =
        audit.watch(
            Stowage.builder(renewing(renewals))
                .config(SmallFleet.config().withLease(new LeaseConfig("first", SHORT)))
                .planner(input -> {
                  planning.countDown();
                  await(planned);
                  return PlacementPlanner.sticky().plan(input);
                })
                .build());
    busy.claim(clock.get());
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

  private ChunkStore renewing(Semaphore renewals) {
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

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void pace_withoutAPause_isRefused() {
    assertThatThrownBy(() ->
            new StowageService.Pace(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("turnEvery");
  }
}
