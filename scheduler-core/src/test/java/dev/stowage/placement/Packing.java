package dev.stowage.placement;

import dev.stowage.model.Worker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/**
 * An exact check whether replicas can lie on workers together, within capacities, counts and limits
 * of domains, and of the least cost: it tries every choice of workers for one chunk after the
 * other. For few chunks on few workers. Shares no code with the planner.
 */
final class Packing {
  private static final long NONE = Long.MAX_VALUE;

  /** Replicas of one chunk to be placed, beside others of it that stay where they are. */
  private record Demand(
      long size, int count, Set<Integer> stays, int[] takers, IntToLongFunction cost) {}

  private final World world;
  private final long[] room;
  private final int[] spare;

  /** The most room that each worker may have left in the end, in bytes. */
  private final long[] mostLeft;

  private final List<Demand> demands = new ArrayList<>();
  private final Map<List<Long>, Long> known = new HashMap<>();

  /** An empty question: what the workers of a world have room for. */
  Packing(World world) {
    this.world = world;
    room = world.workers.stream().mapToLong(Worker::capacityBytes).toArray();
    spare = world.workers.stream().mapToInt(Worker::maxReplicas).toArray();
    mostLeft = new long[room.length];
    Arrays.fill(mostLeft, NONE);
  }

  /** Reports whether the floors of all of these chunks can lie on active workers together. */
  static boolean existsFor(World world, Collection<Integer> chunks) {
    Packing packing = new Packing(world);
    for (int chunk : chunks) {
      packing.place(chunk, world.chunks.get(chunk).floor);
    }
    return packing.exists();
  }

  static boolean existsForAll(World world) {
    return existsFor(world, IntStream.range(0, world.chunks.size()).boxed().toList());
  }

  /** Asks for so many replicas of a chunk on workers that take it. */
  void place(int chunk, int count) {
    place(chunk, count, Set.of(), worker -> world.takes(chunk, worker), worker -> 0);
  }

  /** Asks for replicas on some workers, beside those that stay on others and have room there. */
  void place(int chunk, int count, Set<Integer> stays, IntPredicate takes, IntToLongFunction cost) {
    int[] takers =
        IntStream.range(0, room.length)
            .filter(worker -> takes.test(worker) && !stays.contains(worker))
            .toArray();
    demands.add(new Demand(world.chunks.get(chunk).size, count, stays, takers, cost));
  }

  /** Takes up room for bytes that nobody can move. */
  void occupy(int worker, long bytes) {
    room[worker] -= bytes;
    spare[worker]--;
  }

  /** Asks for at least so many bytes on a worker, and forgets its capacity and count. */
  void fill(int worker, long least) {
    room[worker] = NONE / 2;
    spare[worker] = Integer.MAX_VALUE;
    mostLeft[worker] = room[worker] - least;
  }

  boolean exists() {
    return cheapest() < NONE;
  }

  /** Returns the least cost of placing all, {@link Long#MAX_VALUE} if they do not fit. */
  long cheapest() {
    demands.sort((one, other) -> Long.compare(other.size, one.size));
    known.clear();
    return cheapest(0);
  }

  private long cheapest(int at) {
    if (at == demands.size()) {
      boolean isFull =
          IntStream.range(0, room.length).allMatch(worker -> room[worker] <= mostLeft[worker]);
      return isFull ? 0 : NONE;
    }
    List<Long> state = new ArrayList<>(room.length + 1);
    state.add((long) at);
    for (int worker = 0; worker < room.length; worker++) {
      state.add(room[worker]);
      state.add((long) spare[worker]);
    }
    Long found = known.get(state);
    if (found == null) {
      Demand demand = demands.get(at);
      found = choose(at, demand, 0, demand.count, new HashSet<>(demand.stays));
      known.put(state, found);
    }
    return found;
  }

  private long choose(int at, Demand demand, int from, int missing, Set<Integer> chosen) {
    if (missing == 0) {
      return cheapest(at + 1);
    }
    long best = NONE;
    for (int i = from; i <= demand.takers.length - missing && best > 0; i++) {
      int worker = demand.takers[i];
      if (room[worker] >= demand.size && spare[worker] > 0) {
        chosen.add(worker);
        if (world.isAllowed(worker, chosen)) {
          room[worker] -= demand.size;
          spare[worker]--;
          long rest = choose(at, demand, i + 1, missing - 1, chosen);
          best = rest == NONE ? best : Math.min(best, rest + demand.cost.applyAsLong(worker));
          room[worker] += demand.size;
          spare[worker]++;
        }
        chosen.remove(worker);
      }
    }
    return best;
  }
}
