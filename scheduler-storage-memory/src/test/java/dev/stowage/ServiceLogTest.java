package dev.stowage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.ReportHeader;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentScheduler;
import dev.stowage.contract.SmallFleet;
import dev.stowage.contract.SpoiledStore;
import dev.stowage.metrics.StowageMeters;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.store.spi.FleetStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Tests the log of a service. */
class ServiceLogTest {
  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final Stowage stowage =
      Stowage.builder(MemoryChunkStore.builder().twin().build())
          .config(StowageConfig.defaults().withHolder("me"))
          .build();

  @AfterEach
  void stop() {
    executor.shutdownNow();
    stowage.close();
  }

  private static final class Lines extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    private final transient List<String> lines = new ArrayList<>();
    private boolean isBroken;

    @Override
    protected void handleNormalizedLoggingCall(
        Level level,
        @Nullable Marker marker,
        String pattern,
        Object @Nullable [] arguments,
        @Nullable Throwable failure) {
      if (isBroken) {
        throw new IllegalStateException("the disk of the log is full");
      }
      lines.add(
          level
              + " "
              + MessageFormatter.basicArrayFormat(pattern, arguments)
              + (failure == null ? "" : " with its trace"));
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
      return null;
    }

    @Override
    public boolean isTraceEnabled() {
      return false;
    }

    @Override
    public boolean isDebugEnabled() {
      return false;
    }

    @Override
    public boolean isInfoEnabled() {
      return true;
    }

    @Override
    public boolean isWarnEnabled() {
      return true;
    }

