package dev.stowage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageConfig.LeaseConfig;
import dev.stowage.StowageException;
import dev.stowage.StowageService;
import dev.stowage.StowageService.Pace;
import dev.stowage.StowageService.State;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.StoreSession;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import org.junit.jupiter.api.Test;

/**
 * Leases that nobody can hold and executors that run nothing, at the facade and at the store
 * itself: refused before a lease is asked for. A backend extends this class, and says how its store
 * is opened.
 */
public abstract class BadSettingsContract extends OpenedStore {
  private static final Map<String, String> HOLDERS =
      Map.of(
          "",
          "lease holder has 0 characters; 1 to 512 are accepted",
          "nul\0",
          "lease holder holds a control character at position 3",
          "line\nfeed",
          "lease holder holds a control character at position 4",
          "half \ud83d",
          "lease holder holds an unpaired surrogate",
          "\ude00 half",
          "lease holder holds an unpaired surrogate",
          "  ",
          "lease holder is blank; at least 1 character that can be seen is accepted",
          "\u00a0\u2003",
          "lease holder is blank; at least 1 character that can be seen is accepted",
          "x".repeat(513),
          "lease holder has 513 characters; 1 to 512 are accepted",
          "x".repeat(1_000_000),
          "lease holder has 1000000 characters; 1 to 512 are accepted");

  private static final List<Duration> DURATIONS =
      List.of(
          Duration.ZERO,
          Duration.ofNanos(-1),
          Duration.ofSeconds(Long.MIN_VALUE),
          Lease.LONGEST.plusNanos(1),
          Duration.ofDays(400),
          Duration.ofDays(365L * 300),
          Duration.ofSeconds(Long.MAX_VALUE));

  private static String refusal(Duration duration) {
    return "lease duration is " + duration + "; above zero and at most 365 days is accepted";
  }

  private Stowage facade(LeaseConfig lease) {
    StowageConfig config = StowageConfig.defaults().withLease(lease);
    return Stowage.builder(store).config(config).build();
  }

  @Test
  void holder_thatIsNoName_isRefusedAtBuild_andByTheStore() {
    Duration minute = Duration.ofMinutes(1);
    HOLDERS.forEach((holder, refusal) -> {
      assertThatThrownBy(() -> facade(new LeaseConfig(holder, minute)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(refusal);
      assertThatThrownBy(() -> store.claim(new LeaseRequest(holder, minute)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(refusal);
    });
    assertThat(store.lease()).isEmpty();
  }

  @Test
  void holder_thatIsAsLongAsANameCanBe_leads() {
    String longest = "\ud83d\ude00".repeat(256);
    try (Stowage stowage = facade(new LeaseConfig(longest, Duration.ofMinutes(1)))) {
      assertThat(stowage.claim(0).granted()).isTrue();
      assertThat(store.lease().orElseThrow().holder()).isEqualTo(longest);
    }
  }

  @Test
  void lease_thatLastsTooLong_isRefusedAtBuild_andByTheStore_alsoWhenRenewed() {
    Claim claim = store.claim(new LeaseRequest("first", Duration.ofMinutes(1)));
    try (StoreSession session = ((Claim.Granted) claim).session()) {
      Lease before = store.lease().orElseThrow();
      for (Duration duration : DURATIONS) {
        assertThatThrownBy(() -> facade(new LeaseConfig("second", duration)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage(refusal(duration));
        assertThatThrownBy(() -> store.claim(new LeaseRequest("first", duration)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage(refusal(duration));
        assertThatThrownBy(() -> session.renew(duration))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage(refusal(duration));
      }
      assertThat(store.lease()).contains(before);
    }
  }

  @Test
  void lease_thatIsTooLong_andAHolderThatIsNoName_areBothTold() {
    assertThatThrownBy(() -> facade(new LeaseConfig("", Duration.ofDays(400))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lease holder has 0")
        .hasMessageContaining("lease duration is PT9600H");
  }

  @Test
  void lease_ofTheLongestDuration_leads() {
    try (Stowage stowage = facade(new LeaseConfig("first", Lease.LONGEST))) {
      assertThat(stowage.claim(0).granted()).isTrue();
      assertThat(stowage.schedule(0).isAccepted()).isTrue();
      stowage.renew();
      checked(stowage);
      stowage.resign();
    }
  }

  /** Where a backend looks at what it has stored, it finds nothing against it. */
  protected void checked(Stowage stowage) {
    assertThat(stowage.audit()).isEmpty();
  }

  // ---- executors ----

  private StowageService service(Stowage stowage, ScheduledExecutorService executor) {
    return new StowageService(stowage, executor, () -> 1, Pace.DEFAULT);
  }

  private static long renewers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("stowage-lease"))
        .count();
  }

  @Test
  void start_onAnExecutorThatWasShutDown_isRefused_whateverThatDoesWithWork() {
    ScheduledThreadPoolExecutor silent = new ScheduledThreadPoolExecutor(1, new DiscardPolicy());
    for (ScheduledExecutorService gone :
        List.of(Executors.newSingleThreadScheduledExecutor(), silent)) {
      gone.shutdownNow();
      try (Stowage stowage = facade(LeaseConfig.DEFAULT)) {
        StowageService service = service(stowage, gone);
        long before = renewers();
        assertThatThrownBy(service::start)
            .isInstanceOf(RejectedExecutionException.class)
            .hasMessage(
                "the service cannot start: its executor was shut down; build another service, with"
                    + " a running one");
        assertThat(service.state()).isEqualTo(State.STOPPED);
        assertThat(service.reason()).isEqualTo("its executor was shut down");
        assertThat(service.status().turns()).isZero();
        assertThat(renewers()).as("nothing was begun").isLessThanOrEqualTo(before);
        assertThat(store.lease()).isEmpty();
        assertThatThrownBy(service::start)
            .isInstanceOf(StowageException.class)
            .hasMessage("the service has stopped: its executor was shut down");
      }
    }
  }

  @Test
  void start_onceItHasBegun_beginsNothingMore() {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
    Duration hour = Duration.ofHours(1);
    try (Stowage stowage = facade(LeaseConfig.DEFAULT);
        StowageService service =
            new StowageService(stowage, executor, () -> 1, new Pace(hour, hour, hour))) {
      // Its only thread is busy, so that nothing that was begun ends meanwhile.
      executor.execute(() -> {
        running.countDown();
        awaitQuietly(held);
      });
      awaitQuietly(running);
      service.start();
      service.start();
      assertThat(executor.getQueue()).hasSize(1);
      held.countDown();
    } finally {
      held.countDown();
      executor.shutdownNow();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void start_afterClose_saysThatItWasClosed() {
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    try (Stowage stowage = facade(LeaseConfig.DEFAULT)) {
      StowageService service = service(stowage, executor);
      service.start();
      service.close();
      assertThatThrownBy(service::start)
          .isInstanceOfSatisfying(
              StowageException.class,
              e -> assertThat(e.reason()).isEqualTo(StowageException.Reason.CLOSED))
          .hasMessage("the service has stopped: closed");
      assertThat(service.state()).isEqualTo(State.STOPPED);
    } finally {
      executor.shutdownNow();
    }
  }
}
