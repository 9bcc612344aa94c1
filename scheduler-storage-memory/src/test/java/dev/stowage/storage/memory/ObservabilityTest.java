package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.stowage.FleetCensus;
import dev.stowage.FleetCensus.DatasetCount;
import dev.stowage.FleetCensus.Fill;
import dev.stowage.FleetCensus.NewestShare;
import dev.stowage.Propagation;
import dev.stowage.Stowage;
import dev.stowage.StowageListener;
import dev.stowage.StowageService;
import dev.stowage.StowageService.Health;
import dev.stowage.StowageService.Pace;
import dev.stowage.StowageStats.ChunkRefusals;
import dev.stowage.StowageStats.ChunkRefusals.Counts;
import dev.stowage.StowageStats.StageTimes;
import dev.stowage.StowageStats.StageTimes.Stage;
import dev.stowage.Transfers;
import dev.stowage.answer.LeaderStanding;
import dev.stowage.answer.LeaderStanding.Told;
import dev.stowage.answer.Progress.CopyCause;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentItem.ItemDetails;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.PriorityClass;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.metrics.StowageMeters;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.PortalId;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.PropagationConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the view of a fleet for people and their tools. */
class ObservabilityTest {
  private static final long SECOND = 1_000_000_000L;

  private final MemoryChunkStore store = MemoryChunkStore.builder().twin().fixedLineages().build();
  private final Stowage stowage = SmallFleet.facade(store, "me");
  private final SmallFleet fleet = new SmallFleet(stowage);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong clock = new AtomicLong(SECOND);

  @AfterEach
  void stop() {
    executor.shutdownNow();
    stowage.close();
  }

  private FleetCensus census() {
    return stowage.census(Duration.ZERO).orElseThrow();
  }

  private double meter(String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }

  @Test
  void census_countsChunksByTheirCopies_andBytesByTheirCause() {
    assertThat(stowage.census(Duration.ZERO)).as("it follows").isEmpty();
    stowage.claim(fleet.now());
    fleet.join(1_000, "a", "b").ingest(SmallFleet.chunk("c1", 0));
    stowage.schedule(fleet.now());
    assertThat(census().progress().of(CopyCause.NEW).bytes()).isEqualTo(200);
    fleet.settle();
    stowage.describe(Worker.of(WorkerId.of("a"), 1_000).withZone("eu/1"), fleet.now());
    FleetCensus well = census();
    assertThat(well.chunks()).isEqualTo(1);
    LeaderStanding now = well.standing();
    assertThat(now.underFloor() + now.atRisk() + now.dark() + well.draining()).isZero();
    assertThat(well.progress().isToGo()).isFalse();
    assertThat(well.datasets().values())
        .containsExactly(new DatasetCount(SmallFleet.dataset(), 1, 100, 2, 2, 0, 0, 0));
    assertThat(well.domains())
        .containsEntry("eu", new Fill(100, 1_000, 0.1))
        .containsEntry("b", new Fill(100, 1_000, 0.1));
    stowage.lost(fleet.header("b"), List.copyOf(fleet.disk("b")), fleet.now());
    fleet.pass(1);
    stowage.schedule(fleet.now());
    FleetCensus ill = census();
    assertThat(ill.standing().underFloor()).isEqualTo(1);
    assertThat(ill.standing().atRisk()).isEqualTo(1);
    assertThat(ill.datasets().values())
        .containsExactly(new DatasetCount(SmallFleet.dataset(), 1, 100, 2, 1, 1, 1, 0));
    assertThat(ill.progress().of(CopyCause.FLOOR).bytes()).isEqualTo(100);
    assertThat(stowage.census(Duration.ofDays(1)).orElseThrow()).isSameAs(ill);
    stowage.setStatus(WorkerId.of("a"), WorkerStatus.LEAVING, fleet.now());
    assertThat(census().workers().leaving()).isEqualTo(1);
  }

