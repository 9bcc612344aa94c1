package example;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageConfig.LeaseConfig;
import dev.stowage.StowageService;
import dev.stowage.StowageService.Pace;
import dev.stowage.Transfers;
import dev.stowage.client.ClientDoor;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentScheduler;
import dev.stowage.metrics.StowageMeters;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.store.ChunkStore;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A control plane over PostgreSQL: two or more of them lead one fleet in turn. */
public final class ControlPlane {
  private static final Duration LEASE = Duration.ofSeconds(2);

  private final Stowage stowage;
  private final StowageService service;
  private final ClientDoor door;
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** Answers a request, whose body and query it is given. */
  private interface Answer {
    byte[] to(byte[] body, Map<String, String> query);
  }

  private ControlPlane(String name, ChunkStore store) {
    StowageConfig config =
        StowageConfig.defaults()
            .withLease(new LeaseConfig(name, LEASE))
            .withFleet(fleet ->
                fleet.drainWindow(Duration.ofSeconds(30)).departAfter(Duration.ofMinutes(8)));
    stowage = Stowage.builder(store).config(config).build();
    Pace pace = new Pace(Duration.ofMillis(200), Duration.ofMillis(500), Duration.ofHours(1));
    service =
        new StowageService(
            stowage, Executors.newSingleThreadScheduledExecutor(), ControlPlane::now, pace);
    ContentScheduler queue = ContentScheduler.of(ContentConfig.DEFAULT);
    Transfers transfers = stowage.transfers(queue, (worker, bytes) -> bytes / 100e6);
    door = ClientDoor.of(stowage, "example").transferring(service, transfers);
    new StowageMeters(stowage, service).bindTo(meters);
  }

  /** Takes a name of its own, a port, the address of a database, and a schema. */
  public static void main(String[] args) throws IOException {
    ChunkStore store = PostgresChunkStore.builder(args[2]).schema(args[3]).open();
    ControlPlane plane = new ControlPlane(args[0], store);
    HttpServer http = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[1])), 100);
    http.setExecutor(Executors.newFixedThreadPool(16));
    serve(http, "/client", (body, query) -> plane.door.answer(body, now()));
    serve(http, "/ingest", (body, query) -> text(plane.ingest(query)));
    serve(http, "/leave", (body, query) -> text(plane.leave(query)));
    serve(http, "/leaving", (body, query) -> text(plane.leaving(query)));
    serve(http, "/gone", (body, query) -> text(plane.gone(query)));
    serve(http, "/status", (body, query) -> text(plane.status(query)));
    serve(http, "/origin", (body, query) -> origin(query));
    serve(http, "/health", (body, query) -> text(plane.service.health()));
    serve(http, "/leading", (body, query) -> text(plane.service.state()));
    serve(http, "/metrics", (body, query) -> text(plane.meters.scrape()));
    plane.service.start();
    http.start();
  }

  private static long now() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  private static ChunkKey key(Map<String, String> query) {
    return ChunkKey.of(query.get("dataset"), query.get("chunk"));
  }

  private Object ingest(Map<String, String> query) {
    long first = Long.parseLong(query.get("first"));
    BlockRange blocks = BlockRange.of(first, Long.parseLong(query.get("last")));
    Chunk chunk = Chunk.of(key(query), blocks, Long.parseLong(query.get("bytes")));
    return stowage.ingest(List.of(chunk), now()).items().get(0).code();
  }

  private Object leave(Map<String, String> query) {
    WorkerId worker = WorkerId.of(query.get("worker"));
    return stowage.setStatus(worker, WorkerStatus.LEAVING, now());
  }

  private Object leaving(Map<String, String> query) {
    return stowage.leaving(workers(query));
  }

  private Object gone(Map<String, String> query) {
    return stowage.confirmDepartures(workers(query), now());
  }

  private static List<WorkerId> workers(Map<String, String> query) {
    return Arrays.stream(query.get("workers").split(",")).map(WorkerId::of).toList();
  }

  private Object status(Map<String, String> query) {
    return stowage.status(List.of(key(query))).get(0).state().map(Enum::name).orElse("UNKNOWN");
  }

  /** Stands for the archive that chunks come from first. */
  private static byte[] origin(Map<String, String> query) {
    byte[] bytes = new byte[Integer.parseInt(query.get("bytes"))];
    Arrays.fill(bytes, (byte) query.get("chunk").hashCode());
    return bytes;
  }

  private static byte[] text(Object answer) {
    return answer.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void serve(HttpServer http, String path, Answer answer) {
    http.createContext(path, exchange -> {
      try (exchange) {
        byte[] body = exchange.getRequestBody().readAllBytes();
        try {
          answer(exchange, 200, answer.to(body, query(exchange)));
        } catch (RuntimeException refused) {
          answer(exchange, 503, text(refused));
        }
      }
    });
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new HashMap<>();
    String given = exchange.getRequestURI().getRawQuery();
    for (String each : given == null ? new String[0] : given.split("&")) {
      String[] pair = each.split("=", 2);
      query.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
    }
    return query;
  }

  private static void answer(HttpExchange exchange, int code, byte[] bytes) throws IOException {
    exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
