package dev.stowage.sim.tool.cli;

import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.storage.postgres.SchemaSetup;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.StorageException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that name a live fleet, and the way to read it. */
final class LiveStore {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--jdbc-url",
      paramLabel = "URL",
      description = "The database, such as jdbc:postgresql://host/db?user=u&password=p.")
  private @Nullable String jdbcUrl;

  @Option(
      names = "--schema",
      paramLabel = "NAME",
      description = "The PostgreSQL schema that holds the fleet (default: stowage).")
  private @Nullable String schema;

  /**
   * What was read.
   *
   * @param fleet the fleet; empty where the rows cannot be read
   * @param corruption why they cannot be read; null if they can
   */
  record Answer(LoadedFleet fleet, @Nullable String corruption) {}

  boolean isNamed() {
    return jdbcUrl != null;
  }

  void requireUrl() {
    if (jdbcUrl == null) {
      throw new ParameterException(spec.commandLine(), "Missing required option: '--jdbc-url=URL'");
    }
  }

  void refuseSchemaAlone() {
    if (jdbcUrl == null && schema != null) {
      throw new ParameterException(spec.commandLine(), "'--schema' is for --jdbc-url");
    }
  }

  /** Reads the whole fleet as of its newest commit. */
  Answer read() throws UnreadableException {
    String url = String.valueOf(jdbcUrl);
    String name = schema == null ? "stowage" : schema;
    try (PostgresChunkStore store =
        PostgresChunkStore.builder(url).schema(name).setup(SchemaSetup.VALIDATE).open()) {
      LoadedFleet fleet = store.read();
      if (fleet.state().isEmpty()) {
        throw new UnreadableException(
            "stowage: schema " + name + ": expected a fleet, found one that has not begun");
      }
      return new Answer(fleet, null);
    } catch (StorageException.Corrupt e) {
      return new Answer(LoadedFleet.NONE, e.getMessage());
    } catch (StorageException | IllegalStateException | IllegalArgumentException e) {
      throw new UnreadableException("stowage: " + e.getMessage());
    }
  }
}
