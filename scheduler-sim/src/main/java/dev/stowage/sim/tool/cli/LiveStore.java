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
  private static final int AT_ONCE = 10_000;

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
   * The result of reading a store.
   *
   * @param fleet the fleet; empty if the rows cannot be read
   * @param corruption why they cannot be read; null if they can
   * @param problems the disagreements among the rows, if requested
   * @param quarantine the first quarantined news, if requested
   * @param setAside the total number of quarantined news
   */
  record Answer(
      LoadedFleet fleet,
      @Nullable String corruption,
      List<String> problems,
      List<QuarantinedNews> quarantine,
      long setAside) {}

  /** Reads the whole fleet, and compares everything that is stored twice. */
  Answer audited() throws UnreadableException {
    return answered(store -> {
      PostgresChunkStore.Audited audited = store.audit();
      List<QuarantinedNews> first = store.quarantine(Long.MIN_VALUE, MOST_SET_ASIDE);
      return new Answer(audited.fleet(), null, audited.problems(), first, setAside(store));
    });
  }

  private static long setAside(PostgresChunkStore store) {
    long count = 0;
    long after = Long.MIN_VALUE;
    List<QuarantinedNews> some = store.quarantine(after, AT_ONCE);
    while (!some.isEmpty()) {
      count += some.size();
      after = some.get(some.size() - 1).mark();
      some = store.quarantine(after, AT_ONCE);
    }
    return count;
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
      throw new ParameterException(spec.commandLine(), "'--schema' needs --jdbc-url");
    }
  }

  Answer read() throws UnreadableException {
    return answered(store -> new Answer(store.read(), null, List.of(), List.of(), 0));
  }

  /** Opens the store for some work, and closes it. */
  <T> T with(Function<PostgresChunkStore, T> work) throws UnreadableException {
    String url = String.valueOf(jdbcUrl);
    String name = schema == null ? "stowage" : schema;
    try (PostgresChunkStore store =
        PostgresChunkStore.builder(url).schema(name).setup(SchemaSetup.VALIDATE).open()) {
      return work.apply(store);
    } catch (StorageException | IllegalStateException | IllegalArgumentException e) {
      throw new UnreadableException("stowage: " + e.getMessage());
    }
  }

  private Answer answered(Function<PostgresChunkStore, Answer> reading) throws UnreadableException {
    String url = String.valueOf(jdbcUrl);
    String name = schema == null ? "stowage" : schema;
    try (PostgresChunkStore store =
        PostgresChunkStore.builder(url).schema(name).setup(SchemaSetup.VALIDATE).open()) {
      Answer answer = reading.apply(store);
      if (answer.fleet().state().isEmpty()) {
        throw new UnreadableException(
            "stowage: schema " + name + ": expected a fleet, found one that no leader has started");
      }
      return answer;
    } catch (StorageException.Corrupt e) {
      return new Answer(LoadedFleet.NONE, e.getMessage(), List.of(), List.of(), 0);
    } catch (StorageException | IllegalStateException | IllegalArgumentException e) {
      throw new UnreadableException("stowage: " + e.getMessage());
    }
  }
}
