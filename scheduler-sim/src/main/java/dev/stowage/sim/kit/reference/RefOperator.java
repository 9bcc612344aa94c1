package dev.stowage.sim.kit.reference;

import dev.stowage.command.Command;
import dev.stowage.command.PlacementWish;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The commands about the fleet as a whole: configuration, wishes, lineages, retention. */
final class RefOperator {
  private final RefFleet fleet;
  private final long tick;

  RefOperator(RefFleet fleet, long tick) {
    this.fleet = fleet;
    this.tick = tick;
  }

  String configure(long expected, LifecycleConfig wanted) {
    if (expected != Command.ANY_VERSION && expected != fleet.configVersion) {
      return "CONFLICT version " + fleet.configVersion;
    }
    long window = wanted.drainWindowTicks();
    long pause = Math.max(wanted.lineagePauseTicks(), Math.max(fleet.largestWindow, window));
    LifecycleConfig config = wanted.toBuilder().lineagePauseTicks(pause).unchecked();
    if (!config.violations().isEmpty()) {
      return "INVALID version " + fleet.configVersion;
    }
    if (!config.equals(fleet.config)) {
      long now = Math.max(tick, fleet.largestTick);
      long until = fleet.windowAt(now);
      if (window < fleet.config.drainWindowTicks()) {
        fleet.formerWindows.removeIf(former -> former.untilTick() <= fleet.largestTick);
        fleet.formerWindows.add(new RefFleet.FormerWindow(until, RefFleet.plus(now, until)));
      }
      if (fleet.config.confirmation().isPerWorker() && !config.confirmation().isPerWorker()) {
        fleet.workers.values().forEach(worker -> worker.isCaughtUp = false);
      }
      fleet.largestWindow = Math.max(fleet.largestWindow, window);
      Map<ChunkKey, Integer> floorsBefore = fleet.formerFloors();
      fleet.config = config;
      fleet.beginRaises(floorsBefore);
      fleet.configVersion++;
    }
    return "ACCEPTED version " + fleet.configVersion;
  }

  String wish(PlacementWish wish, long expected) {
    String refused = isOutdated(expected) ? "CONFLICT" : isUnknown(wish);
    for (PlacementWish other : fleet.wishes) {
      boolean isSamePair =
          other.worker().equals(wish.worker())
              && other.dataset().equals(wish.dataset())
              && (other.chunkId().isEmpty()
                  || wish.chunkId().isEmpty()
                  || other.chunkId().equals(wish.chunkId()));
      if (refused.isEmpty() && isSamePair && other.kind() != wish.kind()) {
        refused = "CONFLICT";
      }
    }
    boolean isOneMore = !fleet.wishes.contains(wish);
    if (refused.isEmpty() && isOneMore && fleet.wishes.size() >= Command.Bounds.WISHES) {
      refused = "TOO_LARGE";
    }
    if (refused.isEmpty() && fleet.wishes.add(wish)) {
      fleet.wishesVersion++;
    }
    return (refused.isEmpty() ? "ACCEPTED" : refused) + " version " + fleet.wishesVersion;
  }

  String unwish(PlacementWish wish, long expected) {
    String refused = isOutdated(expected) ? "CONFLICT" : "";
    if (refused.isEmpty() && fleet.wishes.remove(wish)) {
      fleet.wishesVersion++;
    } else if (refused.isEmpty()) {
      refused = isUnknown(wish);
    }
    return (refused.isEmpty() ? "ACCEPTED" : refused) + " version " + fleet.wishesVersion;
  }

  private String isUnknown(PlacementWish wish) {
    boolean isChunkKnown =
        wish.chunkId()
            .map(id -> fleet.chunks.containsKey(new ChunkKey(wish.dataset(), id)))
            .orElse(true);
    if (!isChunkKnown) {
      return "UNKNOWN_CHUNK";
    }
    return fleet.workers.containsKey(wish.worker()) ? "" : "UNKNOWN_WORKER";
  }

