package dev.stowage.config;

import dev.stowage.config.PlacementConfig.RuleSetting;
import dev.stowage.config.Reason.Census;
import dev.stowage.config.Reason.MaskRule;
import dev.stowage.config.Reason.Sentences;
import dev.stowage.model.DatasetId;
import dev.stowage.shape.Forms;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pairs of datasets apart: no worker is given a replica of one while it has a replica of the
 * other, in any state.
 *
 * <p>Workers that have neither are dealt to the datasets one by one, each to the dataset that has
 * the least share of its need in the worker's zone: first workers up to the largest floor, then
 * room for the bytes of all floors, then room in proportion to bytes times weight. A worker that
 * has both, because the setting is newer than its replicas, keeps the dataset of which it wants
 * more bytes. If floors of the other still lack workers then, it is given those of them that the
 * first can spare, where it has most of the bytes first, so that later plans choose alike. Replicas
 * of the other leave within the movement budget. Takes time by workers times datasets in pairs.
 *
 * <p>A dataset whose floors find too few workers is short with this reason; workers that have only
 * the other are not emptied for it. Stateless.
 */
public final class KeepApart implements MaskRule {
  /** The pairs; none by default. */
  public static final RuleSetting<List<Pair>> PAIRS =
      new RuleSetting<>(
          "keep_apart",
          Forms.of(
              Forms.list(Forms.TEXT),
              texts -> texts.stream().map(Pair::of).sorted().distinct().toList(),
              pairs -> pairs.stream().map(Pair::toString).toList()),
          List.of(),
          "pairs of datasets of which no worker holds both",
          "none, or sorted pairs of different datasets as in lake<>logs",
          KeepApart::isAccepted);

  /** The rule. */
  public static final KeepApart RULE = new KeepApart();

  /** Two datasets, in their order. Ids have no {@code <>}. */
  public record Pair(DatasetId one, DatasetId other) implements Comparable<Pair> {
    /**
     * Throws {@code IllegalArgumentException} if the datasets are equal, or an id has {@code <>}.
     */
    public Pair {
      Objects.requireNonNull(one, "one");
      if (one.compareTo(other) > 0) {
        DatasetId first = other;
        other = one;
        one = first;
      }
      if (one.equals(other) || (one.value() + other.value()).contains("<>")) {
        throw new IllegalArgumentException(
            "keep_apart has the pair '"
                + one
                + "<>"
                + other
                + "'; two different datasets without <> in their ids are accepted");
      }
    }

    /** Reads {@code one<>other}; throws {@code IllegalArgumentException} for other texts. */
    public static Pair of(String text) {
      String[] ids = text.split("<>", -1);
      if (ids.length != 2) {
        throw new IllegalArgumentException(
            "keep_apart has the pair '" + text + "'; two datasets as in lake<>logs are accepted");
      }
      return new Pair(DatasetId.of(ids[0].strip()), DatasetId.of(ids[1].strip()));
    }

    @Nullable DatasetId beside(DatasetId dataset) {
      return dataset.equals(one) ? other : dataset.equals(other) ? one : null;
    }

    @Override
    public int compareTo(Pair that) {
      int order = one.compareTo(that.one);
      return order == 0 ? other.compareTo(that.other) : order;
    }

    /** Returns {@code one<>other}. */
    @Override
    public String toString() {
      return one + "<>" + other;
    }
  }

  private KeepApart() {}

  private static boolean isAccepted(List<Pair> pairs) {
    return pairs.equals(pairs.stream().sorted().distinct().toList());
  }

  @Override
  public RuleSetting<?> setting() {
    return PAIRS;
  }

  @Override
  public Sentences sentences() {
    return Sentences.ofAction("the worker it was on has a dataset that it is kept apart from")
        .andShortage("too few workers are free of the datasets that it is kept apart from")
        .andStuck("every other worker that may hold it has a dataset that it is kept apart from")
        .andWorkers(
            "has, or is left to, a dataset that it is kept apart from",
            "have, or are left to, datasets that it is kept apart from");
  }

  @Override
  public @Nullable String key(PlacementConfig config, DatasetId dataset) {
    return apartFrom(config, dataset).isEmpty() ? null : dataset.value();
  }

  @Override
  public boolean isBroken(PlacementConfig config, DatasetId dataset, Holdings worker) {
    return apartFrom(config, dataset).stream().anyMatch(worker::hasAny);
  }

