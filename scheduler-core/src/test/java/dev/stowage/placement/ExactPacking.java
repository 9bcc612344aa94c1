package dev.stowage.placement;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether the floors of chunks of any sizes can be packed at all: exact, by trying every choice of
 * workers for one chunk after the other, the largest first. For few chunks on few workers. Shares
 * no code with the planner.
 */
final class ExactPacking {
  private final long[] room;
  private final int[] spare;
  private final boolean[][] mayHold;
  private final List<World.Piece> pieces;
  private final World world;
  private final Set<Integer> chosen = new HashSet<>();

  private ExactPacking(World world, Collection<Integer> chunks) {
    this.world = world;
    room = world.workers.stream().mapToLong(worker -> worker.capacityBytes()).toArray();
    spare = world.workers.stream().mapToInt(worker -> worker.maxReplicas()).toArray();
    pieces =
        chunks.stream()
            .map(world.chunks::get)
            .sorted((one, other) -> Long.compare(other.size, one.size))
            .toList();
    mayHold = new boolean[pieces.size()][room.length];
    for (int piece = 0; piece < mayHold.length; piece++) {
      for (int worker = 0; worker < room.length; worker++) {
        mayHold[piece][worker] = pieces.get(piece).eligibility.admits(world.workers.get(worker));
      }
    }
  }

  /** Whether all of these chunks have a packing together. */
  static boolean exists(World world, Collection<Integer> chunks) {
    ExactPacking packing = new ExactPacking(world, chunks);
    return packing.place(0, 0, chunks.isEmpty() ? 0 : packing.pieces.get(0).floor);
  }

  /** Places so many more replicas of a piece on workers from {@code first} on, then the others. */
  private boolean place(int piece, int first, int missing) {
    if (piece == pieces.size()) {
      return true;
    }
    if (missing == 0) {
      int next = piece + 1;
      Set<Integer> done = new HashSet<>(chosen);
      chosen.clear();
      boolean found = place(next, 0, next == pieces.size() ? 0 : pieces.get(next).floor);
      chosen.addAll(done);
      return found;
    }
    long size = pieces.get(piece).size;
    for (int worker = first; worker < room.length; worker++) {
      boolean takes = mayHold[piece][worker] && room[worker] >= size && spare[worker] > 0;
      chosen.add(worker);
      takes &= DomainWorld.isAllowed(world, worker, chosen);
      if (takes && hasRoomForRest(piece)) {
        room[worker] -= size;
        spare[worker]--;
        boolean found = place(piece, worker + 1, missing - 1);
        room[worker] += size;
        spare[worker]++;
        if (found) {
          return true;
        }
      }
      chosen.remove(worker);
    }
    return false;
  }

  private boolean hasRoomForRest(int from) {
    long bytes = 0;
    for (int piece = from + 1; piece < pieces.size(); piece++) {
      bytes += pieces.get(piece).size * pieces.get(piece).floor;
    }
    return Arrays.stream(room).sum() >= bytes;
  }
}
