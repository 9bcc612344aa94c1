package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageListener;
import dev.stowage.StowageService;
import dev.stowage.StowageService.Pace;
import dev.stowage.answer.Leaving;
import dev.stowage.command.Result;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.WeightPolicy;
import dev.stowage.contract.SmallFleet;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.FleetStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/** The examples of the pages on hosts, operating and tuning, run and held against this file. */
class ServiceGuideTest {
  private static final Logger log = NOPLogger.NOP_LOGGER;

  private final List<String> pages = new ArrayList<>();
  private final CountDownLatch turns = new CountDownLatch(3);

  private void page(String text) {
    pages.add(text);
  }

  private Instant wall() {
    turns.countDown();
    return Instant.parse("2026-11-22T10:00:00Z");
  }

  @Test
  void service_runs_untilItIsClosed() throws InterruptedException {
    FleetStore store = MemoryChunkStore.create();
    InstantSource wall = this::wall;
    StowageListener listener = pager();

    StowageConfig config = StowageConfig.defaults().withHolder("scheduler-eu-1");
    Stowage stowage =
        Stowage.builder(store)
            .config(config)
            .clock(wall) // in a host, wall is InstantSource.system()
            .listener(listener)
            .build();
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    StowageService service = new StowageService(stowage, executor, Pace.DEFAULT);
    service.start();

    ScheduledExecutorService often = Executors.newSingleThreadScheduledExecutor();
    StowageService faster = new StowageService(stowage, often, each(Duration.ofMillis(1)));
    faster.start();
    assertThat(turns.await(1, TimeUnit.MINUTES)).isTrue();
    // The clock is read before the claim.
    CountDownLatch never = new CountDownLatch(1);
    for (int tenths = 600; !stowage.isLeading() && tenths > 0; tenths--) {
      assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
    }
    faster.close();
    often.shutdown();
    assertThat(stowage.isLeading()).isTrue();

    service.close(); // takes no further turn; waits for the command that one is in
    stowage.resign(); // the next leader need not wait until the lease has run out
    stowage.close();
    executor.shutdown();

    assertThat(service.reason()).isEqualTo("closed");
    assertThat(store.lease()).isEmpty();
    assertThat(pages).isEmpty();
  }

  private static Pace each(Duration pause) {
    return new Pace(pause, Duration.ofSeconds(10), Duration.ofHours(1));
  }

  private StowageListener pager() {
    return new StowageListener() {
      @Override
      public void failed(Throwable failure) {
        page("the recorder or this listener failed: " + failure);
      }

      @Override
      public void quarantined(QuarantinedNews news) {
        page("set aside: " + news.kind() + " of " + news.worker() + ", " + news.reason());
      }
    };
  }

  static FleetStore openOnceBack(Supplier<FleetStore> opens, LongConsumer sleepMillis) {
    for (long pauseMillis = 100; ; pauseMillis = Math.min(2 * pauseMillis, 10_000)) {
      try {
        return opens.get();
      } catch (StorageException.Transient away) {
        log.warn("opens the store again: {}", away.getMessage());
        sleepMillis.accept(pauseMillis);
      }
    }
  }

  @Test
  void store_thatIsAwayAsItIsOpened_isOpenedOnceItIsBack() {
    List<Long> pauses = new ArrayList<>();
    FleetStore opened =
        openOnceBack(
            () -> {
              if (pauses.size() < 9) {
                throw new StorageException.Transient(
                    "away", StorageException.Outcome.NOT_COMMITTED, null);
              }
              return MemoryChunkStore.create();
            },
            pauses::add);
    opened.close();
    assertThat(pauses)
        .containsExactly(100L, 200L, 400L, 800L, 1_600L, 3_200L, 6_400L, 10_000L, 10_000L);
    Supplier<FleetStore> edited =
        () -> {
          throw new StorageException.Corrupt("edited", null);
        };
    assertThatThrownBy(() -> openOnceBack(edited, pauses::add))
        .isInstanceOf(StorageException.Corrupt.class);
  }

