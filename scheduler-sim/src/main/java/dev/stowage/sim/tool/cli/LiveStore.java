package dev.stowage.sim.tool.cli;

import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.storage.postgres.SchemaSetup;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StorageException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that name a live fleet, and the way to read it. */
final class LiveStore {
  private static final int MOST_SET_ASIDE = 100;

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
   * @param problems what does not agree among them, if that was asked for
   * @param quarantine the first of the news that was set aside, if that was asked for
   */
  record Answer(
      LoadedFleet fleet,
      @Nullable String corruption,
      List<String> problems,
      List<QuarantinedNews> quarantine) {}

  /** Reads the whole fleet, and compares everything that is stored twice. */
  Answer audited() throws UnreadableException {
    return answered(store -> {
      PostgresChunkStore.Audited audited = store.audit();
      return new Answer(
          audited.fleet(), null, audited.problems(), store.quarantine(-1, MOST_SET_ASIDE));
    });
  }

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
    return answered(store -> new Answer(store.read(), null, List.of(), List.of()));
  }

  private Answer answered(Function<PostgresChunkStore, Answer> reading) throws UnreadableException {
    String url = String.valueOf(jdbcUrl);
    String name = schema == null ? "stowage" : schema;
    try (PostgresChunkStore store =
        PostgresChunkStore.builder(url).schema(name).setup(SchemaSetup.VALIDATE).open()) {
      Answer answer = reading.apply(store);
      if (answer.fleet().state().isEmpty()) {
        throw new UnreadableException(
            "stowage: schema " + name + ": expected a fleet, found one that has not begun");
      }
      return answer;
    } catch (StorageException.Corrupt e) {
      return new Answer(LoadedFleet.NONE, e.getMessage(), List.of(), List.of());
    } catch (StorageException | IllegalStateException | IllegalArgumentException e) {
      throw new UnreadableException("stowage: " + e.getMessage());
    }
  }
}
