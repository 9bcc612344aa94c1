package dev.stowage.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Whether floors can be packed at all: exact for chunks of one size, by augmenting paths between
 * chunks and the slots of workers. Shares no code with the planner.
 */
final class Packing {
  private final int[] slots;
  private final List<List<Integer>> on = new ArrayList<>();
  private final List<boolean[]> eligible = new ArrayList<>();
  private final List<boolean[]> holds = new ArrayList<>();

  Packing(int[] slots) {
    this.slots = slots;
    for (int worker = 0; worker < slots.length; worker++) {
      on.add(new ArrayList<>());
    }
  }

  /** Packs one more chunk on so many distinct workers, or says that there is no packing. */
  boolean pack(int floor, boolean[] mayHold) {
    int chunk = eligible.size();
    eligible.add(mayHold);
    holds.add(new boolean[slots.length]);
    for (int replica = 0; replica < floor; replica++) {
      if (!augment(chunk, new boolean[slots.length])) {
        return false;
      }
    }
    return true;
  }

  private boolean augment(int chunk, boolean[] seen) {
    for (int worker = 0; worker < slots.length; worker++) {
      if (seen[worker] || !eligible.get(chunk)[worker] || holds.get(chunk)[worker]) {
        continue;
      }
      seen[worker] = true;
      if (on.get(worker).size() < slots[worker]) {
        put(chunk, worker);
        return true;
      }
      for (int other : List.copyOf(on.get(worker))) {
        on.get(worker).remove((Integer) other);
        holds.get(other)[worker] = false;
        boolean[] without = eligible.get(other).clone();
        boolean moved = augmentOther(other, seen, without, worker);
        if (moved) {
          put(chunk, worker);
          return true;
        }
        put(other, worker);
      }
    }
    return false;
  }

  private boolean augmentOther(int other, boolean[] seen, boolean[] allowed, int except) {
    boolean[] before = eligible.get(other);
    allowed[except] = false;
    eligible.set(other, allowed);
    boolean moved = augment(other, seen);
    eligible.set(other, before);
    return moved;
  }

  private void put(int chunk, int worker) {
    on.get(worker).add(chunk);
    holds.get(chunk)[worker] = true;
  }

  /** Largest first onto the emptiest worker, with so much kept free on each: a packing exists. */
  static boolean fitsWithSlack(World world, long slack) {
    long[] room = world.workers.stream().mapToLong(w -> w.capacityBytes() - slack).toArray();
    List<World.Piece> largestFirst = new ArrayList<>(world.chunks);
    largestFirst.sort((one, other) -> Long.compare(other.size, one.size));
    for (World.Piece piece : largestFirst) {
      Integer[] workers = new Integer[room.length];
      Arrays.setAll(workers, i -> i);
      Arrays.sort(workers, (one, other) -> Long.compare(room[other], room[one]));
      for (int replica = 0; replica < piece.floor; replica++) {
        if (replica >= workers.length || room[workers[replica]] < piece.size) {
          return false;
        }
        room[workers[replica]] -= piece.size;
      }
    }
    return true;
  }
}
