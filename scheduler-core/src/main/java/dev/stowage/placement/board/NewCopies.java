package dev.stowage.placement.board;

import dev.stowage.columns.IntList;
import dev.stowage.columns.LongIndex;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.config.NewShare;
import dev.stowage.config.PlacementConfig;
import dev.stowage.placement.PlacementInput.ChunkColumn;
import dev.stowage.placement.input.PairSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The copies that a plan adds of new chunks, by dataset and worker, and the bound that {@link
 * NewShare} sets them. Once made, it is told of each copy that its board adds, moves or takes back.
 * Takes memory by the copies; an answer takes time by the pools of the dataset.
 */
public final class NewCopies {
  /** The relative distance above a whole number within which a bound counts as that number. */
  private static final double ROUNDING = 1e-12;

  private final Board board;
  private final double factor;
  private final List<Group> groups = new ArrayList<>();
  private final LongIndex numbers = new LongIndex();

  /** The copies of groups with few chunks for the number of workers, by group and worker. */
  private final LongIndex sparse = new LongIndex();

  private final double[] capacity;

  /** The new chunks that no bound concerns, and the sum of their sizes. */
  private final IntList unbounded = new IntList(0);

  private long unboundedBytes;

  /** The new chunks of one dataset. */
  private static final class Group {
    private final IntList chunks = new IntList(0);

    private final int number;
    private int[] pools = {};
    private long[] copies = {};

    /** The copies by worker; null if they are among the sparse ones. */
    private int @Nullable [] on;

    /** The sums of the bytes of the largest chunks, by their number. */
    private long @Nullable [] largest;

    private Group(int number) {
      this.number = number;
    }

    private void expect(int pool, int more) {
      int at = 0;
      while (at < pools.length && pools[at] != pool) {
        at++;
      }
      if (at == pools.length) {
        pools = Arrays.copyOf(pools, at + 1);
        copies = Arrays.copyOf(copies, at + 1);
        pools[at] = pool;
      }
      copies[at] += more;
    }
  }

  /** Creates the counts of a board that has added no copy of its new chunks. */
  public NewCopies(Board board, IntList fresh) {
    this.board = board;
    long millionths = board.input.config.of(NewShare.FACTOR);
    factor = (double) millionths / PlacementConfig.ONE;
    capacity = new double[board.fleet.pools.length];
    for (int i = 0; i < fresh.size(); i++) {
      int chunk = fresh.get(i);
      long dataset = board.chunks.get(chunk, ChunkColumn.DATASET);
      if (dataset == 0 || millionths == NewShare.NONE) {
        unbounded.add(chunk);
        unboundedBytes = SaturatedSum.of(unboundedBytes, board.chunks.size[chunk]);
      } else {
        Group group = groupOf(dataset);
        group.chunks.add(chunk);
        group.expect(board.chunks.pool(chunk), board.goal.get(chunk));
      }
    }
    for (Group group : groups) {
      if (group.chunks.size() >= board.fleet.count / 4) {
        group.on = new int[board.fleet.count];
      }
    }
  }

  private Group groupOf(long dataset) {
    int known = numbers.find(dataset);
    if (known != LongIndex.NONE) {
      return groups.get(known);
    }
    Group group = new Group(groups.size());
    numbers.put(dataset, group.number);
    groups.add(group);
    return group;
  }

  /** Reports whether a bound concerns a chunk; one alone in its dataset is within any. */
  boolean isBounded(int chunk) {
    Group group = group(chunk);
    return group != null && group.chunks.size() > 1;
  }

  /** Returns the group of a chunk, or null if no bound concerns it. */
  private @Nullable Group group(int chunk) {
    if (groups.isEmpty() || !board.chunks.isNew(chunk)) {
      return null;
    }
    int number = numbers.find(board.chunks.get(chunk, ChunkColumn.DATASET));
    return number == LongIndex.NONE ? null : groups.get(number);
  }

  /** Notes that a copy of a chunk came to a worker, or with -1 that it went. */
  void count(int chunk, int worker, int sign) {
    Group group = group(chunk);
    if (group != null) {
      count(group, worker, sign);
    }
  }

  private void count(Group group, int worker, int sign) {
    int[] on = group.on;
    if (on != null) {
      on[worker] += sign;
    } else {
      sparse.put(PairSet.pair(group.number, worker), copies(group, worker) + sign);
    }
  }

  private int copies(Group group, int worker) {
    int[] on = group.on;
    return on != null ? on[worker] : Math.max(0, sparse.find(PairSet.pair(group.number, worker)));
  }

  /** Reports whether a worker may be given one more copy of a chunk within the bound. */
  public boolean admits(int chunk, int worker) {
    Group group = group(chunk);
    return group == null || copies(group, worker) < most(group, worker);
  }

  private int most(Group group, int worker) {
    double fair = 0;
    for (int i = 0; i < group.pools.length; i++) {
      int pool = group.pools[i];
      if (board.fleet.pools[pool].admits[worker]) {
        fair += factor * group.copies[i] * board.fleet.capacity[worker] / capacity(pool);
      }
    }
    return (int) Math.max(1, Math.ceil(fair * (1 - ROUNDING)));
  }

  private double capacity(int pool) {
    if (capacity[pool] == 0) {
      double sum = 0;
      for (int worker : board.fleet.pools[pool].placeable) {
        sum += board.fleet.capacity[worker];
      }
      capacity[pool] = Math.max(1, sum);
    }
    return capacity[pool];
  }

  /** Returns the bytes of the copies that were added of new chunks. */
  long bytes() {
    long bytes = bytes(unbounded);
    for (Group group : groups) {
      bytes = SaturatedSum.of(bytes, bytes(group.chunks));
    }
    return bytes;
  }

  private long bytes(IntList chunks) {
    long bytes = 0;
    for (int i = 0; i < chunks.size(); i++) {
      bytes += board.chunks.size[chunks.get(i)] * board.slots.count(chunks.get(i));
    }
    return bytes;
  }

  /** Returns the most bytes of new chunks that a worker may have, or has if it is beyond that. */
  long mostBytes(int worker) {
    long bytes = unboundedBytes;
    for (Group group : groups) {
      long[] largest = largest(group);
      int most = Math.max(most(group, worker), copies(group, worker));
      bytes = SaturatedSum.of(bytes, largest[Math.min(most, largest.length - 1)]);
    }
    return bytes;
  }

  private long[] largest(Group group) {
    long[] known = group.largest;
    if (known == null) {
      known = new long[group.chunks.size() + 1];
      for (int i = 0; i < group.chunks.size(); i++) {
        known[i + 1] = -board.chunks.size[group.chunks.get(i)];
      }
      Arrays.sort(known);
      // The negated sizes lie in front of the 0, largest first.
      long sum = 0;
      for (int i = 0; i < known.length; i++) {
        long size = -known[i];
        known[i] = sum;
        sum = SaturatedSum.of(sum, size);
      }
      group.largest = known;
    }
    return known;
  }
}
