package dev.stowage.sim.kit.reference;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig.Gates;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The visibility cycle, section 4. */
final class RefVisibility {
  private final RefFleet fleet;
  private final long tick;
  private final long windowEnd;
  private final List<RefReplica> released = new ArrayList<>();
  private final Set<ChunkKey> shownBySwaps = new HashSet<>();
  private final List<WorkerId> waiting;
  private int recalled;
  private boolean isMore;

  /** Creates a cycle; windows begin at the larger of {@code tick} and its commit tick. */
  RefVisibility(RefFleet fleet, long tick, LeaderCommand.Publish publish) {
    this.fleet = fleet;
    this.tick = tick;
    waiting = publish.waiting();
    long begin = Math.max(tick, publish.commitTick());
    windowEnd = RefFleet.plus(begin, fleet.windowAt(begin));
  }

  String run() {
    List<WorkerId> guarded = new RefNews(fleet, tick).takeIn(false, waiting);
    List<Long> fired = fire();
    List<ChunkKey> promoted = promote();
    List<ChunkKey> dropped = drop();
    List<RefChunk> visible = fleet.canonicalChunks().stream().filter(RefChunk::isVisible).toList();
    visible.forEach(this::release);
    visible.forEach(this::recall);
    Map<ChunkKey, TreeMap<WorkerId, String>> routes = name();
    boolean isMinted = !routes.equals(fleet.routes);
    fleet.routes = routes;
    if (isMinted) {
      fleet.portalAssignment++;
    }
    released.forEach(replica -> replica.releasedAt = fleet.portalAssignment);
    TreeMap<String, Object> words = new TreeMap<>();
    words.put(
        "minted",
        isMinted ? Optional.of(PortalAssignmentId.of(fleet.portalAssignment)) : Optional.empty());
    words.put("fired", fired);
    words.put("promoted", promoted);
    words.put("dropped", dropped);
    words.put("released", released.size());
    words.put("recalled", recalled);
    words.put("unavailable", unavailable());
    words.put("held back", List.of());
    words.put("guarded", guarded);
    words.put("more", isMore);
    return Tick.of(tick) + " " + words;
  }

  private List<Long> fire() {
    List<Long> fired = new ArrayList<>();
    RefSwap ready = nextReady();
    while (ready != null) {
      fleet.swaps.put(ready.id(), ready.ended(SwapState.FIRED, tick));
      ready.oldSide().forEach(key -> known(key).isMarked = true);
      fired.add(ready.id());
      shownBySwaps.addAll(ready.newSide());
      ready = nextReady();
    }
    return fired;
  }

  private @Nullable RefSwap nextReady() {
    for (RefSwap swap : fleet.swaps.values()) {
      boolean isReady =
          swap.isPending()
              && swap.newSide().stream().allMatch(key -> fleet.promotable(known(key)))
              && swap.oldSide().stream().allMatch(key -> fleet.producing(key) == null);
      long shown = shownBySwaps.size() + (long) swap.newSide().size();
      if (isReady && (shownBySwaps.isEmpty() || shown <= fleet.config.maxChunksPerCycle())) {
        return swap;
      }
      isMore |= isReady;
    }
    return null;
  }

  private List<ChunkKey> promote() {
    List<ChunkKey> promoted = new ArrayList<>();
    long room = fleet.config.maxChunksPerCycle() - shownBySwaps.size();
    long shownAlone = 0;
    for (RefChunk chunk : fleet.canonicalChunks()) {
      if (fleet.promotable(chunk) && fleet.producing(chunk.key) == null) {
        boolean isOfSwap = shownBySwaps.contains(chunk.key);
        if (isOfSwap || shownAlone < room) {
          chunk.state = ChunkState.VISIBLE;
          promoted.add(chunk.key);
          shownAlone += isOfSwap ? 0 : 1;
        } else {
          isMore = true;
        }
      }
    }
    return promoted;
  }