  @Test
  void figures_beyondALong_areTheGreatestLong_andSharesStayExact() {
    stowage.claim(fleet.now());
    fleet.join(Long.MAX_VALUE, "a", "b", "c", "d");
    for (String name : List.of("a", "b", "c", "d")) {
      stowage.describe(
          Worker.of(WorkerId.of(name), Long.MAX_VALUE).withZone("eu/" + name), fleet.now());
    }
    for (int i = 0; i < 2; i++) {
      fleet.ingest(Chunk.of(SmallFleet.key("c" + i), BlockRange.of(i, i), Long.MAX_VALUE));
    }
    stowage.schedule(fleet.now());
    assertThat(stowage.lastCycle().orElseThrow().movement().added()).isEqualTo(4);
    assertThat(stowage.lastCycle().orElseThrow().movement().bytesAdded()).isEqualTo(Long.MAX_VALUE);
    assertThat(census().progress().of(CopyCause.NEW).bytes()).isEqualTo(Long.MAX_VALUE);
    assertThat(census().domains())
        .containsExactly(entry("eu", new Fill(Long.MAX_VALUE, Long.MAX_VALUE, 1)));
  }

  @Test
  void refusals_areCountedByDataset_eachChunkOnce_andTheRestAsOther() {
    new StowageMeters(stowage).withMaxAge(Duration.ZERO).bindTo(registry);
    Gauge other = registry.get("stowage.dataset.rejected").tags("dataset", "other").gauge();
    stowage.claim(fleet.now());
    fleet.join(1_000, "a", "b").ingest(SmallFleet.chunk("c1", 0));
    List<Chunk> batch = new ArrayList<>();
    batch.add(SmallFleet.chunk("c1", 0));
    for (int i = 0; i < 3; i++) {
      batch.add(SmallFleet.chunk("over" + i, 5));
    }
    for (int i = 0; i < 30; i++) {
      String dataset = "e" + (10 + i);
      batch.add(Chunk.of(ChunkKey.of(dataset, "first"), BlockRange.of(0, 9), 1));
      batch.add(Chunk.of(ChunkKey.of(dataset, "second"), BlockRange.of(5, 9), 1));
    }
    stowage.ingest(batch, fleet.now());
    ChunkRefusals refusals = stowage.refusals();
    assertThat(refusals.byDataset()).hasSize(31);
    assertThat(refusals.byDataset().get(SmallFleet.dataset())).isEqualTo(new Counts(3, 0, 0));
    assertThat(refusals.shown()).hasSize(ChunkRefusals.SHOWN_DATASETS + 1);
    assertThat(refusals.shown()).containsEntry("other", new Counts(11, 0, 0));
    assertThat(meter("stowage.chunks")).isEqualTo(31);
    assertThat(meter("stowage.dataset.rejected", "dataset", "d")).isEqualTo(3);
    assertThat(meter("stowage.dataset.rejected", "dataset", "other")).isEqualTo(11);
    assertThat(registry.get("stowage.dataset.rejected").tags("dataset", "other").gauge())
        .as("registered once: a scrape that meets a second registration fails")
        .isSameAs(other);
    assertThat(registry.get("stowage.dataset.backpressure").gauges())
        .hasSize(ChunkRefusals.SHOWN_DATASETS + 1);
  }

  @Test
  void refusals_ofTooManyWaitingChunks_areBackpressure() {
    stowage.claim(fleet.now());
    stowage.configure(
        stowage.config().version(),
        stowage.fleet().config().toBuilder().maxWaitingChunks(1).build(),
        fleet.now());
    stowage.ingest(
        List.of(SmallFleet.chunk("c1", 0), SmallFleet.chunk("c2", 10), SmallFleet.chunk("c3", 20)),
        fleet.now());
    assertThat(stowage.refusals().byDataset())
        .containsExactly(entry(SmallFleet.dataset(), new Counts(0, 2, 0)));
  }

  @Test
  void census_tellsWhereTheNewestChunksLie() {
    new StowageMeters(stowage).withMaxAge(Duration.ZERO).bindTo(registry);
    stowage.claim(fleet.now());
    fleet.join(100_000, "a", "b");
    for (int i = 0; i < 40; i++) {
      fleet.ingest(SmallFleet.chunk("c" + (10 + i), 10L * i));
    }
    fleet.settle();
    NewestShare even = census().newest().get(0);
    assertThat(even.copies()).isEqualTo(2 * NewestShare.CHUNKS);
    assertThat(even.timesFair()).isEqualTo(1);
    fleet.join(200_000, "c");
    for (int i = 0; i < 20; i++) {
      stowage.remove(SmallFleet.key("c" + (30 + i)), fleet.now());
    }
    assertThat(census().newest().get(0).copies())
        .as("the newest of those that live")
        .isEqualTo(2 * NewestShare.CHUNKS);
    assertThat(meter("stowage.chunks")).isEqualTo(20);
    assertThat(meter("stowage.newest.times.fair", "dataset", "d")).isEqualTo(2);
  }

