package dev.stowage.sim.tool.plan;

import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.csv.CsvFile;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import dev.stowage.sim.tool.yaml.YamlFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A fleet in the files of {@code stowage plan}, as {@code stowage export} writes them. */
public final class FleetFolder {
  private final WorkerList workers;
  private final ChunkList chunks;
  private final HeldTable held;
  private final Optional<PlanSettings> settings;

  private FleetFolder(Path folder, ProblemList problems) {
    workers = WorkerList.read(CsvFile.at(folder.resolve(PlanInputs.WORKERS)), problems);
    chunks = ChunkList.read(CsvFile.at(folder.resolve(PlanInputs.CHUNKS)), problems);
    Path rows = folder.resolve(PlanInputs.HELD);
    held =
        Files.exists(rows)
            ? HeldTable.read(CsvFile.at(rows), workers, chunks, problems)
            : HeldTable.nothing(workers, chunks);
    Path config = folder.resolve(PlanInputs.CONFIG);
    settings =
        Files.exists(config)
            ? YamlFile.read(config, problems)
                .map(root -> PlanSettings.of(config.toString(), root, problems))
            : Optional.empty();
    settings.ifPresent(PlanSettings::refuseViolations);
  }

  /**
   * Reads a folder.
   *
   * @throws BadInputException if a file of it is missing, unreadable or malformed; it tells up to
   *     ten problems of each
   */
  public static FleetFolder read(Path folder) throws BadInputException {
    ProblemList problems = new ProblemList();
    if (!Files.isDirectory(folder)) {
      problems.add(
          InputProblem.ofFile(
              folder.toString(), "a folder that 'stowage export' has written", "none"));
      problems.refuseIfAny();
    }
    FleetFolder read = new FleetFolder(folder, problems);
    problems.refuseIfAny();
    return read;
  }

  /** Returns the workers that have not departed, with their status; who is away is back. */
  public List<Worker> workers() {
    return workers.workers().stream()
        .filter(each -> each.status() != WorkerStatus.DEPARTED)
        .map(each ->
            each.status() == WorkerStatus.AWAY ? each.withStatus(WorkerStatus.ACTIVE) : each)
        .toList();
  }

  /** Returns all chunks. */
  public List<Chunk> chunks() {
    List<Chunk> all = new ArrayList<>();
    for (int position = 0; position < chunks.count(); position++) {
      all.add(chunks.row(position).chunk());
    }
    return all;
  }

  /** Visits the replicas that are assigned to workers that have not departed. */
  public void forEachAssigned(BiConsumer<ChunkKey, WorkerId> visitor) {
    held.forEachAssigned((chunk, worker) -> {
      Worker holder = workers.workers().get(worker);
      if (holder.status() != WorkerStatus.DEPARTED) {
        visitor.accept(chunks.row(chunk).chunk().key(), holder.id());
      }
    });
  }

  /**
   * Returns the default configuration with the settings of the folder, of which each that its file
   * does not name is the default of {@code plan.yaml}.
   */
  public LifecycleConfig config() {
    return settings.map(PlanSettings::lifecycle).orElseGet(LifecycleConfig::defaults);
  }

  /** Returns the planner that the folder names; empty if it names none. */
  public Optional<String> planner() {
    return settings.filter(PlanSettings::isStateless).map(any -> "stateless");
  }
}
