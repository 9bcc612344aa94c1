package dev.stowage.placement.phases;

import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Demand;
import dev.stowage.placement.fleet.Fleet;
import dev.stowage.placement.fleet.Pool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;

/** Models a plan's demand as an {@link EvenFlow}; other workers keep their bytes. */
final class FairShares {
  /** The number of edges above which chunks are grouped by pool and floor only. */
  private static final int MOST_EDGES = 1 << 18;

  record Part(BitSet workers, double bytes) {}

  private record Kind(BitSet pool, int floor, int replicas) {}

  private final Board board;
  private final Fleet fleet;
  private final Demand demand;
  private final IntToLongFunction reach;

  private final Map<Integer, BitSet> admitted = new LinkedHashMap<>();

  private final BitSet members = new BitSet();

  /** The fraction of bytes on workers that are not placeable that counts as demand. */
  private double counted = 1;

  FairShares(Board board, Demand demand, IntToLongFunction reach) {
    this.board = board;
    this.demand = demand;
    this.reach = reach;
    fleet = board.fleet;
  }

  List<Part> parts() {
    admit();
    int[] canonical = Arrays.stream(fleet.order).filter(members::get).toArray();
    DomainTree tree = new DomainTree(board, canonical, kinds(canonical));
    double[] capacity = new double[tree.size()];
    double[] most = new double[tree.size()];
    for (int node = 0; node < tree.size(); node++) {
      if (tree.isLeaf(node)) {
        int worker = tree.workers.get(node)[0];
        capacity[node] = fleet.placeable[worker] ? fleet.capacity[worker] : 0;
        most[node] = fleet.placeable[worker] ? reach.applyAsLong(worker) : counted * held(worker);
      }
    }
    EvenFlow flow = new EvenFlow(tree, capacity, most);
    Map<BitSet, EvenFlow.Place> places = new HashMap<>();
    asks(tree.size())
        .forEach((kind, sums) -> {
          EvenFlow.Place place = places.computeIfAbsent(kind.pool, pool -> place(tree, pool));
          int replicas = (int) Math.max(1, Math.round(sums[1] / sums[0]));
          flow.add(
              new EvenFlow.Ask(
                  sums[1] / replicas, Math.min(kind.floor, replicas), replicas, place));
        });
    List<Part> parts = new ArrayList<>();
    for (EvenFlow.Basin basin : flow.solve()) {
      BitSet workers = new BitSet();
      double bytes = 0;
      for (int leaf : basin.leaves().toArray()) {
        for (int worker : tree.workers.get(leaf)) {
          workers.set(worker);
        }
        double each = Math.min(most[leaf], basin.fill() * capacity[leaf]);
        bytes += each * tree.count.get(leaf);
      }
      parts.add(new Part(workers, bytes));
    }
    return parts;
  }

  private double held(int worker) {
    return Math.max(0, board.expectedBytes(worker));
  }

  private void admit() {
    double asked = 0;
    double levelled = 0;
    for (int pool : fleet.poolOrder) {
      double[] sum = new double[1];
      demand.forEach(pool, (floor, replicas, bytes) -> sum[0] += bytes.approximate() * replicas);
      if (sum[0] > 0 && fleet.pools[pool].size() > 0) {
        admitted.put(pool, admitted(fleet.pools[pool]));
        members.or(admitted.get(pool));
        asked += sum[0];
        levelled += Math.max(0, demand.bytes[pool].approximate());
      }
    }
    double elsewhere = 0;
    for (int worker : fleet.order) {
      elsewhere += members.get(worker) && !fleet.placeable[worker] ? held(worker) : 0;
    }
    counted = elsewhere > 0 ? Math.min(1, Math.max(0, asked - levelled) / elsewhere) : 1;
  }

  private BitSet admitted(Pool pool) {
    BitSet admitted = new BitSet();
    for (int worker : fleet.order) {
      boolean stays = fleet.present[worker] && !fleet.leaving[worker];
      boolean isOf = fleet.placeable[worker] || held(worker) > 0;
      admitted.set(worker, stays && isOf && pool.admits[worker]);
    }
    return admitted;
  }

  private int[] kinds(int[] canonical) {
    Map<List<Object>, Integer> known = new HashMap<>();
    int[] kinds = new int[fleet.count];
    for (int worker : canonical) {
      boolean isOpen = fleet.placeable[worker];
      BitSet pools = new BitSet();
      for (Map.Entry<Integer, BitSet> each : admitted.entrySet()) {
        pools.set(each.getKey(), each.getValue().get(worker));
      }
      List<Object> kind =
          List.of(
              isOpen,
              isOpen ? fleet.capacity[worker] : 0,
              isOpen ? reach.applyAsLong(worker) : (long) held(worker),
              pools);
      kinds[worker] = known.computeIfAbsent(kind, key -> known.size());
    }
    return kinds;
  }

  private Map<Kind, double[]> asks(int nodes) {
    Map<Kind, double[]> exact = asks(false);
    return (long) exact.size() * nodes > MOST_EDGES ? asks(true) : exact;
  }

  private Map<Kind, double[]> asks(boolean isCoarse) {
    Map<Kind, double[]> asks = new LinkedHashMap<>();
    admitted.forEach((pool, workers) ->
        demand.forEach(
            pool,
            (floor, replicas, bytes) -> {
              int wanted = fleet.zones > 1 ? floor : 1;
              Kind kind = new Kind(workers, wanted, isCoarse ? 0 : replicas);
              double[] sums = asks.computeIfAbsent(kind, key -> new double[2]);
              sums[0] += bytes.approximate();
              sums[1] += bytes.approximate() * replicas;
            }));
    return asks;
  }

  private EvenFlow.Place place(DomainTree tree, BitSet pool) {
    boolean[] admits = new boolean[tree.size()];
    boolean[] takes = new boolean[tree.size()];
    int[] domains = new int[fleet.inner.length + 1];
    for (int node = tree.size() - 1; node >= 0; node--) {
      if (tree.isLeaf(node)) {
        int worker = tree.workers.get(node)[0];
        admits[node] = pool.get(worker);
        takes[node] = admits[node] && fleet.placeable[worker];
      }
      for (int kid = node + 1; kid < tree.end.get(node); kid = tree.end.get(kid)) {
        admits[node] |= admits[kid];
        takes[node] |= takes[kid];
      }
      int level = tree.depth.get(node) - 1;
      int place = level >= 0 && level < tree.levels() ? tree.spread[level] : -1;
      if (place >= 0 && takes[node]) {
        domains[place] += tree.count.get(node);
      }
    }
    return new EvenFlow.Place(admits, takes, domains);
  }
}
