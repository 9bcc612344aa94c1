package dev.stowage.sim.tool.cli;

import dev.stowage.evidence.EvidenceSink;
import dev.stowage.sim.kit.scenario.ScenarioStore;
import dev.stowage.sim.kit.scenario.ScenarioTokens;
import dev.stowage.sim.kit.world.WorldSettings;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.simulate.Profile;
import dev.stowage.sim.tool.simulate.Simulated;
import dev.stowage.sim.tool.simulate.Simulation;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of the commands that run a simulated world, and the run itself. */
final class WorldOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--backend",
      paramLabel = "BACKEND",
      description =
          "The store of the fleet: memory or postgres. Default: memory. On PostgreSQL it makes a"
              + " schema of its own and drops it, on a server started for the run unless --jdbc-url"
              + " names one.")
  private String backend = "memory";

  @Mixin private DatabaseOption database = new DatabaseOption();

  @Option(
      names = "--threads",
      paramLabel = "N",
      converter = WholeNumber.WorldThreads.class,
      description =
          "The threads that run portals and workers, 1 to 256. The result does not depend on them."
              + " Default: all cores.")
  private int threads =
      Math.min(WorldSettings.MOST_THREADS, Runtime.getRuntime().availableProcessors());

  /** Throws {@link picocli.CommandLine.ParameterException} if options contradict each other. */
  void require() {
    Words.require(spec, "--backend", backend, List.of("memory", "postgres"));
    if (backend.equals("memory")) {
      database.requireUnused("--backend postgres");
    }
  }

  /**
   * Runs a profile on the backend.
   *
   * @param record the file of the evidence; null for none
   */
  Simulated run(
      Profile profile,
      String name,
      @Nullable Path record,
      Console console,
      Interruption interruption,
      Simulation.Listener listener)
      throws BadInputException, OutputException, UnreadableException {
    if (record == null) {
      return run(profile, name, EvidenceSink.NONE, console, interruption, listener);
    }
    try (RecordingFile recording = RecordingFile.begun(record)) {
      Simulated done = run(profile, name, recording.sink(), console, interruption, listener);
      recording.keep();
      return done;
    }
  }

  private Simulated run(
      Profile profile,
      String name,
      EvidenceSink recorder,
      Console console,
      Interruption interruption,
      Simulation.Listener listener)
      throws BadInputException, UnreadableException {
    Simulation simulation =
        new Simulation(profile, console.nanos(), interruption::isAsked, threads);
    if (backend.equals("memory")) {
      // Those of the worlds on PostgreSQL, so that both stores give one evidence head.
      MemoryChunkStore store =
          MemoryChunkStore.builder().lineageTokens(new ScenarioTokens()).build();
      return simulation.run(name, commandLine(), store, recorder, listener);
    }
    try (PostgresWorlds server = PostgresWorlds.at(database.url());
        ScenarioStore world = server.open()) {
      return simulation.run(name, commandLine(), world.store(), recorder, listener);
    }
  }

  /** Returns the command line that runs this again. */
  String commandLine() {
    StringBuilder line = new StringBuilder("java -jar scheduler-sim/target/stowage.jar");
    for (String word : spec.commandLine().getParent().getParseResult().originalArgs()) {
      String plain = word.startsWith("jdbc:") ? "URL" : word;
      boolean isPlain = plain.matches("[A-Za-z0-9_./+=:,-]+");
      line.append(' ').append(isPlain ? plain : "'" + plain.replace("'", "'\\''") + "'");
    }
    return line.toString();
  }
}
