package dev.stowage.placement.fleet;

import dev.stowage.columns.IntColumn;
import dev.stowage.columns.WideSum;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.FactorMode;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlan.PoolFactor;
import dev.stowage.placement.input.ChunkColumns;
import dev.stowage.placement.input.FlatInput;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * The replication targets: weighted max-min fairness (Bertsekas and Gallager, "Data Networks",
 * 6.5). A chunk of weight w earns {@code w x K} replicas, at least its floor and at most its cap,
 * such that together they spend the budget, {@code saturation x capacity}. With 80 GB, 10 GB each
 * of weights 1 and 3 earn 2 and 6 replicas if uncapped; on four equal workers, 4 each.
 *
 * <p>Each set of workers to which constraints confine chunks is a pool with a budget, as a link of
 * a network. The pool with the least K is fixed, what it spends is taken off the others, and they
 * rise on. A round fixes a class of chunks or closes a pool, so there are at most as many as both.
 *
 * <p>No worker holds a chunk twice: of each chunk, all but b replicas lie outside the b largest
 * workers (for equal sizes, the theorem of Gale and Ryser). Where the others are too small for
 * that, they are a pool too; each b comes in once, and the shares are found anew.
 *
 * <p>Shares are exact fractions; only that test is rounded. A factor falls at once and rises past a
 * margin (hysteresis). A target is no packing: what a plan reaches may be less. Shares take time by
 * classes, pools and workers; to classify, and to count what bounded classes hold, by chunks.
 */
public final class ReplicationTargets {
  /** The longest run of chunks, so that a chunk is still in the nearest cache when read again. */
  private static final int LONGEST_RUN = 1024;

  /** The relative rounding error allowed on a budget. */
  private static final double NEARLY = 1e-9;

  /** The share of a fleet that chunks of any sizes can fill, in millionths. */
  private static final int NEARLY_ALL = 950_000;

  /** The class of each chunk. */
  public final IntColumn classOf;

  public final List<WeightClass> classes;
  private final FlatInput input;
  private final Fleet fleet;
  private final long[] reach;
  private boolean backpressure;
  private long leastSize = Long.MAX_VALUE;
  private long largestSize;

  private ReplicationTargets(
      FlatInput input, Fleet fleet, IntColumn classOf, List<WeightClass> classes) {
    this.input = input;
    this.fleet = fleet;
    this.classOf = classOf;
    this.classes = classes;
    reach = fleet.isLimited ? new long[fleet.count] : fleet.capacity;
  }

  public static ReplicationTargets of(FlatInput input, Fleet fleet) {
    IntColumn classOf = new IntColumn(input.chunks.count);
    ReplicationTargets targets = new ReplicationTargets(input, fleet, classOf, new ArrayList<>());
    targets.classify();
    targets.earn();
    return targets;
  }

  public static ReplicationTargets of(
      FlatInput input, Fleet fleet, IntColumn classOf, List<WeightClass> classes) {
    ReplicationTargets targets = new ReplicationTargets(input, fleet, classOf, classes);
    targets.earn();
    return targets;
  }

  private void earn() {
    if (fleet.isLimited) {
      learnReach();
    }
    for (WeightClass each : classes) {
      each.workers = fleet.pools[each.eligibility].size();
      each.most = fleet.pools[each.eligibility].most();
      each.reached = Integer.MAX_VALUE;
    }
    HeldElsewhere.forget(classes);
    share();
    if (HeldElsewhere.count(input, fleet, classOf, classes)) {
      share();
    }
    for (WeightClass each : sorted()) {
      damp(each);
    }
  }

  /** Returns the bytes of each worker by capacity and by replica limit times mean chunk size. */
  public long[] reach() {
    return reach;
  }

  private void learnReach() {
    WideSum all = new WideSum();
    long chunks = 0;
    for (WeightClass each : classes) {
      all.add(each.bytes);
      chunks += each.chunks;
    }
    BigInteger bytes = all.value();
    for (int worker : fleet.order) {
      reach[worker] = fleet.capacity[worker];
      if (chunks > 0 && fleet.worker(worker).isLimited()) {
        BigInteger most =
            bytes
                .multiply(BigInteger.valueOf(fleet.limit[worker]))
                .divide(BigInteger.valueOf(chunks));
        reach[worker] = most.min(BigInteger.valueOf(fleet.capacity[worker])).longValueExact();
      }
    }
  }