  @Test
  void status_isToldToAProbe() {
    Stowage stowage = SmallFleet.facade(MemoryChunkStore.create(), "one");
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    StowageService service = new StowageService(stowage, executor, () -> 0, Pace.DEFAULT);
    for (boolean isFirst : List.of(true, false)) {
      StowageService.Status status = service.status(); // waits neither for a turn nor the store
      boolean isWell =
          switch (status.state()) {
            case STARTING, LEADING, STANDBY -> true;
            case DEGRADED, STOPPED -> false;
          };
      String text = status.state() + ": " + status.reason();
      assertThat(isWell).isTrue();
      assertThat(text)
          .isEqualTo(isFirst ? "STARTING: no turn has ended yet" : "LEADING: leads as one");
      service.turn();
    }
    service.close();
    executor.shutdown();
  }

  @Test
  void operator_emptiesAWorker() {
    Stowage stowage = SmallFleet.facade(MemoryChunkStore.create(), "one");
    stowage.claim(0);
    SmallFleet fleet = new SmallFleet(stowage).join(1_000, "mirror-1", "mirror-2");
    fleet.ingest(SmallFleet.chunk("c", 0)).settle();
    long now = fleet.now();

    WorkerId worker = WorkerId.of("mirror-1");
    Leaving.StatusSet answer = stowage.setStatus(worker, WorkerStatus.LEAVING, now);
    Leaving.Part toLeave = answer.leaving().orElseThrow().unplanned();

    // later, as often as wanted
    Leaving leaving = stowage.leaving(worker).orElseThrow();
    boolean mayStop = leaving.safeToStop();
    Leaving.Part stuck = leaving.stuckPart();
    List<String> lines = leaving.lines();

    assertThat(toLeave).isEqualTo(new Leaving.Part(1, 100));
    assertThat(stuck).isEqualTo(Leaving.Part.NONE);
    assertThat(mayStop).isFalse();
    assertThat(lines)
        .containsExactly(
            "1 replica, 100 B: to leave, once a plan finds places for them",
            "it may not be switched off yet: too few copies elsewhere of d/c");
    stowage.close();
  }

  @Test
  void operator_announcesAnAbsence() {
    Stowage stowage = SmallFleet.facade(MemoryChunkStore.create(), "one");
    stowage.claim(0);
    SmallFleet fleet = new SmallFleet(stowage).join(1_000, "mirror-1", "mirror-2");
    fleet.ingest(SmallFleet.chunk("c", 0)).settle();
    WorkerId worker = WorkerId.of("mirror-1");
    long now = fleet.now();

    Leaving.StatusSet told = stowage.away(worker, now + Duration.ofHours(1).toNanos(), 1, now);

    // later, as often as wanted
    boolean mayGo = stowage.leaving(worker).orElseThrow().safeToStop();

    assertThat(told.isAccepted()).isTrue();
    assertThat(mayGo).as("routes name it").isFalse();
    fleet.settle();
    assertThat(stowage.leaving(worker).orElseThrow().safeToStop()).isTrue();
    stowage.close();
  }

  @Test
  void operator_changesSettings() {
    Stowage stowage = SmallFleet.facade(MemoryChunkStore.create(), "one");
    stowage.claim(0);

    LifecycleConfig.InForce held = stowage.config();
    LifecycleConfig wanted =
        held.value().toBuilder(Duration.ofSeconds(1)) // the length of a tick
            .minReplication(3)
            .drainWindow(Duration.ofMinutes(2))
            .weights(held.value().weights().withFloor(DatasetId.of("video"), 4))
            .placement(
                held.value().placement().toBuilder()
                    .budget(MovementBudget.ofBytes(50L << 30))
                    .build())
            .build();
    // refused if the version has changed meanwhile
    Result.Versioned answer = stowage.configure(held.version(), wanted, 0);

    assertThat(answer.isAccepted()).isTrue();
    LifecycleConfig stored = stowage.config().value();
    assertThat(stored.drainWindowTicks()).isEqualTo(120);
    assertThat(stored.weights()).isEqualTo(WeightPolicy.floor(DatasetId.of("video"), 4));
    stowage.close();
  }
}