  private List<ChunkKey> drop() {
    List<ChunkKey> dropped = new ArrayList<>();
    for (RefChunk chunk : fleet.canonicalChunks()) {
      if (chunk.isVisible() && chunk.isMarked) {
        chunk.state = ChunkState.DROPPED;
        chunk.endTick = windowEnd;
        dropped.add(chunk.key);
      }
    }
    return dropped;
  }

  private void release(RefChunk chunk) {
    int assigned = 0;
    int routed = 0;
    int anywhere = 0;
    int counted = 0;
    for (Map.Entry<WorkerId, RefReplica> each : chunk.replicas.entrySet()) {
      boolean isAssigned = each.getValue().isAssigned();
      boolean isRouted = fleet.routed(chunk, each.getKey());
      boolean isWaitedFor = isRouted || !fleet.holder(each.getKey()).isAway();
      assigned += isAssigned && isWaitedFor ? 1 : 0;
      routed += isRouted ? 1 : 0;
      anywhere += isAssigned && isRouted ? 1 : 0;
      boolean stands = fleet.holder(each.getKey()).isCounted();
      counted += isAssigned && isRouted && stands ? 1 : 0;
    }
    int need = Math.min(Math.max(fleet.floor(chunk), assigned), routed);
    need = fleet.config.gates() == Gates.NONE ? 1 : need;
    for (Map.Entry<WorkerId, RefReplica> each : chunk.replicas.entrySet()) {
      RefReplica replica = each.getValue();
      int have = fleet.holder(each.getKey()).isCounted() ? counted : anywhere;
      boolean isPast =
          fleet.config.confirmation().isPerWorker() || fleet.watermark >= replica.supersededAt;
      if (replica.isSuperseded() && fleet.routed(chunk, each.getKey()) && have >= need && isPast) {
        replica.releasedAt = fleet.portalAssignment + 1;
        replica.readableUntil = windowEnd;
        released.add(replica);
      }
    }
  }

  private void recall(RefChunk chunk) {
    int wanted = fleet.config.gates() == Gates.NONE ? 1 : fleet.floor(chunk);
    int routed = routedCount(chunk);
    for (WorkerId id : chunk.replicas.keySet()) {
      RefReplica replica = fleet.replica(chunk, id);
      boolean isThere = fleet.possessed(chunk, id) && fleet.confirmed(chunk, id);
      boolean isPresent = fleet.holder(id).isPresent();
      if (routed < wanted && replica.isDraining() && isThere && isPresent) {
        replica.releasedAt = 0;
        recalled++;
        routed++;
      }
    }
  }

  private int routedCount(RefChunk chunk) {
    return (int) chunk.replicas.keySet().stream().filter(id -> fleet.routed(chunk, id)).count();
  }

  /** Returns the new routes; starts a window for each replica that they stop naming. */
  private Map<ChunkKey, TreeMap<WorkerId, String>> name() {
    Map<ChunkKey, TreeMap<WorkerId, String>> routes = new TreeMap<>();
    for (RefChunk chunk : fleet.chunks.values()) {
      TreeMap<WorkerId, String> to = new TreeMap<>();
      chunk.replicas.forEach((id, replica) -> {
        boolean isNamed = fleet.routed(chunk, id);
        if (isNamed) {
          String zone = fleet.holder(id).description.zone();
          to.put(id, zone.equals(id.value()) ? "" : zone);
          replica.readableUntil = 0;
        } else if (replica.isNamed) {
          replica.readableUntil = windowEnd;
        }
        replica.isNamed = isNamed;
      });
      if (chunk.isVisible()) {
        routes.put(chunk.key, to);
      }
    }
    return routes;
  }

  private List<ChunkKey> unavailable() {
    return fleet.canonicalChunks().stream()
        .filter(chunk -> chunk.isVisible() && routedCount(chunk) == 0)
        .map(chunk -> chunk.key)
        .toList();
  }

  private RefChunk known(ChunkKey key) {
    return Objects.requireNonNull(fleet.chunks.get(key), "chunk");
  }
}
