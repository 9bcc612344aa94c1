package dev.stowage.sim.kit.scenario.draw;

import dev.stowage.command.PlacementWish;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.sim.kit.scenario.oracles.ReplicaSlots;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A check whether the floors of all live chunks, and what absences ask for, fit onto the empty
 * active workers, with room for one more of the largest chunks on each. If it finds a packing, a
 * planner that leaves a floor short has no excuse. It shares no code with the planner, and finds
 * fewer packings than exist.
 */
public final class Packing {
  private record Piece(
      long sizeBytes, int floor, Eligibility eligibility, Predicate<WorkerId> isRefused) {}

  private static final class Room {
    private final Worker worker;
    private long freeBytes;
    private long spare;

    Room(Worker worker, long slackBytes) {
      this.worker = worker;
      this.freeBytes = worker.capacityBytes() - slackBytes;
      this.spare = worker.maxReplicas() - 1L;
    }

    boolean takes(Piece piece) {
      return freeBytes >= piece.sizeBytes()
          && spare > 0
          && piece.eligibility().admits(worker)
          && !piece.isRefused().test(worker.id());
    }
  }

  private Packing() {}

  /** Reports whether everything fits without the workers of {@code without}. */
  public static boolean fits(LifecycleView fleet, List<WorkerId> without) {
    List<Piece> pieces = new ArrayList<>();
    fleet.forEachChunk(chunk -> {
      if (fleet.isLive(chunk)) {
        ChunkKey key = fleet.chunkKey(chunk);
        Set<WorkerId> banned = banned(fleet, key);
        pieces.add(
            new Piece(
                fleet.chunkSizeBytes(chunk),
                ReplicaSlots.beforeBonuses(fleet, chunk),
                fleet.eligibility(chunk),
                id ->
                    banned.contains(id)
                        || ReplicaSlots.mayRefuse(fleet, key.dataset(), fleet.workerPosition(id))));
      }
    });
    long slack = pieces.stream().mapToLong(Piece::sizeBytes).max().orElse(0);
    List<Room> rooms = new ArrayList<>();
    fleet.forEachWorker(worker -> {
      boolean isActive =
          fleet.workerRow(worker).status() == WorkerStatus.ACTIVE && fleet.isPlaceable(worker);
      if (isActive && !without.contains(fleet.workerId(worker))) {
        rooms.add(new Room(fleet.worker(worker), slack));
      }
    });
    pieces.sort(Comparator.comparingLong(Piece::sizeBytes).reversed());
    Map<Integer, Integer> limits = fleet.config().placement().maxPerDomain();
    return pieces.stream().allMatch(piece -> pack(piece, rooms, limits));
  }

  private static Set<WorkerId> banned(LifecycleView fleet, ChunkKey chunk) {
    Set<WorkerId> banned = new HashSet<>();
    for (PlacementWish wish : fleet.wishes()) {
      boolean isMeant = wish.chunkId().map(id -> id.equals(chunk.id())).orElse(true);
      if (wish.kind() == PlacementWish.Kind.BAN
          && wish.dataset().equals(chunk.dataset())
          && isMeant) {
        banned.add(wish.worker());
      }
    }
    return banned;
  }

  private static boolean isOpen(Worker worker, List<Worker> beside, Map<Integer, Integer> limits) {
    boolean isOpen = true;
    for (Map.Entry<Integer, Integer> limit : limits.entrySet()) {
      int level = limit.getKey();
      long in = beside.stream().filter(it -> it.domain(level).equals(worker.domain(level))).count();
      isOpen &= in < limit.getValue();
    }
    return isOpen;
  }

  private static boolean pack(Piece piece, List<Room> rooms, Map<Integer, Integer> limits) {
    rooms.sort(Comparator.comparingLong((Room room) -> room.freeBytes).reversed());
    List<Worker> placed = new ArrayList<>();
    for (Room room : rooms) {
      boolean isOpen = placed.size() < piece.floor() && isOpen(room.worker, placed, limits);
      if (isOpen && room.takes(piece)) {
        room.freeBytes -= piece.sizeBytes();
        room.spare--;
        placed.add(room.worker);
      }
    }
    return placed.size() >= piece.floor();
  }
}
