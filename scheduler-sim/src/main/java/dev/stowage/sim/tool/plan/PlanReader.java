package dev.stowage.sim.tool.plan;

import dev.stowage.config.PlacementConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ChunkColumn;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.placement.PlacementInput.PlacementInputBuilder;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.PlanRequest;
import dev.stowage.placement.baseline.StatelessPlanner;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes a {@link PlanCase} of files; refuses what breaks a rule, naming all of it. */
public final class PlanReader {
  private final PlanFiles files;
  private final ProblemList problems = new ProblemList();
  private final WorkerList workers;
  private final ChunkList chunks;
  private final HeldTable held;
  private final PlanSettings settings;

  /** The held replicas beyond a floor that is a default. */
  private long beyond;

  private PlanReader(PlanFiles files) {
    this.files = files;
    FleetFolder fleet = new FleetFolder(files, problems);
    workers = fleet.workerList;
    chunks = fleet.chunkList;
    held = fleet.held;
    settings = fleet.settings.orElseGet(PlanSettings::defaults);
  }

  /**
   * Reads the files.
   *
   * @throws BadInputException if one is missing, unreadable or malformed; it tells up to ten
   *     problems of each
   */
  public static PlanCase read(PlanFiles files) throws BadInputException {
    return new PlanReader(files).read();
  }

  private PlanCase read() throws BadInputException {
    PlacementInputBuilder builder = PlacementInput.builder(settings.config());
    for (Worker worker : workers.workers()) {
      builder.addWorker(worker);
    }
    List<ChunkKey> keys = addChunks(builder);
    PlanRequest.Builder wishes = PlanRequest.builder();
    if (chunks.isComplete()) {
      addSwaps(wishes);
    }
    if (workers.isComplete() && chunks.isComplete()) {
      addWishes(builder);
      addLost(builder);
    }
    if (chunks.isComplete()) {
      settings.refuseDatasetsBeyond(chunks.lastBlocks().keySet());
    }
    if (workers.isComplete()) {
      settings.refuseLevelsBeyond(workers.levels());
    }
    problems.refuseIfAny();
    refuseDefaultFloor();
    held.addTo(builder);
    settings.addTo(builder, wishes);
    builder.request(wishes.build());
    PlacementPlanner planner =
        settings.isStateless() ? StatelessPlanner.create() : PlacementPlanner.sticky();
    return new PlanCase(builder.build(), planner, keys, largestLine(), warnings());
  }

  private List<String> warnings() {
    List<Chunk> all = new ArrayList<>();
    for (int position = 0; position < chunks.count(); position++) {
      all.add(chunks.row(position).chunk());
    }
    return settings
        .weightPolicy()
        .warnings(settings.minReplication(), settings.maxReplication(), all);
  }

  private long largestLine() {
    long line = 0;
    long largest = -1;
    for (int position = 0; position < chunks.count(); position++) {
      long size = chunks.row(position).chunk().sizeBytes();
      line = size > largest ? chunks.row(position).line() : line;
      largest = Math.max(largest, size);
    }
    return line;
  }

  private List<ChunkKey> addChunks(PlacementInputBuilder builder) {
    WeightPolicy policy = settings.weightPolicy();
    Map<DatasetId, Long> lastBlocks = chunks.lastBlocks();
    PlacementConfig config = settings.config();
    int[] assigned = new int[chunks.count()];
    held.forEachAssigned((chunk, worker) -> assigned[chunk]++);
    List<ChunkKey> keys = new ArrayList<>();
    for (int position = 0; position < chunks.count(); position++) {
      ChunkList.Row row = chunks.row(position);
      Chunk chunk = row.chunk();
      keys.add(chunk.key());
      WeightPolicy.Claim claim =
          policy.claim(chunk, lastBlocks.getOrDefault(chunk.key().dataset(), 0L));
      int at = builder.addChunk(KeyHash.of(chunk.key()), chunk.sizeBytes());
      builder.set(at, ChunkColumn.WEIGHT, claim.weight());
      int floor = claim.floor().orElse(settings.minReplication());
      builder.set(at, ChunkColumn.FLOOR, row.floor().orElse(floor));
      int cap = claim.max().orElse(settings.maxReplication());
      builder.set(at, ChunkColumn.CAP, cap);
      boolean isUnsaid = settings.lacksFloor() && row.floor().isEmpty() && claim.floor().isEmpty();
      beyond += isUnsaid ? Math.max(0, assigned[position] - Math.max(floor, cap)) : 0;
      PoolKey pool = PoolKey.of(claim.eligibility(), chunk.key().dataset(), config);
      builder.set(at, ChunkColumn.POOL, builder.pool(pool));
      builder.set(at, ChunkColumn.ADMITTED, row.admitted());
      builder.set(at, ChunkColumn.DATASET, KeyHash.of(chunk.key().dataset()));
      builder.bits(at, bits(position, row));
    }
    return keys;
  }

