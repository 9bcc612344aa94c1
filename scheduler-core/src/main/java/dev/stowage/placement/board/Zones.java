package dev.stowage.placement.board;

import dev.stowage.placement.fleet.Fill;

/** Questions about the zones of one chunk, and about the fill of two workers. Stateless. */
public final class Zones {
  private Zones() {}

  /** In how many zones the chunk in focus lies after a move; exact up to the number it needs. */
  public static int afterMove(Board board, int chunk, int from, int to) {
    int zones = board.zonesSeen;
    int slot = board.slots.find(chunk, from);
    boolean leavesZone =
        slot >= 0 && !board.isMisplaced(chunk, from) && !isShared(board, chunk, slot);
    boolean sameZone = board.fleet.zone[from] == board.fleet.zone[to];
    if (leavesZone && !sameZone) {
      zones--;
    }
    return board.inNewZone(to) ? zones + 1 : zones;
  }

  /**
   * Whether another sound replica of the chunk lies in the slot's zone, and will stay there: one
   * that has to go counts for no zone, here as in {@link Board#focus}.
   */
  public static boolean isShared(Board board, int chunk, int slot) {
    int zone = board.fleet.zone[board.slots.worker(slot)];
    int end = board.slots.end(chunk);
    for (int other = board.slots.begin(chunk); other < end; other++) {
      int worker = board.slots.worker(other);
      if (other != slot
          && board.fleet.zone[worker] == zone
          && Slots.isSound(board.slots.bits(other))
          && board.fleet.present[worker]
          && !board.isMisplaced(chunk, worker)) {
        return true;
      }
    }
    return false;
  }

  /** Whether one worker lies higher against its level than another, by share of capacity. */
  public static boolean isFuller(Board board, int one, int other) {
    return Fill.compare(
            board.head(one),
            board.fleet.capacity[one],
            board.head(other),
            board.fleet.capacity[other])
        < 0;
  }
}