  @Override
  public boolean mayRefuse(PlacementConfig config, DatasetId dataset, Holdings worker) {
    Set<DatasetId> apart = apartFrom(config, dataset);
    return !apart.isEmpty() && (!worker.hasAny(dataset) || apart.stream().anyMatch(worker::hasAny));
  }

  private static Set<DatasetId> apartFrom(PlacementConfig config, DatasetId dataset) {
    Set<DatasetId> apart = new TreeSet<>();
    for (Pair pair : config.of(PAIRS)) {
      DatasetId other = pair.beside(dataset);
      if (other != null) {
        apart.add(other);
      }
    }
    return apart;
  }

  @Override
  public void mark(PlacementConfig config, Census census) {
    new Deal(config, census).mark();
  }

  /** The units that a round of the deal counts. */
  private enum Unit {
    WORKERS_OF_FLOORS,
    BYTES_OF_FLOORS,
    BYTES_BY_WEIGHT
  }

  /** One dataset: its pools, the workers it must leave alone, and what it was dealt. */
  private static final class Side {
    final DatasetId dataset;
    final List<Census.KeyedPool> pools = new ArrayList<>();
    final List<Side> apart = new ArrayList<>();
    final BitSet refused = new BitSet();

    /** The amount that it was dealt, in the unit of the round. */
    BigInteger dealt = BigInteger.ZERO;

    BigInteger[] dealtIn = {};
    BigInteger need = BigInteger.ZERO;

    /** The workers that it was dealt, and the least that its floors need. */
    int workers;

    int floor;

    Side(DatasetId dataset) {
      this.dataset = dataset;
    }

    boolean has(int worker) {
      return pools.stream().anyMatch(pool -> pool.copies(worker) > 0);
    }

    long wantedBytes(int worker) {
      return pools.stream().mapToLong(pool -> pool.wantedBytes(worker)).sum();
    }

    boolean mayTake(int worker) {
      return !refused.get(worker) && pools.stream().anyMatch(pool -> pool.admits(worker));
    }

    void begin(Unit unit, int zones) {
      dealt = BigInteger.ZERO;
      dealtIn = new BigInteger[zones];
      Arrays.fill(dealtIn, BigInteger.ZERO);
      need = BigInteger.ZERO;
      workers = 0;
      for (Census.KeyedPool pool : pools) {
        floor = Math.max(floor, pool.floor());
        need =
            switch (unit) {
              case WORKERS_OF_FLOORS -> need.max(BigInteger.valueOf(pool.floor()));
              case BYTES_OF_FLOORS -> need.add(pool.floorBytes());
              case BYTES_BY_WEIGHT -> need.add(pool.weightedBytes());
            };
      }
    }

    void deal(BigInteger worth, int zone) {
      dealt = dealt.add(worth);
      dealtIn[zone] = dealtIn[zone].add(worth);
      workers += worth.signum();
    }

    boolean canSpare(BigInteger worth) {
      return workers > floor && dealt.subtract(worth).compareTo(need) >= 0;
    }

    /** Compares the share of the need that was dealt, in a zone and then in all. */
    static int compare(Side one, Side other, int zone) {
      int order = compare(one, one.dealtIn[zone], other, other.dealtIn[zone]);
      return order == 0 ? compare(one, one.dealt, other, other.dealt) : order;
    }

    private static int compare(Side one, BigInteger hasOne, Side other, BigInteger hasOther) {
      return hasOne.multiply(other.need).compareTo(hasOther.multiply(one.need));
    }
  }

  /** Decides for one plan which datasets each worker may hold. Not thread-safe. */
  private static final class Deal {
    private final Census census;
    private final List<Side> sides = new ArrayList<>();

    Deal(PlacementConfig config, Census census) {
      this.census = census;
      Map<DatasetId, Side> known = new TreeMap<>();
      for (Census.KeyedPool pool : census.pools()) {
        if (pool.floor() > 0) {
          known.computeIfAbsent(DatasetId.of(pool.key()), Side::new).pools.add(pool);
        }
      }
      sides.addAll(known.values());
      for (Side side : sides) {
        for (DatasetId other : apartFrom(config, side.dataset)) {
          Side beside = known.get(other);
          if (beside != null) {
            side.apart.add(beside);
          }
        }
      }
    }