  /** Returns the least classified size with any bytes. */
  public long leastSize() {
    return leastSize;
  }

  /** Returns the largest classified size, or 0. */
  public long largestSize() {
    return largestSize;
  }

  /** Returns the bytes of all chunks, each counted once, at most {@code Long.MAX_VALUE}. */
  public long totalBytes() {
    WideSum all = new WideSum();
    classes.forEach(each -> all.add(each.bytes));
    return all.saturated();
  }

  public boolean isBackpressure() {
    return backpressure;
  }

  public int factor(int chunk) {
    return classes
        .get(classOf.get(chunk))
        .factor(input.config.factorMode(), input.chunks.keyHash[chunk]);
  }

  private void classify() {
    ChunkColumns chunks = input.chunks;
    ClassIndex index = new ClassIndex();
    classOf.extend(chunks.count);
    int next;
    for (int chunk = 0; chunk < chunks.count; chunk = next) {
      next = chunks.endOfRun(chunk, Math.min(chunks.count, chunk + LONGEST_RUN));
      int pool = chunks.pool(chunk);
      int weight = chunks.weight(chunk);
      int floor = chunks.floor(chunk);
      int cap = chunks.cap(chunk);
      int known = index.of(pool, weight, floor, cap);
      if (known == classes.size()) {
        classes.add(new WeightClass(pool, weight, floor, cap));
      }
      if (known != 0) {
        classOf.fill(chunk, next, known);
      }
      count(chunk, next, classes.get(known));
    }
  }

  private void count(int from, int to, WeightClass of) {
    ChunkColumns chunks = input.chunks;
    of.chunks += to - from;
    if (chunks.areOfOneSize(from, to)) {
      long size = chunks.size[from];
      leastSize = size > 0 ? Math.min(leastSize, size) : leastSize;
      largestSize = Math.max(largestSize, size);
      of.bytes.addProduct(size, to - from);
    } else {
      leastSize = Math.min(leastSize, chunks.leastSize(from, to));
      largestSize = Math.max(largestSize, chunks.largestSize(from, to));
      of.bytes.addAll(chunks.size, from, to);
    }
  }

  private void share() {
    Map<Integer, BitSet> membersOf = new HashMap<>();
    Map<BitSet, List<WeightClass>> byMembers = new HashMap<>();
    for (WeightClass each : sorted()) {
      BitSet members = membersOf.computeIfAbsent(each.eligibility, this::members);
      byMembers.computeIfAbsent(members, key -> new ArrayList<>()).add(each);
    }
    Map<BitSet, TreeSet<Integer>> besides = new HashMap<>();
    byMembers.keySet().forEach(members -> besides.put(members, new TreeSet<>(List.of(0))));
    boolean isOpen = true;
    while (isOpen) {
      share(byMembers, besides);
      isOpen = false;
      for (BitSet members : byMembers.keySet()) {
        int crowded = crowded(members, byMembers);
        isOpen |=
            crowded > 0 && besides.computeIfAbsent(members, key -> new TreeSet<>()).add(crowded);
      }
    }
  }

  private void share(
      Map<BitSet, List<WeightClass>> byMembers, Map<BitSet, TreeSet<Integer>> besides) {
    List<FactorPool> pools = new ArrayList<>();
    besides.forEach((members, numbers) -> {
      for (int beside : numbers) {
        FactorPool pool = new FactorPool(members, budget(members, beside), beside);
        byMembers.forEach((inner, those) -> pool.admit(inner, those));
        pools.add(pool);
      }
    });
    pools.sort(FactorPool.ORDER);
    for (FactorPool pool : pools) {
      backpressure |= pool.isWhole() && pool.floorsExceedBudget();
    }
    while (!pools.isEmpty()) {
      FactorPool tightest = FactorPool.tightest(pools);
      for (WeightClass each : tightest.fix()) {
        pools.forEach(pool -> pool.spend(each, input.config.factorMode()));
      }
      pools.removeIf(FactorPool::isFixed);
    }
  }