  private void refuseDefaultFloor() throws BadInputException {
    if (beyond == 0) {
      return;
    }
    problems.add(
        InputProblem.ofFile(
            files.held().map(Path::toString).orElse(""),
            "a floor for what is held: min_replication in --config, or a column floor in --chunks",
            "none; the default of "
                + settings.minReplication()
                + " would let "
                + beyond
                + " of the replicas go"));
    problems.refuseIfAny();
  }

  private int bits(int chunk, ChunkList.Row row) {
    int bits = row.visible() ? ChunkBits.VISIBLE : 0;
    bits |= row.established().or(row.visible() || held.names(chunk)) ? ChunkBits.ESTABLISHED : 0;
    bits |= row.marked() ? ChunkBits.PINNED : 0;
    bits |= row.raising() ? ChunkBits.RAISING : 0;
    boolean possessed = row.visible() || held.isPossessed(chunk);
    bits |= row.oncePossessed().or(possessed) ? ChunkBits.ONCE_POSSESSED : 0;
    boolean ending = chunks.isComplete() && chunks.swaps().isReplaced(chunk);
    return bits | (ending ? ChunkBits.ENDING : 0);
  }

  private void addSwaps(PlanRequest.Builder wishes) {
    Swaps swaps = chunks.swaps();
    for (int swap = 0; swap < swaps.count(); swap++) {
      wishes.addSwap();
    }
    for (int chunk = 0; chunk < chunks.count(); chunk++) {
      if (swaps.producing(chunk) >= 0) {
        wishes.newSide(chunk, swaps.producing(chunk));
      }
    }
    for (int swap = 0; swap < swaps.count(); swap++) {
      Set<Integer> earlier = new HashSet<>();
      for (int old : swaps.oldSide(swap)) {
        if (swaps.producing(old) >= 0 && earlier.add(swaps.producing(old))) {
          wishes.waitsFor(swap, swaps.producing(old));
        }
      }
    }
  }

  private void addWishes(PlacementInputBuilder builder) {
    Set<PlanSettings.Wish.Pair> pinned = new HashSet<>();
    for (PlanSettings.Wish wish : settings.pins) {
      Optional<PlanSettings.Wish.Pair> pair = pair(wish, "pins");
      pair.ifPresent(found -> builder.pin(found.chunk(), found.worker()));
      pair.ifPresent(pinned::add);
    }
    for (PlanSettings.Wish wish : settings.bans) {
      Optional<PlanSettings.Wish.Pair> pair = pair(wish, "bans");
      pair.ifPresent(found -> builder.ban(found.chunk(), found.worker()));
      if (pair.isPresent() && pinned.contains(pair.get())) {
        refuse(wish, "bans", "a pair that is not pinned too");
      }
    }
  }

  private void addLost(PlacementInputBuilder builder) {
    for (PlanSettings.Lost lost : settings.recentlyLost) {
      Optional<ChunkKey> key = ChunkNames.find(lost.text(), it -> chunks.position(it) >= 0);
      if (key.isPresent()) {
        builder.set(chunks.position(key.get()), ChunkColumn.RECENTLY_LOST, lost.replicas());
      } else {
        problems.add(
            new InputProblem(
                files.config().map(Object::toString).orElse(""),
                lost.line(),
                PlanSettings.RECENTLY_LOST,
                "dataset/chunk_id of a listed chunk",
                InputProblem.quoted(lost.text())));
      }
    }
  }

  private Optional<PlanSettings.Wish.Pair> pair(PlanSettings.Wish wish, String key) {
    Optional<PlanSettings.Wish.Pair> pair = wish.pair(chunks, workers);
    if (pair.isEmpty()) {
      refuse(wish, key, "dataset/chunk_id@worker_id of a listed chunk and a listed worker");
    }
    return pair;
  }

  private void refuse(PlanSettings.Wish wish, String key, String expected) {
    String file = files.config().map(Object::toString).orElse("");
    problems.add(
        new InputProblem(file, wish.line(), key, expected, InputProblem.quoted(wish.text())));
  }
}
