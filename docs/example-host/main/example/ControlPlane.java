package example;

import dev.stowage.Propagation;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig.LeaseConfig;
import dev.stowage.StowageConfig;
import dev.stowage.StowageService.Pace;
import dev.stowage.StowageService;
import dev.stowage.Transfers;
import dev.stowage.client.ClientDoor;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.MovementBudget;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentScheduler;
import dev.stowage.metrics.StowageMeters;
import dev.stowage.pressure.JvmLoad;
import dev.stowage.pressure.LoadGovernor;
import dev.stowage.pressure.LoadSource.LoadSignals.LoadSignal;
import dev.stowage.pressure.LoadSource.LoadSignals;
import dev.stowage.pressure.MachineSampler;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.StorageException;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A control plane over PostgreSQL: two or more of them lead one fleet in turn. */
public final class ControlPlane {
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final LoadGovernor.Config GOVERNED =
      LoadGovernor.Config.DEFAULT.withMode(LoadGovernor.Mode.ENFORCE);

  private static final int MOST_TOLD = 10_000; // workers and portals

  private final Http http;
  private final Stowage stowage;
  private final StowageService service;
  private final ClientDoor door;
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private ControlPlane(String name, ChunkStore store, Http http) {
    this.http = http;
    StowageConfig config =
        StowageConfig.defaults()
            .withLease(new LeaseConfig(name, LEASE))
            .withFleet(ControlPlane::settings);
    stowage =
        Stowage.builder(store)
            .config(config)
            .with(RebalanceConfig.defaults().withPressureScorer(true))
            .with(new LoadGovernor(GOVERNED, now -> load()))
            .build();
    Pace pace = new Pace(Duration.ofMillis(200), Duration.ofMillis(500), Duration.ofHours(1));
    service =
        new StowageService(
            stowage, Executors.newSingleThreadScheduledExecutor(), ControlPlane::now, pace);
    MachineSampler machine = new MachineSampler(path -> Files.readString(Path.of(path)), now());
    service.observing(now -> machine.sample(JvmLoad.measured(), now).snapshot());
    ContentScheduler queue = ContentScheduler.of(ContentConfig.DEFAULT);
    Transfers transfers = Transfers.of(stowage, queue, (worker, bytes) -> bytes / 100e6).copiesOnly();
    AssignmentPropagation news = Propagation.of(stowage, PropagationConfig.DEFAULT);
    door =
        ClientDoor.of(stowage, "example")
            .transferring(service, transfers)
            .holding(service, news, MOST_TOLD, http.threads());
    new StowageMeters(stowage, service).withMaxAge(Duration.ofSeconds(1)).bindTo(meters);
  }

  /** Takes a name of its own, a port, the address of a database, and a schema. */
  public static void main(String[] args) throws IOException, InterruptedException {
    PostgresChunkStore.Builder database = PostgresChunkStore.builder(args[2]).schema(args[3]);
    ChunkStore store = openOnceBack(database::open);
    new ControlPlane(args[0], store, new Http(Integer.parseInt(args[1]))).start();
  }

  /** Tries again after ever longer pauses while the database is away, as amid a failover. */
  private static ChunkStore openOnceBack(Supplier<ChunkStore> opens) throws InterruptedException {
    for (long pauseMillis = 100; ; pauseMillis = Math.min(2 * pauseMillis, 10_000)) {
      try {
        return opens.get();
      } catch (StorageException.Transient away) {
        System.err.println("opens the store again: " + away.getMessage());
        Thread.sleep(pauseMillis);
      }
    }
  }

  private void start() {
    new Answers(stowage, service, meters, ControlPlane::now).serve(http);
    http.post("/client", request -> Http.Answer.later(door.ask(request.body(), now())));
    http.get("/origin", ControlPlane::origin);
    http.get("/metrics", request -> Http.Answer.text("text/plain", meters.scrape()));
    service.start();
    http.start();
  }

  /** Returns what counts for an empty store; a live fleet is changed by Stowage.configure. */
  private static LifecycleConfig.Builder settings(LifecycleConfig.Builder fleet) {
    MovementBudget budget = MovementBudget.ofBytes(1L << 28); // for one plan: growth and moves
    return fleet
        .drainWindow(Duration.ofSeconds(30))
        .departAfter(Duration.ofMinutes(8))
        .budgetUnderPressure(500_000, 250_000, 125_000)
        .placement(fleet.build().placement().toBuilder().budget(budget).build());
  }

  private static long now() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  /** Returns what the governor of ingests looks at: the heap, and the threads that answer. */
  private LoadSignals load() {
    JvmLoad machine = JvmLoad.measured();
    return LoadSignals.NONE
        .with(LoadSignal.MEMORY_BUDGET, (double) machine.heapBytes() / machine.heapMaxBytes())
        .with(LoadSignal.BLOCKING_POOL, http.load());
  }

  /** Stands for the archive that chunks come from first. */
  private static Http.Answer origin(Http.Request request) {
    byte[] bytes = new byte[Math.toIntExact(request.number("bytes"))];
    Arrays.fill(bytes, (byte) request.text("chunk").hashCode());
    return Http.Answer.bytes(bytes);
  }
}