    @Override
    public boolean isErrorEnabled() {
      return true;
    }
  }

  private final Lines log = new Lines();

  private StowageService service(LongSupplier clock) {
    return new StowageService(stowage, executor, clock, StowageService.Pace.DEFAULT, log);
  }

  private Stowage logging(StowageConfig config) {
    return logging(config, MemoryChunkStore.builder().twin().build());
  }

  private Stowage logging(StowageConfig config, FleetStore store) {
    return Stowage.builder(store).config(config).events(log).build();
  }

  @Test
  void everyFailedTurn_isLogged_andEveryOtherState() {
    boolean[] broken = {true};
    StowageService service =
        service(() -> {
          if (broken[0]) {
            throw new StackOverflowError("deep");
          }
          return 0;
        });
    service.turn();
    service.turn();
    broken[0] = false;
    service.turn();
    service.turn();
    service.close();
    String failed = "the last turn failed: java.lang.StackOverflowError: deep";
    assertThat(log.lines)
        .containsExactly(
            "WARN " + failed + " with its trace",
            "WARN again, " + failed,
            "INFO LEADING: leads as me",
            "INFO STOPPED: closed");
  }

  @Test
  void evidenceThatDoesNotFit_isLoggedOnceATime_andCounted() {
    StowageConfig config =
        SmallFleet.config().withPartEvidence(new StowageConfig.PartEvidence(20, 1 << 20));
    try (Stowage facade = logging(config)) {
      SmallFleet fleet = new SmallFleet(facade);
      facade.claim(fleet.now());
      Transfers transfers =
          Transfers.of(facade, ContentScheduler.of(ContentConfig.DEFAULT), (worker, bytes) -> 1);
      fleet.join(100_000, "a", "b");
      for (int at = 0; at < 20; at++) {
        fleet.ingest(SmallFleet.chunk("c" + at, 10L * at));
      }
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      new StowageMeters(facade).bindTo(registry);
      facade.schedule(fleet.now());
      transfers.follow(fleet.now());
      long dropped = facade.stats().partRecordsDropped();
      assertThat(dropped).isPositive();
      assertThat(registry.get("stowage.evidence.parts.dropped").functionCounter().count())
          .isEqualTo(dropped);
      for (int at = 20; at < 23; at++) {
        fleet.ingest(SmallFleet.chunk("c" + at, 10L * at));
      }
      assertThat(registry.get("stowage.evidence.parts").functionCounter().count()).isPositive();
      assertThat(log.lines)
          .filteredOn(line -> line.contains("evidence_dropped"))
          .containsExactly("WARN event=evidence_dropped records=" + dropped);
    }
  }

  /** A planner that gives its first plan again, although a worker has joined. */
  @Test
  void findingOfAnAudit_isLoggedOnce_thenEverMoreRarely_andThatItIsOver() {
    List<PlacementPlan> repeated = new ArrayList<>();
    boolean[] repeats = {true};
    try (Stowage audited =
        Stowage.builder(MemoryChunkStore.builder().twin().build())
            .config(SmallFleet.config().withHolder("me"))
            .with(
                (PlacementPlanner)
                    input -> {
                      repeated.add(PlacementPlanner.sticky().plan(input));
                      return repeated.get(repeats[0] ? 0 : repeated.size() - 1);
                    })
            .build()) {
      StowageService service = turnsOf(audited);
      assertThat(service.turn()).isTrue();
      SmallFleet fleet = new SmallFleet(audited).join(1_000, "a").ingest(SmallFleet.chunk("c", 0));
      repeated.clear();
      assertThat(service.turn()).as("an honest deferral").isTrue();
      fleet.join(1_000, "b");
      for (int turn = 1; turn <= 9; turn++) {
        assertThat(service.turn()).isFalse();
      }
      String found =
          "justified deferral: d/c: deferred although 2 workers have room for its 100 bytes";
      assertThat(service.reason())
          .isEqualTo("an audit stopped a command before it was durable: " + found);
      repeats[0] = false;
      assertThat(service.turn()).isTrue();
      assertThat(log.lines)
          .containsExactly(
              "INFO LEADING: leads as me",
              "ERROR an audit stopped a command that would break a promise of the library; nothing"
                  + " was changed, and the next turn tries again. Please report it with its trace",
              "ERROR audits stopped commands in 2 turns in a row, the last for " + found,
              "ERROR audits stopped commands in 4 turns in a row, the last for " + found,
              "ERROR audits stopped commands in 8 turns in a row, the last for " + found,
              "INFO audits pass again, after 9 turns",
              "INFO LEADING: leads as me");
    }
  }

  // ---- what a service goes on with ----

  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong now = new AtomicLong(SECOND);

  private StowageService turnsOf(Stowage facade) {
    return new StowageService(facade, executor, now::get, StowageService.Pace.DEFAULT, log);
  }

  private static boolean isWarning(String line) {
    return line.startsWith("WARN");
  }

  @Test
  void clockThatStandsStill_isDegraded_whereNoStoreHasABetterOne() {
    StowageService service = turnsOf(stowage);
    long patience = StowageConfig.defaults().fleet().suspectAfterTicks();
    for (int turn = 0; turn < patience; turn++) {
      service.turn();
    }
    assertThat(service.state()).isEqualTo(StowageService.State.LEADING);
    service.turn();
    service.turn();
    assertThat(service.state()).isEqualTo(StowageService.State.DEGRADED);
    assertThat(service.reason()).contains("has not gone forward in 61 turns, and shows 1000000000");
    now.addAndGet(SECOND);
    service.turn();
    assertThat(log.lines)
        .containsExactly(
            "INFO LEADING: leads as me",
            "WARN time stands still: the clock of this service has not gone forward in 60 turns,"
                + " and shows 1000000000 ns; correct that clock",
            "INFO LEADING: leads as me");
  }

  private static StowageConfig guarding() {
    return SmallFleet.config()
        .withHolder("me")
        .withFleet(fleet ->
            fleet.suspectAfterTicks(60).departAfterTicks(900).trust(LifecycleConfig.Trust.DEFAULT));
  }

  @Test
  void workersThatAreGuarded_areNamedInTheLogAsTheyChange_andInTheReason() {
    try (Stowage guarded = logging(guarding())) {
      StowageService service = turnsOf(guarded);
      service.turn();
      SmallFleet fleet = new SmallFleet(guarded).join(1_000, "a", "b", "c", "d", "e", "f");
      for (int turn = 0; turn < 40; turn++) {
        now.addAndGet(30 * SECOND);
        for (String awake : List.of("d", "e", "f")) {
          guarded.heartbeat(fleet.header(awake), now.get());
        }
        service.turn();
      }
      assertThat(service.state()).isEqualTo(StowageService.State.LEADING);
      assertThat(service.reason())
          .isEqualTo("leads as me; guarded: 3 workers (a, b, c), see confirmDepartures");
      assertThat(log.lines)
          .filteredOn(ServiceLogTest::isWarning)
          .containsExactly("WARN event=guarded workers=3 names=a,b,c");
      guarded.confirmDepartures(
          List.of(WorkerId.of("a"), WorkerId.of("b"), WorkerId.of("c")), now.get());
      service.turn();
      assertThat(service.reason()).isEqualTo("leads as me");
      assertThat(log.lines)
          .contains("INFO event=guarded workers=0")
          .anyMatch(it -> it.matches("WARN event=departed tick=\\d+ workers=3 names=a,b,c"));
    }
  }

  @Test
  void workerThatWasEmptied_leavesWithoutAWarning() {
    try (Stowage leads = logging(guarding())) {
      SmallFleet fleet = new SmallFleet(leads);
      leads.claim(fleet.now());
      fleet.join(1_000, "a", "b", "c", "e").ingest(SmallFleet.chunk("c1", 0)).settle();
      for (String worker : List.of("a", "b")) {
        leads.setStatus(WorkerId.of(worker), WorkerStatus.LEAVING, fleet.now());
      }
      fleet.settle();
      leads.setStatus(WorkerId.of("b"), WorkerStatus.DEPARTED, fleet.now());
      for (int cycle = 0; cycle < 31; cycle++) {
        fleet.pass(30);
        for (String awake : List.of("c", "e")) {
          leads.heartbeat(fleet.header(awake), fleet.now());
        }
        leads.schedule(fleet.now());
      }
      leads.setStatus(WorkerId.of("c"), WorkerStatus.DEPARTED, fleet.now());
      leads.setStatus(WorkerId.of("e"), WorkerStatus.LEAVING, fleet.now());
      leads.setStatus(WorkerId.of("e"), WorkerStatus.DEPARTED, fleet.now());
    }
    assertThat(log.lines)
        .filteredOn(line -> line.contains("event=left") || line.contains("event=departed"))
        .extracting(line -> line.replaceAll("tick=\\d+ ", ""))
        .containsExactly(
            "INFO event=left workers=1 names=b",
            "INFO event=left workers=1 names=a",
            "WARN event=departed workers=1 names=c",
            "WARN event=departed workers=1 names=e");
  }

  @Test
  void chunksThatAreDeferred_areToldInTheLogAsTheRuleChanges_andInTheReason() {
    try (Stowage leads = logging(guarding())) {
      StowageService service = turnsOf(leads);
      service.turn();
      SmallFleet fleet = new SmallFleet(leads).ingest(SmallFleet.chunk("c", 0));
      service.turn();
      fleet.ingest(SmallFleet.chunk("d", 10));
      service.turn();
      assertThat(service.reason()).contains("; deferred: 2 chunks, first d/c (TOO_FEW_WORKERS");
      now.addAndGet(60 * SECOND);
      service.turn();
      assertThat(service.state()).isEqualTo(StowageService.State.LEADING);
      now.addAndGet(SECOND);
      service.turn();
      assertThat(service.state()).isEqualTo(StowageService.State.DEGRADED);
      assertThat(service.health().level()).isEqualTo(StowageService.Health.Level.DEGRADED);
      assertThat(service.reason())
          .startsWith("for longer than suspect_after: 2 deferred chunk(s), TOO_FEW_WORKERS; ");
      fleet.join(50, "a", "b");
      service.turn();
      fleet.join(1_000, "a", "b");
      service.turn();
      assertThat(service.reason()).isEqualTo("leads as me");
      assertThat(log.lines)
          .filteredOn(line -> line.contains("event=deferred"))
          .containsExactly(
              "WARN event=deferred chunks=1 missing=2 reasons=TOO_FEW_WORKERS",
              "WARN event=deferred chunks=2 missing=4 reasons=LARGER_THAN_ANY_WORKER",
              "INFO event=deferred chunks=0 missing=0");
    }
  }

  @Test
  void newsThatIsSetAside_isLoggedOnceATurn_andCountedInTheReason() {
    MemoryChunkStore sound = MemoryChunkStore.builder().twin().build();
    SpoiledStore store = new SpoiledStore(sound);
    store.unreadable = command -> true;
    try (Stowage leads = logging(SmallFleet.config().withHolder("me"), store);
        Stowage writer = SmallFleet.facade(sound, "writer")) {
      StowageService service = turnsOf(leads);
      service.turn();
      writer.freeze(now.get());
      writer.unfreeze(now.get());
      service.turn();
      assertThat(leads.stats().setAside()).isEqualTo(2);
      assertThat(log.lines)
          .filteredOn(ServiceLogTest::isWarning)
          .hasSize(2)
          .last()
          .asString()
          .startsWith("WARN event=quarantined kind=Unfreeze worker=none mark=")
          .contains("it is spoiled");
      service.turn();
      assertThat(service.reason())
          .isEqualTo("leads as me; set aside: 2 pieces of news (it is spoiled), see quarantine");
      assertThat(log.lines).filteredOn(ServiceLogTest::isWarning).hasSize(2);
    }
  }

  @Test
  void report_thatNamesAnUnknownHistory_isLogged() {
    try (Stowage leads = logging(SmallFleet.config())) {
      SmallFleet fleet = new SmallFleet(leads);
      leads.claim(fleet.now());
      fleet.join(1_000, "a");
      leads.applied(fleet.header("a"), WorkerAssignmentId.of(99), List.of(), fleet.now());
      ReportHeader of = fleet.header("a");
      leads.heartbeat(
          new ReportHeader(of.worker(), of.incarnation(), Lineage.of(99), 9), fleet.now());
      assertThat(log.lines)
          .filteredOn(line -> line.contains("unknown_history"))
          .extracting(line -> line.substring(0, line.indexOf(" lineage=")))
          .containsExactly(
              "WARN event=unknown_history worker=a code=FROM_THE_FUTURE",
              "WARN event=unknown_history worker=a code=FOREIGN_LINEAGE");
    }
  }

  @Test
  void turnThatItsOwnersCutShort_isNoWarning() {
    StowageService[] service = new StowageService[1];
    Stowage[] facade = new Stowage[1];
    facade[0] =
        Stowage.builder(MemoryChunkStore.builder().twin().build())
            .config(StowageConfig.defaults().withHolder("me"))
            .with(
                (PlacementPlanner)
                    input -> {
                      service[0].close();
                      facade[0].close();
                      throw new IllegalStateException("closed under its hands");
                    })
            .build();
    service[0] = turnsOf(facade[0]);
    assertThat(service[0].turn()).isFalse();
    assertThat(log.lines)
        .containsExactly(
            "INFO STOPPED: closed",
            "INFO a turn ended with its service: the last turn failed:"
                + " java.lang.IllegalStateException: closed under its hands");
  }

  @Test
  void logThatFails_stopsNothing() {
    log.isBroken = true;
    StowageService service = service(() -> 0);
    assertThat(service.turn()).isTrue();
    assertThat(service.state()).isEqualTo(StowageService.State.LEADING);
  }
}
