package dev.stowage.lifecycle.steps;

import dev.stowage.command.Annex;
import dev.stowage.command.Command;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.PendingReports;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.Chunk;
import dev.stowage.model.Lineage;
import dev.stowage.shape.ValueField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Executes the commands about the fleet: configuration, wishes, freezes, annexes and lineages. */
public final class FleetCommands {
  private static final int MOST_WARNINGS = 10;

  private final Tables tables;
  private final Journal journal;
  private final long tick;

  public FleetCommands(Journal journal, long tick) {
    this.journal = journal;
    this.tick = tick;
    tables = journal.tables;
  }

  public Result.Versioned configure(long expectedVersion, LifecycleConfig wanted) {
    FleetRow fleet = tables.fleet;
    if (expectedVersion != Command.ANY_VERSION && expectedVersion != fleet.configVersion()) {
      return versioned(ResultCode.CONFLICT, fleet.configVersion());
    }
    long largest = Math.max(fleet.largestWindowTicks(), wanted.drainWindowTicks());
    LifecycleConfig config =
        wanted.toBuilder()
            .lineagePauseTicks(Math.max(wanted.lineagePauseTicks(), largest))
            .unchecked();
    List<String> violated = config.violations();
    if (!violated.isEmpty()) {
      return new Result.Versioned(ResultCode.INVALID, fleet.configVersion(), violated);
    }
    if (!config.equals(fleet.config())) {
      tables.nextSilence = 0;
      replace(fleet, config);
    }
    return new Result.Versioned(
        ResultCode.ACCEPTED, tables.fleet.configVersion(), warnings(config));
  }

  private List<String> warnings(LifecycleConfig config) {
    WeightPolicy policy = config.weights();
    Iterable<Chunk> live =
        () ->
            IntStream.range(0, policy.all().isEmpty() ? 0 : tables.chunks.limit())
                .filter(at -> tables.chunks.exists(at) && tables.chunks.isLive(at))
                .mapToObj(tables.chunks::row)
                .map(ChunkRow::chunk)
                .iterator();
    return policy.warnings(config.minReplication(), config.maxReplication(), live).stream()
        .limit(MOST_WARNINGS)
        .toList();
  }

  public Result.Versioned wish(PlacementWish wish, long expectedVersion) {
    FleetRow fleet = tables.fleet;
    if (isOutdated(expectedVersion)) {
      return versioned(ResultCode.CONFLICT, fleet.wishesVersion());
    }
    if (wish.chunkId().isPresent() && !isKnown(wish)) {
      return versioned(ResultCode.UNKNOWN_CHUNK, fleet.wishesVersion());
    }
    if (tables.workers.find(wish.worker()) < 0) {
      return versioned(ResultCode.UNKNOWN_WORKER, fleet.wishesVersion());
    }
    for (PlacementWish other : fleet.wishes()) {
      if (other.kind() != wish.kind() && other.meets(wish)) {
        return versioned(ResultCode.CONFLICT, fleet.wishesVersion());
      }
    }
    if (!fleet.wishes().contains(wish)) {
      if (fleet.wishes().size() >= Command.Bounds.WISHES) {
        String why =
            ValueField.tooMany(
                "wishes", fleet.wishes().size() + 1L, Command.Bounds.WISHES, "pins and bans");
        return new Result.Versioned(ResultCode.TOO_LARGE, fleet.wishesVersion(), List.of(why));
      }
      List<PlacementWish> more = new ArrayList<>(fleet.wishes());
      more.add(wish);
      more.sort(PlacementWish.ORDER);
      wishes(journal, more);
    }
    return versioned(ResultCode.ACCEPTED, tables.fleet.wishesVersion());
  }

  public Result.Versioned unwish(PlacementWish wish, long expectedVersion) {
    FleetRow fleet = tables.fleet;
    if (isOutdated(expectedVersion)) {
      return versioned(ResultCode.CONFLICT, fleet.wishesVersion());
    }
    if (fleet.wishes().contains(wish)) {
      List<PlacementWish> fewer = new ArrayList<>(fleet.wishes());
      fewer.remove(wish);
      wishes(journal, fewer);
    } else if (wish.chunkId().isPresent() && !isKnown(wish)) {
      return versioned(ResultCode.UNKNOWN_CHUNK, fleet.wishesVersion());
    } else if (tables.workers.find(wish.worker()) < 0) {
      return versioned(ResultCode.UNKNOWN_WORKER, fleet.wishesVersion());
    }
    return versioned(ResultCode.ACCEPTED, tables.fleet.wishesVersion());
  }

  public Result.Versioned freeze(long expectedVersion) {
    return switchFreeze(expectedVersion, true);
  }

  public Result.Versioned unfreeze(long expectedVersion) {
    return switchFreeze(expectedVersion, false);
  }

