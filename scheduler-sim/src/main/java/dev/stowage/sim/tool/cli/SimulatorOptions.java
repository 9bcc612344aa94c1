package dev.stowage.sim.tool.cli;

import dev.stowage.evidence.EvidenceSink;
import dev.stowage.sim.kit.scenario.ScenarioStore;
import dev.stowage.sim.kit.scenario.ScenarioTokens;
import dev.stowage.sim.kit.world.WorldSettings;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.plan.FleetFolder;
import dev.stowage.sim.tool.simulate.Profile;
import dev.stowage.sim.tool.simulate.ProfileReader;
import dev.stowage.sim.tool.simulate.Simulated;
import dev.stowage.sim.tool.simulate.Simulation;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.store.ChunkStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that {@code simulate} and {@code compare} have in common, and what they do. */
final class SimulatorOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      description = "A ready profile (see 'stowage simulate --list'), or a YAML file.")
  private @Nullable String profile;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      completionCandidates = Keys.class,
      description =
          "Put this over the profile: a setting such as floor, or a key of the profile. May be"
              + " repeated. Keys: ${COMPLETION-CANDIDATES}.")
  private Map<String, String> changes = new LinkedHashMap<>();

  @Option(
      names = "--from",
      paramLabel = "FOLDER",
      description =
          "Simulate the fleet that 'stowage export' has written there, instead of the profile's:"
              + " its workers, chunks, replicas and settings. The settings of the profile win.")
  private @Nullable Path from;

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

  /** The keys of a profile. */
  static final class Keys extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    Keys() {
      super(ProfileReader.keys());
    }
  }

  /**
   * Returns the name or file of the profile; throws {@link ParameterException} if none is given.
   */
  String profile() {
    String given = profile;
    if (given == null) {
      throw new ParameterException(
          spec.commandLine(), "Missing required option: '--profile=PROFILE'");
    }
    Words.require(spec, "--backend", backend, List.of("memory", "postgres"));
    if (backend.equals("memory")) {
      database.requireUnused("--backend postgres");
    }
    return given;
  }

  /** Reads the profile with further changes over it. */
  Profile read(Map<String, String> further) throws BadInputException {
    Map<String, String> all = new LinkedHashMap<>(changes);
    all.putAll(further);
    Optional<FleetFolder> folder =
        from == null ? Optional.empty() : Optional.of(FleetFolder.read(from));
    return ProfileReader.read(profile(), all, folder);
  }

  /** Runs a profile on the backend. */
  Simulated run(
      Profile read,
      String name,
      EvidenceSink recorder,
      Console console,
      Interruption interruption,
      Simulation.Listener listener)
      throws BadInputException, UnreadableException {
    Simulation simulation = new Simulation(read, console.nanos(), interruption::isAsked, threads);
    if (backend.equals("memory")) {
      // Those of the worlds on PostgreSQL, so that both stores give one evidence head.
      ChunkStore store = MemoryChunkStore.builder().lineageTokens(new ScenarioTokens()).build();
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
      line.append(' ')
          .append(
              plain.matches("[A-Za-z0-9_./+=:,-]+")
                  ? plain
                  : "'" + plain.replace("'", "'\\''") + "'");
    }
    return line.toString();
  }

  /**
   * Opens the folder of a report.
   *
   * @throws OutputException if it cannot be written to
   */
  static Optional<OutputFolder> folder(@Nullable Path report) throws OutputException {
    if (report == null) {
      return Optional.empty();
    }
    Path absolute = report.toAbsolutePath();
    Path parent = Objects.requireNonNullElse(absolute.getParent(), absolute);
    return Optional.of(OutputFolder.opened(parent, List.of(report.getFileName().toString())));
  }

  static void write(Optional<OutputFolder> folder, @Nullable Path report, String page)
      throws OutputException {
    if (folder.isPresent() && report != null) {
      folder.get().write(Map.of(report.getFileName().toString(), page));
    }
  }

  /** Returns the exit code of runs: the gravest that one of them has. */
  static int exitCode(List<Simulated> runs) {
    int code = ExitCode.OK;
    for (Simulated each : runs) {
      if (!each.run().violations().isEmpty() || !each.failed().isEmpty()) {
        return ExitCode.VIOLATION;
      }
      if (each.isPartial()) {
        return ExitCode.INTERRUPTED;
      }
      var end = each.run().totals();
      if (end.deferred() > 0 || end.shortfalls() > 0) {
        code = ExitCode.INFEASIBLE;
      }
    }
    return code;
  }
}