    void mark() {
      for (int worker : census.workers()) {
        List<Side> held = new ArrayList<>(sides);
        held.removeIf(side -> !side.has(worker));
        held.sort(Comparator.comparingLong(side -> -side.wantedBytes(worker)));
        held.forEach(side -> give(worker, side));
        // What leaves is there until it has drained.
        Set<Side> had = new HashSet<>(held);
        for (Side side : held) {
          side.apart.stream().filter(it -> !had.contains(it)).forEach(it -> it.refused.set(worker));
        }
      }
      for (Unit unit : Unit.values()) {
        deal(unit);
        if (unit != Unit.BYTES_BY_WEIGHT) {
          sides.forEach(side -> takeMixed(side, unit));
        }
      }
      for (Side side : sides) {
        side.refused.stream().forEach(worker -> side.pools.forEach(pool -> pool.refuse(worker)));
      }
    }

    private static void give(int worker, Side side) {
      if (!side.refused.get(worker)) {
        side.apart.forEach(other -> other.refused.set(worker));
      }
    }

    /** Deals the open workers in canonical order while some dataset lacks more of a unit. */
    private void deal(Unit unit) {
      sides.forEach(side -> side.begin(unit, census.zones()));
      List<Integer> open = new ArrayList<>();
      for (int worker : census.workers()) {
        if (!census.isPlaceable(worker)) {
          continue;
        }
        if (rivals(worker).isEmpty()) {
          count(worker, unit);
        } else {
          open.add(worker);
        }
      }
      for (int worker : open) {
        List<Side> rivals = rivals(worker);
        while (!rivals.isEmpty()) {
          rivals.removeIf(side -> !isLacking(side, unit));
          if (rivals.isEmpty()) {
            break; // a later round deals this worker
          }
          give(worker, leastServed(rivals, census.zone(worker)));
          rivals = rivals(worker);
          if (rivals.isEmpty()) {
            count(worker, unit);
          }
        }
      }
    }

    /** Gives a dataset workers that have it beside others, if all that it lacks can be spared. */
    private void takeMixed(Side side, Unit unit) {
      Map<Integer, List<Side>> taken = new LinkedHashMap<>();
      Comparator<Integer> order = Comparator.comparing(it -> side.dealtIn[census.zone(it)]);
      while (isLacking(side, unit) || side.workers < side.floor) {
        Optional<Integer> next =
            Arrays.stream(census.workers())
                .boxed()
                .filter(worker -> isSpared(side, worker, unit))
                .min(order.thenComparingLong(worker -> -side.wantedBytes(worker)));
        if (next.isEmpty()) {
          taken.forEach((worker, donors) -> turn(worker, donors, List.of(side), unit));
          return;
        }
        List<Side> donors = donors(side, next.get());
        taken.put(next.get(), donors);
        turn(next.get(), List.of(side), donors, unit);
      }
    }

    private static List<Side> donors(Side side, int worker) {
      return side.apart.stream().filter(it -> !it.refused.get(worker)).toList();
    }

    private boolean isSpared(Side side, int worker, Unit unit) {
      return census.isPlaceable(worker)
          && side.refused.get(worker)
          && side.wantedBytes(worker) > 0
          && donors(side, worker).stream()
              .allMatch(it -> it.has(worker) && it.canSpare(worth(worker, unit)));
    }

    private void turn(int worker, List<Side> to, List<Side> from, Unit unit) {
      BigInteger worth = worth(worker, unit);
      for (Side each : from) {
        each.refused.set(worker);
        each.deal(worth.negate(), census.zone(worker));
      }
      for (Side each : to) {
        each.refused.clear(worker);
        each.deal(worth, census.zone(worker));
      }
    }

    private BigInteger worth(int worker, Unit unit) {
      return unit == Unit.WORKERS_OF_FLOORS
          ? BigInteger.ONE
          : BigInteger.valueOf(census.worker(worker).capacityBytes());
    }

    private static boolean isLacking(Side side, Unit unit) {
      return unit == Unit.BYTES_BY_WEIGHT || side.dealt.compareTo(side.need) < 0;
    }

    private static Side leastServed(List<Side> rivals, int zone) {
      return Collections.min(rivals, (one, other) -> Side.compare(one, other, zone));
    }

    /** Returns the datasets that may take a worker, as far as they exclude each other. */
    private List<Side> rivals(int worker) {
      List<Side> open = new ArrayList<>(sides);
      open.removeIf(side -> !side.mayTake(worker));
      List<Side> rivals = new ArrayList<>(open);
      rivals.removeIf(side -> Collections.disjoint(side.apart, open));
      return rivals;
    }

    private void count(int worker, Unit unit) {
      BigInteger worth = worth(worker, unit);
      for (Side side : sides) {
        if (side.mayTake(worker)) {
          side.deal(worth, census.zone(worker));
        }
      }
    }
  }
}