  public Result.Answer keep(Annex annex) {
    boolean isNew = !tables.fleet.annexes().containsKey(annex.kind());
    if (isNew && tables.fleet.annexes().size() >= Command.Bounds.ANNEXES) {
      String why =
          ValueField.tooMany(
              "annexes", tables.fleet.annexes().size() + 1L, Command.Bounds.ANNEXES, "names");
      return new Result.Answer(ResultCode.TOO_LARGE, List.of(why));
    }
    Optional<String> refusal = KeptValue.refusal(annex);
    if (refusal.isPresent()) {
      return new Result.Answer(ResultCode.INVALID, List.of(refusal.get()));
    }
    if (!annex.equals(tables.fleet.annexes().get(annex.kind()))) {
      tables.keep(annex);
    }
    return Result.Answer.of(ResultCode.ACCEPTED);
  }

  /** Counts no worker until its inventory under the new lineage was consumed. */
  public Result.Answer beginLineage(Lineage lineage) {
    if (tables.fleet.lineage().equals(lineage)) {
      return Result.Answer.of(ResultCode.ACCEPTED);
    }
    if (tables.chunks.lineages().contains(lineage)) {
      String why = "lineage " + lineage + " was one of this fleet before";
      return new Result.Answer(ResultCode.INVALID, List.of(why));
    }
    FleetRow fleet = tables.fleet;
    List<FleetRow.LineageRow> lineages = new ArrayList<>(fleet.lineages());
    long began = Math.max(tick, fleet.largestTick());
    lineages.add(new FleetRow.LineageRow(lineage, began, 0));
    boolean listens = fleet.hasCycled() && fleet.config().trust().isGuarded();
    journal.fleet(it ->
        it.with(FleetRow.LINEAGES, lineages)
            .with(FleetRow.TIME, listens ? fleet.time().listening(began) : fleet.time()));
    tables.chunks.lineage(lineage);
    for (int position : tables.workers.order()) {
      WorkerRow known = tables.workers.entry(position);
      journal.worker(
          position,
          it ->
              it.with(WorkerRow.OWES_INVENTORY, known.owesInventory() || known.isRegistered())
                  .with(WorkerRow.PENDING, PendingReports.lossesOf(known.pending())));
      journal.touchAllOn(position);
    }
    return Result.Answer.of(ResultCode.ACCEPTED);
  }

  private void replace(FleetRow fleet, LifecycleConfig config) {
    LifecycleConfig old = fleet.config();
    long oldWindow = fleet.windowAt(Math.max(tick, fleet.largestTick()));
    int[] floors = tables.rules.raises.floors();
    List<FleetRow.FormerWindow> former = new ArrayList<>(fleet.formerWindows());
    if (config.drainWindowTicks() < old.drainWindowTicks()) {
      long changed = Math.max(tick, fleet.largestTick());
      former.removeIf(window -> window.untilTick() <= fleet.largestTick());
      former.add(new FleetRow.FormerWindow(oldWindow, 0).begunAt(changed));
    }
    journal.fleet(it ->
        it.with(FleetRow.CONFIG, config)
            .with(FleetRow.CONFIG_VERSION, fleet.configVersion() + 1)
            .with(
                FleetRow.LARGEST_WINDOW,
                Math.max(fleet.largestWindowTicks(), config.drainWindowTicks()))
            .with(FleetRow.FORMER_WINDOWS, former));
    tables.rules.raises.begin(floors);
    boolean becomesQuorum =
        old.confirmation().isPerWorker() && !config.confirmation().isPerWorker();
    if (becomesQuorum) {
      for (int position : tables.workers.order()) {
        journal.worker(position, it -> it.with(WorkerRow.CAUGHT_UP, false));
      }
    }
    for (int chunk = 0; chunk < tables.chunks.limit(); chunk++) {
      tables.reindex(chunk);
    }
  }

  private Result.Versioned switchFreeze(long expectedVersion, boolean frozen) {
    if (isOutdated(expectedVersion)) {
      return versioned(ResultCode.CONFLICT, tables.fleet.wishesVersion());
    }
    if (tables.fleet.frozen() != frozen) {
      long version = tables.fleet.wishesVersion() + 1;
      journal.fleet(it -> it.with(FleetRow.FROZEN, frozen).with(FleetRow.WISHES_VERSION, version));
    }
    return versioned(ResultCode.ACCEPTED, tables.fleet.wishesVersion());
  }

  static void wishes(Journal journal, List<PlacementWish> wishes) {
    long version = journal.tables.fleet.wishesVersion() + 1;
    journal.fleet(it -> it.with(FleetRow.WISHES, wishes).with(FleetRow.WISHES_VERSION, version));
  }

  private boolean isOutdated(long expectedVersion) {
    return expectedVersion != Command.ANY_VERSION
        && expectedVersion != tables.fleet.wishesVersion();
  }

  private boolean isKnown(PlacementWish wish) {
    return wish.chunkId()
        .map(id -> tables.chunks.find(new dev.stowage.model.ChunkKey(wish.dataset(), id)) >= 0)
        .orElse(true);
  }

  private static Result.Versioned versioned(ResultCode code, long version) {
    return new Result.Versioned(code, version, List.of());
  }
}
