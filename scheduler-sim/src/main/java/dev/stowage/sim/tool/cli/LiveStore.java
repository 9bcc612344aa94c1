package dev.stowage.sim.tool.cli;

import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.storage.postgres.SchemaSetup;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.LoadedFleet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that name a live fleet, and the way to read it. */
final class LiveStore {
  private static final int MOST_SET_ASIDE = 100;
  static final int AT_ONCE = 10_000;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private DatabaseOption database = new DatabaseOption();

  @Option(
      names = "--schema",
      paramLabel = "NAME",
      description = "The PostgreSQL schema that holds the fleet (default: stowage).")
  private @Nullable String schema;

  /**
   * Keeps what an audit of the store itself has found.
   *
   * @param fleet the fleet
   * @param problems the disagreements among the rows
   * @param quarantine the first quarantined news
   * @param setAside the total number of quarantined news
   */
  record Audited(
      LifecycleState fleet,
      List<String> problems,
      List<QuarantinedNews> quarantine,
      long setAside) {}

  /** Reads the whole fleet, and compares everything that is stored twice. */
  Audited audited() throws UnreadableException {
    return with(store -> {
      PostgresChunkStore.Audited audited = store.audit();
      List<QuarantinedNews> first = store.quarantine(Long.MIN_VALUE, MOST_SET_ASIDE);
      return new Audited(started(audited.fleet()), audited.problems(), first, setAside(store));
    });
  }

  /** Counts the quarantined news. */
  static long setAside(PostgresChunkStore store) {
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
    return database.isNamed();
  }

  void requireUrl() {
    if (!database.isNamed()) {
      throw new ParameterException(spec.commandLine(), "Missing required option: '--jdbc-url=URL'");
    }
  }

  void refuseSchemaAlone() {
    if (!database.isNamed() && schema != null) {
      throw new ParameterException(spec.commandLine(), "'--schema' needs --jdbc-url");
    }
  }

  /** Reads the whole fleet. */
  LifecycleState read() throws UnreadableException {
    return with(store -> started(store.read()));
  }

  LifecycleState started(LoadedFleet fleet) throws UnreadableException {
    return fleet
        .state()
        .orElseThrow(() ->
            new UnreadableException(
                "stowage: schema "
                    + schemaName()
                    + ": expected a fleet, found one that no leader has started"));
  }

  /** Work with an open store. */
  interface Work<R, X extends Exception> {
    R on(PostgresChunkStore store) throws UnreadableException, X;
  }

  private String schemaName() {
    return schema == null ? "stowage" : schema;
  }

  /**
   * Opens the store for some work, and closes it. Throws {@link StorageException.Corrupt} if a row
   * cannot be read.
   */
  <R, X extends Exception> R with(Work<R, X> work) throws UnreadableException, X {
    try (PostgresChunkStore store =
        PostgresChunkStore.builder(String.valueOf(database.url()))
            .schema(schemaName())
            .setup(SchemaSetup.VALIDATE)
            .open()) {
      return work.on(store);
    } catch (StorageException.Corrupt e) {
      throw e;
    } catch (StorageException | IllegalStateException | IllegalArgumentException e) {
      throw new UnreadableException("stowage: " + e.getMessage());
    }
  }
}
