package dev.stowage.benchmarks.scale;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.store.spi.FleetStore;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The fleet of a run, led through the facade with default settings but for the copies. */
final class Run implements AutoCloseable {
  private final ScaleOptions options;
  private final Optional<ScaleServer> server;
  private final FleetStore plain;
  private final MeteredStore store;
  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private final Stowage stowage;
  private final Crew crew;

  Run(ScaleOptions options) {
    this.options = options;
    server =
        options
            .jdbcUrl()
            .map(url ->
                url.equals(ScaleOptions.EMBEDDED) ? ScaleServer.start() : ScaleServer.at(url));
    plain = server.map(Run::onServer).orElseGet(MemoryChunkStore::create);
    store = new MeteredStore(plain);
    stowage = Stowage.builder(store).config(config(options.copies())).executor(executor).build();
    crew = Crew.claiming(stowage, options.workers(), options.zones());
  }

  static StowageConfig config(int copies) {
    return StowageConfig.defaults().withFleet(fleet -> fleet.minReplication(copies));
  }

  /** Opens the store as another process would; time is what the caller says. */
  private static FleetStore onServer(ScaleServer server) {
    return PostgresChunkStore.builder(server.source())
        .withoutTrustedClock()
        .schema(ScaleServer.SCHEMA)
        .open();
  }

  ScaleOptions options() {
    return options;
  }

  Optional<ScaleServer> server() {
    return server;
  }

  Optional<MemoryChunkStore> memory() {
    return plain instanceof MemoryChunkStore inMemory ? Optional.of(inMemory) : Optional.empty();
  }

  MeteredStore store() {
    return store;
  }

  Stowage stowage() {
    return stowage;
  }

  Crew crew() {
    return crew;
  }

  /** Returns a facade of another process, which does not lead. */
  Stowage other() {
    return Stowage.builder(server.map(Run::onServer).orElse(plain)).build();
  }

  @Override
  public void close() {
    stowage.close();
    executor.shutdownNow();
    plain.close();
    server.ifPresent(ScaleServer::close);
  }
}
