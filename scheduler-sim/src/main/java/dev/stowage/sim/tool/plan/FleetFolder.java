package dev.stowage.sim.tool.plan;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Coverage;
import dev.stowage.lifecycle.HoldUntil;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

  /** Returns the chunks, without the new sides of pending swaps. */
  public List<Chunk> chunks() {
    return rows().filter(each -> each.replaces().isEmpty()).map(ChunkList.Row::chunk).toList();
  }

  private Stream<ChunkList.Row> rows() {
    return IntStream.range(0, chunks.count()).mapToObj(chunks::row);
  }

  /** Returns the commands that register pending swaps, pins and bans. */
  public List<Command<?>> pending() {
    Map<List<ChunkKey>, List<ProposedChunk>> swaps = new LinkedHashMap<>();
    rows()
        .filter(each -> !each.replaces().isEmpty())
        .forEach(row -> {
          DatasetId dataset = row.chunk().key().dataset();
          List<ChunkKey> old =
              row.replaces().stream().sorted().map(id -> new ChunkKey(dataset, id)).toList();
          swaps.computeIfAbsent(old, any -> new ArrayList<>()).add(ProposedChunk.of(row.chunk()));
        });
    List<Command<?>> all = new ArrayList<>();
    swaps.forEach((old, young) ->
        all.add(new Command.RegisterSwap(old.get(0).dataset(), old, young, Coverage.SAME)));
    settings.ifPresent(given -> {
      add(given.pins, PlacementWish.Kind.PIN, all);
      add(given.bans, PlacementWish.Kind.BAN, all);
    });
    return all;
  }

  private void add(
      List<PlanSettings.Wish> wishes, PlacementWish.Kind kind, List<Command<?>> commands) {
    for (PlanSettings.Wish wish : wishes) {
      wish.pair(chunks, workers)
          .ifPresent(pair -> {
            ChunkKey key = chunks.row(pair.chunk()).chunk().key();
            WorkerId worker = workers.workers().get(pair.worker()).id();
            PlacementWish wanted = PlacementWish.of(kind, key, worker);
            commands.add(new Command.Wish(wanted, Command.ANY_VERSION));
          });
    }
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
   * does not name is the default of {@code plan.yaml}. A fleet with placed copies waits for no
   * further workers.
   */
  public LifecycleConfig config() {
    LifecycleConfig config =
        settings.map(PlanSettings::lifecycle).orElseGet(LifecycleConfig::defaults);
    return held.isEmpty() ? config : config.toBuilder().holdUntil(HoldUntil.NONE).build();
  }

  /** Returns the planner that the folder names; empty if it names none. */
  public Optional<String> planner() {
    return settings.filter(PlanSettings::isStateless).map(any -> "stateless");
  }
}