  @Test
  void meters_showALeader_andNothingOfAFleetWhileTheProcessFollows() {
    new StowageMeters(stowage).withTags(List.of(Tag.of("fleet", "f"))).bindTo(registry);
    assertThat(meter("stowage.leading")).isZero();
    assertThat(meter("stowage.chunks")).isNaN();
    assertThat(meter("stowage.budget.bytes")).isNaN();
    assertThat(registry.get("stowage.lease.age").timeGauge().value()).isNaN();
    assertThat(registry.get("stowage.standby.age").timeGauge().value()).isNaN();
    stowage.claim(fleet.now());
    fleet.join(1_000, "a", "b").ingest(SmallFleet.chunk("c1", 0)).settle();
    assertThat(meter("stowage.leading", "fleet", "f")).isEqualTo(1);
    assertThat(meter("stowage.budget.bytes")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(meter("stowage.replicas")).isEqualTo(2);
    assertThat(meter("stowage.workers")).isEqualTo(2);
    assertThat(meter("stowage.chunks")).as("any figure of the fleet").isEqualTo(1);
    assertThat(meter("stowage.domain.fill", "domain", "a")).isEqualTo(0.1);
    assertThat(meter("stowage.domains")).isEqualTo(2);
    assertThat(registry.get("stowage.lease.age").timeGauge().value(TimeUnit.NANOSECONDS))
        .isPositive();
    assertThat(registry.get("stowage.stage").tag("stage", "plan").functionTimer().count())
        .isPositive();
    assertThat(registry.get("stowage.commands").functionCounter().count())
        .isEqualTo(stowage.stats().commands());
    stowage.close();
    assertThat(meter("stowage.chunks")).as("it is closed").isNaN();
    assertThat(registry.get("stowage.commands").functionCounter().count()).isZero();
  }

  @Test
  void meters_ofAService_showWhatWaits_andItsHealth() {
    ContentScheduler queue = ContentScheduler.of(ContentConfig.DEFAULT.withDestinationWindow(1));
    Transfers transfers = Transfers.of(stowage, queue, (worker, bytes) -> 1);
    StowageService service = new StowageService(stowage, executor, clock::get, Pace.DEFAULT);
    new StowageMeters(stowage, service).withMaxAge(Duration.ZERO).bindTo(registry);
    assertThat(service.health().level()).isEqualTo(Health.Level.DEGRADED);
    transfers.send(service, item -> {});
    service.turn();
    assertThat(service.health().reasons()).containsExactly("LEADING: leads as me");
    assertThat(meter("stowage.health")).isZero();
    for (long id = 1; id <= 3; id++) {
      queue.schedule(
          ContentItem.of(id, PriorityClass.PROOF, 10, 1, 1)
              .with(ItemDetails.NONE.withDestination("x")),
          clock.get());
    }
    assertThat(Transfers.waiting(service, PriorityClass.PROOF)).as("nobody asked yet").isNotNull();
    service.turn();
    assertThat(meter("stowage.transfers.waiting", "class", "proof")).isEqualTo(2);
    assertThat(meter("stowage.transfers.waiting.bytes", "class", "proof")).isEqualTo(20);
    service.close();
    assertThat(meter("stowage.health")).isEqualTo(2);
    assertThat(service.health().level()).isEqualTo(Health.Level.DOWN);
  }

  @Test
  void meters_ofAService_showItsNews_andWhoWaitsForThem() {
    AssignmentPropagation news = Propagation.of(stowage, PropagationConfig.DEFAULT.withBudget(1));
    StowageService service = new StowageService(stowage, executor, clock::get, Pace.DEFAULT);
    new StowageMeters(stowage, service).withMaxAge(Duration.ZERO).bindTo(registry);
    Propagation.send(news, service, message -> {});
    news.register(PortalId.of("p"), clock.get());
    service.turn();
    assertThat(registry.get("stowage.news.sent").functionCounter().count()).isEqualTo(1);
    assertThat(meter("stowage.news.lag")).isZero();
    fleet.join(1_000, "a", "b").ingest(SmallFleet.chunk("c1", 0)).settle();
    service.turn();
    clock.addAndGet(3_000_000_000L);
    service.turn();
    assertThat(meter("stowage.news.lag")).as("its budget is spent").isEqualTo(3);
    assertThat(registry.get("stowage.news.dropped").functionCounter().count()).isZero();
    assertThat(meter("stowage.news.delay.peak")).isEqualTo(meter("stowage.news.delay.mean"));
  }

  private Told kept() {
    return store.ask(Questions.leader()).value().told();
  }

  @Test
  void newsOfAService_areKeptForOtherProcesses_butNotAnewByAFleetAtRest() {
    AssignmentPropagation news = Propagation.of(stowage, PropagationConfig.DEFAULT.withBudget(1));
    StowageService service = new StowageService(stowage, executor, clock::get, Pace.DEFAULT);
    Propagation.send(news, service, message -> {});
    news.register(PortalId.of("p"), clock.get());
    service.turn();
    assertThat(kept().sent()).as("the next cycle keeps it").isZero();
    service.turn();
    assertThat(kept()).isEqualTo(service.told());
    assertThat(kept().sent()).isOne();
    fleet.join(1_000, "a", "b").ingest(SmallFleet.chunk("c1", 0)).settle();
    clock.set(fleet.now());
    service.turn();
    List<Double> lags = new ArrayList<>();
    for (int second = 1; second <= 6; second++) {
      long digest = SmallFleet.state(stowage).digest();
      clock.addAndGet(SECOND);
      service.turn();
      lags.add(kept().lag());
      boolean isChanged = SmallFleet.state(stowage).digest() != digest;
      assertThat(isChanged).as("second %s", second).isEqualTo(List.of(2, 3, 5).contains(second));
    }
    assertThat(service.told().lag()).as("its budget is spent").isEqualTo(6);
    assertThat(lags).containsExactly(0.0, 1.0, 2.0, 2.0, 4.0, 4.0);
  }

  @Test
  void lostCommits_areToldByMetersAndHealth_untilThePauseIsOver() {
    StowageService service = new StowageService(stowage, executor, clock::get, Pace.DEFAULT);
    new StowageMeters(stowage, service).withMaxAge(Duration.ZERO).bindTo(registry);
    stowage.claim(fleet.now());
    fleet.join(1_000, "a", "b").ingest(SmallFleet.chunk("c1", 0)).settle();
    assertThat(meter("stowage.lineage.pause")).isZero();
    assertThat(meter("stowage.workers.owing")).isZero();
    store.restore(store.checkpoint());
    clock.set(fleet.pass(1).now());
    assertThat(service.turn()).as("it is fenced").isFalse();
    clock.set(fleet.pass(1).now());
    assertThat(service.turn()).isTrue();
    assertThat(meter("stowage.lineage.pause")).isPositive();
    assertThat(meter("stowage.workers.owing")).isEqualTo(2);
    assertThat(service.health().reasons())
        .anyMatch(it ->
            it.matches(
                "commits may be lost: nothing is deleted for [1-9][0-9.]* (s|min) more, and"
                    + " 2 workers owe an inventory"));
  }

  @Test
  void announcedAbsence_putsNoChunkAtRisk_untilItIsOver() {
    StowageService service = new StowageService(stowage, executor, clock::get, Pace.DEFAULT);
    stowage.claim(fleet.now());
    fleet.join(1_000, "a", "b").ingest(SmallFleet.chunk("c1", 0)).settle();
    assertThat(
            stowage
                .away(
                    WorkerId.of("b"),
                    fleet.now() + Duration.ofSeconds(40).toNanos(),
                    1,
                    fleet.now())
                .code())
        .isEqualTo(ResultCode.ACCEPTED);
    clock.set(fleet.pass(1).now());
    service.turn();
    assertThat(census().standing().underFloor()).isEqualTo(1);
    assertThat(service.health().level()).isEqualTo(Health.Level.UP);
    stowage.setStatus(WorkerId.of("b"), WorkerStatus.SUSPECT, fleet.now());
    clock.set(fleet.pass(1).now());
    service.turn();
    assertThat(census().standing().atRisk()).as("silent as announced").isZero();
    assertThat(service.health().level()).isEqualTo(Health.Level.UP);
    clock.set(fleet.pass(40).now());
    service.turn();
    assertThat(census().standing().atRisk()).as("over").isEqualTo(1);
    assertThat(service.health().reasons()).contains("1 chunk is at risk");
  }

  /** Reads every meter, and what a scrape reads beside them. */
  private boolean isScraped(Stowage busy) {
    registry.getMeters().forEach(meter -> meter.measure().forEach(Measurement::getValue));
    return busy.refusals() != null && busy.lastHostFailure().isEmpty();
  }

  @Test
  void health_andMeters_waitForNoCommand() {
    List<Object> seen = new ArrayList<>();
    AtomicReference<Supplier<Object>> look = new AtomicReference<>(() -> "nothing");
    StowageListener during =
        new StowageListener() {
          @Override
          public void executed(Tick tick, Command<?> command, Result result) {
            if (command instanceof Command.Freeze) {
              seen.add(
                  CompletableFuture.supplyAsync(look.get(), executor)
                      .orTimeout(1, TimeUnit.MINUTES)
                      .join());
            }
          }
        };
    try (Stowage busy =
        Stowage.builder(MemoryChunkStore.builder().twin().build())
            .config(SmallFleet.config().withHolder("me"))
            .listener(during)
            .build()) {
      SmallFleet own = new SmallFleet(busy);
      StowageService service = new StowageService(busy, executor, clock::get, Pace.DEFAULT);
      new StowageMeters(busy, service).withMaxAge(Duration.ZERO).bindTo(registry);
      service.turn();
      own.join(1_000, "a", "b").ingest(SmallFleet.chunk("c1", 0)).settle();
      busy.lost(own.header("b"), List.copyOf(own.disk("b")), own.now());
      busy.schedule(own.now());
      Health known = service.health();
      double workers = meter("stowage.workers");
      double band = meter("stowage.pressure.band");
      look.set(() ->
          List.of(
              service.health(),
              meter("stowage.workers"),
              meter("stowage.pressure.band"),
              meter("stowage.chunks.at.risk"),
              busy.times().size(),
              isScraped(busy)));
      busy.freeze(own.now());
      assertThat(known.reasons()).contains("1 chunk is at risk");
      assertThat(seen)
          .containsExactly(List.of(known, workers, band, 1.0, Stage.values().length, true));
    }
  }

  @Test
  void times_countEachStage() {
    stowage.claim(fleet.now());
    fleet.join(1_000, "a").ingest(SmallFleet.chunk("c1", 0));
    stowage.schedule(fleet.now());
    stowage.publish(fleet.now());
    assertThat(stowage.times()).extracting(StageTimes::stage).containsExactly(Stage.values());
    assertThat(stowage.times())
        .allSatisfy(each -> {
          assertThat(each.count()).isPositive();
          assertThat(each.totalNanos()).isBetween(each.mostNanos(), Long.MAX_VALUE);
          assertThat(each.mostNanos()).isGreaterThanOrEqualTo(each.lastNanos());
        });
    assertThat(stowage.lastCycle().orElseThrow().movement().added()).isEqualTo(0);
  }

  @Test
  void flightRecorder_hasAnEventForEachStage_andForEachEventOfNote(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("stowage.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("dev.stowage.Stage").withoutThreshold();
      recording.enable("dev.stowage.Note");
      recording.start();
      stowage.claim(fleet.now());
      fleet.join(1_000, "a");
      stowage.schedule(fleet.now());
      recording.stop();
      recording.dump(file);
    }
    assertThat(Files.size(file)).isPositive();
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(events)
        .filteredOn(it -> it.getEventType().getName().equals("dev.stowage.Note"))
        .extracting(it -> it.getString("line"))
        .containsExactly("event=leading holder=me epoch=1");
    assertThat(events)
        .filteredOn(it -> it.getEventType().getName().equals("dev.stowage.Stage"))
        .extracting(it -> it.getString("stage") + " " + it.getString("answer"))
        .contains("LOAD ", "PLAN ", "SCHEDULE ACCEPTED", "COMMAND ACCEPTED", "STORE ");
  }
}