  String freeze(long expected, boolean isFrozen) {
    if (isOutdated(expected)) {
      return "CONFLICT version " + fleet.wishesVersion;
    }
    fleet.wishesVersion += fleet.isFrozen == isFrozen ? 0 : 1;
    fleet.isFrozen = isFrozen;
    return "ACCEPTED version " + fleet.wishesVersion;
  }

  private boolean isOutdated(long expected) {
    return expected != Command.ANY_VERSION && expected != fleet.wishesVersion;
  }

  String beginLineage(Lineage lineage) {
    if (fleet.era().token().equals(lineage)) {
      return "ACCEPTED";
    }
    if (fleet.eras.stream().anyMatch(era -> era.token().equals(lineage))) {
      return "INVALID";
    }
    long began = Math.max(tick, fleet.largestTick);
    fleet.eras.add(new RefFleet.Era(lineage, began, 0));
    if (fleet.listeningTick >= 0 && fleet.config.trust().isGuarded()) {
      fleet.listeningTick = began;
    }
    for (RefWorker worker : fleet.workers.values()) {
      worker.owesInventory |= worker.isRegistered();
      worker.waiting = lossesOf(worker.waiting);
    }
    return "ACCEPTED";
  }

  /**
   * Returns the losses among the reports: only losses are believed, including those that the last
   * applied assignment missed.
   */
  private static List<Command<?>> lossesOf(List<Command<?>> reports) {
    List<Command<?>> losses = new ArrayList<>();
    for (Command<?> report : reports) {
      if (report instanceof Command.Applied applied) {
        losses.clear();
        losses.add(new Command.Lost(applied.header(), applied.missing()));
      } else if (report instanceof Command.Lost) {
        losses.add(report);
      }
    }
    return losses;
  }

  String purge() {
    Set<ChunkKey> chunksBefore = new LinkedHashSet<>(fleet.chunks.keySet());
    Set<WorkerId> workersBefore = new LinkedHashSet<>(fleet.workers.keySet());
    int chunks = fleet.chunks.size();
    int swaps = fleet.swaps.size();
    int workers = fleet.workers.size();
    var horizons = fleet.config.retention();
    fleet
        .swaps
        .values()
        .removeIf(swap -> !swap.isPending() && tick - swap.endTick() >= horizons.swapTicks());
    fleet
        .chunks
        .values()
        .removeIf(chunk ->
            switch (chunk.state) {
              case TOMBSTONE, REJECTED -> tick - chunk.endTick >= horizons.chunkTicks();
              default -> false;
            });
    fleet
        .workers
        .entrySet()
        .removeIf(each -> {
          boolean holds =
              fleet.chunks.values().stream()
                  .anyMatch(chunk -> chunk.replicas.containsKey(each.getKey()));
          RefWorker worker = each.getValue();
          boolean isOver = tick - worker.absentSince >= horizons.workerTicks();
          boolean isRouted =
              fleet.routes.values().stream().anyMatch(to -> to.containsKey(each.getKey()));
          boolean goes = worker.isDeparted() && isOver && !holds && !isRouted;
          fleet.purgedLife = Math.max(fleet.purgedLife, goes ? worker.incarnation : 0);
          return goes;
        });
    forgetWishes(chunksBefore, workersBefore);
    return Objects.toString(dev.stowage.model.Tick.of(tick))
        + " chunks "
        + (chunks - fleet.chunks.size())
        + " swaps "
        + (swaps - fleet.swaps.size())
        + " workers "
        + (workers - fleet.workers.size());
  }

  /** Removes the wishes of removed chunks, then of removed workers: one change each. */
  private void forgetWishes(Set<ChunkKey> chunksBefore, Set<WorkerId> workersBefore) {
    boolean isOfChunk =
        fleet.wishes.removeIf(wish -> {
          ChunkKey key = wish.chunkId().map(id -> new ChunkKey(wish.dataset(), id)).orElse(null);
          return key != null && chunksBefore.contains(key) && !fleet.chunks.containsKey(key);
        });
    boolean isOfWorker =
        fleet.wishes.removeIf(wish ->
            workersBefore.contains(wish.worker()) && !fleet.workers.containsKey(wish.worker()));
    fleet.wishesVersion += (isOfChunk ? 1 : 0) + (isOfWorker ? 1 : 0);
  }
}
