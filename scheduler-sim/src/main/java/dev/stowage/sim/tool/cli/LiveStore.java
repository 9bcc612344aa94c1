package dev.stowage.sim.tool.cli;

import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.storage.postgres.SchemaSetup;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StorageException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
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

  @Mixin private DatabaseOption database = new DatabaseOption();

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

  Answer read() throws UnreadableException {
    return answered(store -> new Answer(store.read(), null, List.of(), List.of(), 0));
  }

  /** Opens the store for some work, and closes it. */
  <R> R with(Work<R> work) throws UnreadableException {
    try {
      return opened(work);
    } catch (StorageException.Corrupt e) {
      throw new UnreadableException("stowage: " + e.getMessage());
    }
  }

  private Answer answered(Function<PostgresChunkStore, Answer> reading) throws UnreadableException {
    try {
      return opened(store -> {
        Answer answer = reading.apply(store);
        if (answer.fleet().state().isEmpty()) {
          throw new UnreadableException(
              "stowage: schema "
                  + schemaName()
                  + ": expected a fleet, found one that no leader has started");
        }
        return answer;
      });
    } catch (StorageException.Corrupt e) {
      return new Answer(LoadedFleet.NONE, e.getMessage(), List.of(), List.of(), 0);
    }
  }

  /** Work with an open store. */
  interface Work<R> {
    R on(PostgresChunkStore store) throws UnreadableException;
  }

  /** Returns the exit code of {@code work}, or prints which row cannot be read. */
  int open(Console console, Work<Integer> work) throws UnreadableException {
    try {
      return opened(work);
    } catch (StorageException.Corrupt e) {
      console.err().println("stowage: " + e.getMessage());
      return ExitCode.VIOLATION;
    }
  }

  private String schemaName() {
    return schema == null ? "stowage" : schema;
  }

  private <R> R opened(Work<R> work) throws UnreadableException {
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
