package dev.stowage.placement;

import java.util.Arrays;
import java.util.Map;

/**
 * The fewest bytes that have to be copied so that each chunk ends with as many replicas as a plan
 * gives it, on workers that may have them, and each worker with at least so many bytes: exact, by
 * trying every choice. For few chunks on few workers. Shares no code with the planner.
 */
final class LeastCopies {
  private final World world;
  private final long[] needs;
  private final boolean[][] good;
  private final boolean[][] stayable;
  private final int[] counts;
  private long best = Long.MAX_VALUE;

  private LeastCopies(World world, PlacementPlan plan) {
    this.world = world;
    int workers = world.workers.size();
    good = new boolean[world.chunks.size()][workers];
    stayable = new boolean[good.length][workers];
    counts = new int[good.length];
    long[] end = new long[workers];
    long[] begin = new long[workers];
    int[] copies = new int[workers];
    for (int chunk = 0; chunk < good.length; chunk++) {
      World.Piece piece = world.chunks.get(chunk);
      for (int worker = 0; worker < workers; worker++) {
        good[chunk][worker] = mayStay(world, chunk, worker);
        boolean wanted = plan.wants(chunk, worker);
        counts[chunk] += wanted && good[chunk][worker] ? 1 : 0;
        end[worker] += wanted && good[chunk][worker] ? piece.size : 0;
        Integer bits = piece.held.get(worker);
        boolean assigned = bits != null && (bits & ReplicaBits.STATE_MASK) == 0;
        begin[worker] += assigned ? piece.size : 0;
        copies[worker] += assigned ? 1 : 0;
      }
    }
    for (int chunk = 0; chunk < good.length; chunk++) {
      for (Map.Entry<Integer, Integer> each : world.chunks.get(chunk).held.entrySet()) {
        int worker = each.getKey();
        boolean over =
            begin[worker] > world.workers.get(worker).capacityBytes()
                || copies[worker] > world.workers.get(worker).maxReplicas();
        boolean assigned = (each.getValue() & ReplicaBits.STATE_MASK) == 0;
        boolean taken = over && assigned && !plan.wants(chunk, worker);
        stayable[chunk][worker] = good[chunk][worker] && !taken;
      }
    }
    needs = needs(world, end);
  }

  /**
   * The fewest bytes; the emptiest workers may lie below the common level by the slack, or as far
   * as the plan leaves them. Where not all workers are alike to all chunks, there is no common
   * level here: then each worker has to get what the plan leaves it.
   */
  static long of(World world, PlacementPlan plan) {
    LeastCopies search = new LeastCopies(world, plan);
    search.place(0, 0, 0, 0, new long[world.workers.size()]);
    return search.best;
  }

  private static boolean mayStay(World world, int chunk, int worker) {
    boolean banned = world.bans.stream().anyMatch(ban -> ban[0] == chunk && ban[1] == worker);
    return switch (world.workers.get(worker).status()) {
      case LEAVING, DEPARTED -> false;
      default -> !banned && world.chunks.get(chunk).eligibility.admits(world.workers.get(worker));
    };
  }

  private long[] needs(World world, long[] end) {
    boolean alike = Arrays.stream(good).allMatch(each -> Arrays.equals(each, good[0]));
    for (int worker = 0; worker < end.length; worker++) {
      boolean active =
          world.workers.get(worker).status() == dev.stowage.model.WorkerStatus.ACTIVE
              && !world.avoided.contains(worker);
      alike &= good.length > 0 && active == good[0][worker];
      alike &= !world.workers.get(worker).isLimited();
    }
    long bytes = Arrays.stream(end).sum();
    long once = 0;
    for (int chunk = 0; chunk < good.length; chunk++) {
      once += counts[chunk] > 0 ? world.chunks.get(chunk).size : 0;
    }
    long[] least = end.clone();
    double level = alike && good.length > 0 ? level(bytes, once) : 0;
    for (int worker = 0; alike && worker < end.length; worker++) {
      double share = 0.99 * Math.min(once, level * world.workers.get(worker).capacityBytes());
      least[worker] = Math.min(end[worker], (long) Math.ceil(share));
    }
    return least;
  }

  /** The common fill, at most 1, at which these bytes lie where no worker has a chunk twice. */
  private double level(long bytes, long once) {
    double low = 0;
    double high = 1;
    for (int halving = 0; halving < 60; halving++) {
      double middle = (low + high) / 2;
      double poured = 0;
      for (int worker = 0; worker < good[0].length; worker++) {
        long capacity = good[0][worker] ? world.workers.get(worker).capacityBytes() : 0;
        poured += Math.min(once, middle * capacity);
      }
      if (poured < bytes) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void place(int chunk, int first, int chosen, long copied, long[] bytes) {
    if (copied >= best) {
      return;
    }
    if (chunk == counts.length) {
      boolean even = true;
      for (int worker = 0; worker < bytes.length; worker++) {
        even &= bytes[worker] >= needs[worker];
      }
      best = even ? copied : best;
      return;
    }
    if (chosen == counts[chunk]) {
      place(chunk + 1, 0, 0, copied, bytes);
      return;
    }
    long size = world.chunks.get(chunk).size;
    for (int worker = first; worker < bytes.length; worker++) {
      if (good[chunk][worker]) {
        bytes[worker] += size;
        long more = stayable[chunk][worker] ? 0 : size;
        place(chunk, worker + 1, chosen + 1, copied + more, bytes);
        bytes[worker] -= size;
      }
    }
  }
}