  /** Returns for how many largest workers the others lack the most room, or 0 if none lacks it. */
  private int crowded(BitSet members, Map<BitSet, List<WeightClass>> byMembers) {
    if (!isAnyGrown(classes)) {
      return 0;
    }
    List<WeightClass> within = new ArrayList<>();
    byMembers.forEach((inner, those) -> {
      BitSet outside = (BitSet) inner.clone();
      outside.andNot(members);
      if (outside.isEmpty()) {
        within.addAll(those);
      }
    });
    if (!isAnyGrown(within)) {
      return 0;
    }
    double[] room =
        members.stream().mapToDouble(place -> reach[fleet.order[place]]).sorted().toArray();
    for (int i = 1; i < room.length; i++) {
      room[i] += room[i - 1]; // the smallest first, so that none is lost
    }
    int found = 0;
    double most = 1 + NEARLY;
    for (int beside = 1; beside < room.length; beside++) {
      double left = room[room.length - 1 - beside];
      double asked = 0;
      for (WeightClass each : within) {
        asked += each.grown(beside, input.config.factorMode());
      }
      if (asked == 0) {
        return found;
      }
      if (asked > most * left) {
        most = asked / Math.max(1, left);
        found = beside;
      }
    }
    return found;
  }

  private static boolean isAnyGrown(List<WeightClass> some) {
    for (WeightClass each : some) {
      if (each.isGrown()) {
        return true;
      }
    }
    return false;
  }

  private BitSet members(int eligibility) {
    BitSet members = new BitSet();
    for (int place = 0; place < fleet.order.length; place++) {
      int worker = fleet.order[place];
      WorkerStatus status = fleet.worker(worker).status();
      boolean counts = status.isPresent() && status != WorkerStatus.LEAVING;
      members.set(place, counts && fleet.pools[eligibility].admits[worker]);
    }
    return members;
  }

  /** Returns the byte budget of the members, without the {@code beside} largest. */
  private BigInteger budget(BitSet members, int beside) {
    WideSum capacity = new WideSum();
    long[] room = new long[members.cardinality()];
    int count = 0;
    for (int place = members.nextSetBit(0); place >= 0; place = members.nextSetBit(place + 1)) {
      room[count++] = reach[fleet.order[place]];
    }
    if (beside > 0) {
      Arrays.sort(room);
    }
    for (int i = 0; i < room.length - beside; i++) {
      capacity.add(room[i]);
    }
    int saturation = input.config.saturationMillionths();
    int share = beside == 0 ? saturation : Math.max(saturation, NEARLY_ALL);
    return capacity
        .value()
        .multiply(BigInteger.valueOf(share))
        .divide(BigInteger.valueOf(PlacementConfig.ONE));
  }

  private void damp(WeightClass each) {
    OptionalLong before = input.previous.of(each.eligibility, each.weight);
    boolean smooth = input.config.factorMode() == FactorMode.SMOOTH;
    long one = PlacementConfig.ONE;
    long earned = smooth ? each.shareMillionths : each.shareMillionths / one * one;
    if (before.isPresent() && earned > before.getAsLong()) {
      long was = before.getAsLong();
      long past =
          Fill.scaled(each.shareMillionths, one, one + input.config.factorMarginMillionths());
      long damped = smooth ? (past >= was ? earned : was) : Math.max(was, past / one * one);
      earned = Math.min(earned, damped);
    }
    each.millionths = each.capped(earned);
  }

  public List<PoolFactor> report() {
    List<WeightClass> sorted = sorted();
    List<PoolFactor> report = new ArrayList<>();
    for (int i = 0; i < sorted.size(); ) {
      WeightClass first = sorted.get(i);
      long target = Long.MAX_VALUE;
      int reached = Integer.MAX_VALUE;
      for (; i < sorted.size() && first.sharesRow(sorted.get(i)); i++) {
        target = Math.min(target, sorted.get(i).targetMillionths());
        reached = Math.min(reached, sorted.get(i).reached);
      }
      reached = reached == Integer.MAX_VALUE ? (int) (target / PlacementConfig.ONE) : reached;
      report.add(
          new PoolFactor(
              first.weight,
              input.pools.get(first.eligibility),
              first.workers,
              first.cap,
              target,
              reached));
    }
    return report;
  }

  private List<WeightClass> sorted() {
    List<WeightClass> sorted = new ArrayList<>();
    for (WeightClass each : classes) {
      if (each.chunks > 0) {
        sorted.add(each);
      }
    }
    sorted.sort(ClassOrder.of(input.pools));
    return sorted;
  }
}
