package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageFleets;
import dev.stowage.StowageFleets.Listing;
import dev.stowage.client.ClientConfig;
import dev.stowage.client.ClientDoor;
import dev.stowage.client.Download;
import dev.stowage.client.PortalClient;
import dev.stowage.client.Transport;
import dev.stowage.client.WorkerClient;
import dev.stowage.client.WorkerDisk;
import dev.stowage.contract.SmallFleet;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.PortalId;
import dev.stowage.store.spi.FleetServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/service.md about many fleets, compiled and run. */
class ShardingGuideTest {
  private static final int PATIENCE_HUNDREDTHS = 6_000;

  @TempDir Path folder;

  private final ExecutorService turns = Executors.newCachedThreadPool();
  private final AtomicLong millis = new AtomicLong(1_000_000);
  private final Map<String, ClientDoor> doors = new TreeMap<>();

  @AfterEach
  void stopThreads() {
    turns.shutdownNow();
  }

  private StowageFleets started(FleetServer server, InstantSource clock) {
    StowageConfig config = SmallFleet.config();
    StowageFleets fleets =
        StowageFleets.builder(turns, clock) // turns has up to 64 threads for a server
            .facade((name, facade) -> facade.config(config.withHolder("scheduler-eu-1")))
            .build();
    fleets.add(new Listing("eu", server, "fleet_eu"));
    fleets.add(new Listing("us", server, "fleet_us"));
    fleets.start();
    return fleets;
  }

  private static final class Disk implements WorkerDisk {
    private final List<Held> held = new ArrayList<>();

    @Override
    public List<Held> held() {
      return List.copyOf(held);
    }

    @Override
    public void delete(ChunkNumber number) {
      held.removeIf(it -> it.number().equals(number));
    }

    @Override
    public CompletionStage<?> fetch(Download download) {
      held.add(new Held(download.entry().number(), 1));
      return CompletableFuture.completedFuture(null);
    }
  }

  private Transport transport(String fleet) {
    return (request, route) ->
        CompletableFuture.completedFuture(doors.get(fleet).answer(request, now()));
  }

  private long now() {
    return TimeUnit.MILLISECONDS.toNanos(millis.get());
  }

  private static Chunk chunk(String dataset) {
    return Chunk.of(ChunkKey.of(dataset, "c"), BlockRange.of(0, 9), 100);
  }

  @Test
  void catalogue_overTwoFleets_isOne() throws InterruptedException {
    FleetServer server = FleetServer.of("memory", it -> MemoryChunkStore.create());
    try (StowageFleets fleets = started(server, () -> Instant.ofEpochMilli(millis.get()))) {
      for (int left = PATIENCE_HUNDREDTHS; !areOpen(fleets); left--) {
        assertThat(left).as("hundredths of a second left").isPositive();
        assertThat(new Semaphore(0).tryAcquire(10, TimeUnit.MILLISECONDS)).isFalse();
      }
      for (String fleet : List.of("eu", "us")) {
        Stowage opened = fleets.stowage(fleet).orElseThrow();
        assertThat(opened.claim(opened.now()).granted()).isTrue();
      }
      Map<DatasetId, String> homes = new TreeMap<>();
      homes.put(DatasetId.of("tea"), "eu");
      homes.put(DatasetId.of("corn"), "us");
      ShardedCatalogue catalogue = new ShardedCatalogue(fleets, homes);
      List<WorkerClient> workers = new ArrayList<>();
      Map<String, PortalClient> portals = new TreeMap<>();
      for (String fleet : List.of("eu", "us")) {
        doors.put(fleet, ClientDoor.of(fleets.stowage(fleet).orElseThrow(), fleet));
        portals.put(
            fleet,
            new PortalClient(fleet, PortalId.of("p"), transport(fleet), ClientConfig.DEFAULT));
      }
      Map<String, Long> shares = new TreeMap<>();
      shares.put("eu", 1_000L);
      shares.put("us", 2_000L);
      for (String name : List.of("w1", "w2")) {
        workers.addAll(
            ShardedCatalogue.worker(name, made(name), shares, this::transport, own -> new Disk()));
      }
      assertThat(catalogue.ingest(List.of(chunk("tea"), chunk("corn")))).hasSize(2);
      for (int step = 0; step < 100 && !areSeen(catalogue, portals); step++) {
        millis.addAndGet(200);
        workers.forEach(it -> it.turn(now()));
        for (String fleet : List.of("eu", "us")) {
          Stowage led = fleets.stowage(fleet).orElseThrow();
          led.schedule(led.now());
          led.publish(led.now());
        }
        portals.values().forEach(it -> it.turn(now()));
      }
      assertThat(areSeen(catalogue, portals)).isTrue();
      assertThat(catalogue.status(List.of(chunk("corn").key(), chunk("tea").key())))
          .extracting(it -> it.key().dataset().value())
          .containsExactly("tea", "corn");
      assertThatThrownBy(() -> catalogue.fleetOf(DatasetId.of("rye")))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private Path made(String worker) {
    try {
      for (String fleet : List.of("eu", "us")) {
        Files.createDirectories(folder.resolve(worker).resolve(fleet));
      }
      return folder.resolve(worker);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private boolean areSeen(ShardedCatalogue catalogue, Map<String, PortalClient> portals) {
    return List.of("tea", "corn").stream()
        .map(it -> catalogue.at(portals, DatasetId.of(it), 3, now()))
        .allMatch(it -> it instanceof PortalClient.Sight.Found);
  }

  private static boolean areOpen(StowageFleets fleets) {
    return fleets.stowage("eu").isPresent() && fleets.stowage("us").isPresent();
  }
}
