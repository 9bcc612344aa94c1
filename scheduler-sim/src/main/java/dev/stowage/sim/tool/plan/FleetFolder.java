package dev.stowage.sim.tool.plan;

import dev.stowage.command.Command;
import dev.stowage.command.Command.Coverage;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.ProposedChunk;
import dev.stowage.config.HoldUntil;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.csv.CsvFile;
import dev.stowage.sim.tool.csv.ProblemList;
import dev.stowage.sim.tool.yaml.YamlFile;
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
  final WorkerList workerList;
  final ChunkList chunkList;
  final HeldTable held;
  final Optional<PlanSettings> settings;

  /** Reads files; what is wrong with them is recorded. */
  FleetFolder(PlanFiles files, ProblemList problems) {
    workerList = WorkerList.read(CsvFile.at(files.workers()), problems);
    chunkList = ChunkList.read(CsvFile.at(files.chunks()), problems);
    held =
        files
            .held()
            .map(path -> HeldTable.read(CsvFile.at(path), workerList, chunkList, problems))
            .orElseGet(() -> HeldTable.nothing(workerList, chunkList));
    settings =
        files
            .config()
            .flatMap(path ->
                YamlFile.read(path, problems)
                    .map(root -> PlanSettings.of(path.toString(), root, problems)));
  }

  /**
   * Reads a folder.
   *
   * @throws BadInputException if a file of it is missing, unreadable or malformed; it tells up to
   *     ten problems of each
   */
  public static FleetFolder read(Path folder) throws BadInputException {
    ProblemList problems = new ProblemList();
    FleetFolder read = new FleetFolder(PlanInputs.exported(folder), problems);
    read.settings.ifPresent(PlanSettings::refuseViolations);
    problems.refuseIfAny();
    return read;
  }

  /** Returns the workers that have not departed, with their status; who is away is back. */
  public List<Worker> workers() {
    return workerList.workers().stream()
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
    return IntStream.range(0, chunkList.count()).mapToObj(chunkList::row);
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
      wish.pair(chunkList, workerList)
          .ifPresent(pair -> {
            ChunkKey key = chunkList.row(pair.chunk()).chunk().key();
            WorkerId worker = workerList.workers().get(pair.worker()).id();
            PlacementWish wanted = PlacementWish.of(kind, key, worker);
            commands.add(new Command.Wish(wanted, Command.ANY_VERSION));
          });
    }
  }

  /** Visits the replicas that are assigned to workers that have not departed. */
  public void forEachAssigned(BiConsumer<ChunkKey, WorkerId> visitor) {
    held.forEachAssigned((chunk, worker) -> {
      Worker holder = workerList.workers().get(worker);
      if (holder.status() != WorkerStatus.DEPARTED) {
        visitor.accept(chunkList.row(chunk).chunk().key(), holder.id());
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
