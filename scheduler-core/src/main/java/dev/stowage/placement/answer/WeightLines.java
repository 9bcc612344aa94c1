package dev.stowage.placement.answer;

import dev.stowage.placement.ChunkBits;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.PoolFactor;
import dev.stowage.placement.PoolKey;
import dev.stowage.placement.Shortage;
import dev.stowage.placement.WeightPolicy;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Slots;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Describes the replicas of each weight, one line per row of the factors. */
public final class WeightLines {
  private static final double MILLION = 1e6;

  private final Board board;
  private final Map<Row, Counts> counts = new HashMap<>();
  private final Map<Row, Integer> capsOf = new HashMap<>();

  private record Row(int weight, PoolKey pool, int cap) {
    Row ofAnyCap() {
      return new Row(weight, pool, 0);
    }
  }

  private static final class Counts {
    int placed;
    int leftOut;
    int least = Integer.MAX_VALUE;
    int most;
    int leastFloor = Integer.MAX_VALUE;
    int mostFloor;
    int mostAtOnce;
  }

  private WeightLines(Board board, List<PoolFactor> factors, List<Shortage> deferrals) {
    this.board = board;
    for (PoolFactor factor : factors) {
      capsOf.merge(row(factor).ofAnyCap(), 1, Integer::sum);
    }
    Set<Integer> deferred = new HashSet<>();
    deferrals.forEach(each -> deferred.add(each.chunk()));
    for (int chunk : board.catalogue.canonicalChunks()) {
      if (!board.chunks.is(chunk, ChunkBits.PINNED)) {
        count(chunk, deferred.contains(chunk));
      }
    }
  }

  public static List<String> of(Board board, List<PoolFactor> factors, List<Shortage> deferrals) {
    WeightLines all = new WeightLines(board, factors, deferrals);
    List<String> lines = new ArrayList<>();
    for (PoolFactor factor : factors) {
      Counts of = all.counts.get(row(factor));
      if (of != null) {
        lines.add(all.name(factor) + ": " + gets(factor, of) + "; " + whoMay(factor, of));
      }
    }
    return lines;
  }

  private static Row row(PoolFactor factor) {
    return new Row(factor.weight(), factor.pool(), factor.cap());
  }

  private void count(int chunk, boolean isLeftOut) {
    PoolKey pool = board.input.pools.get(board.chunks.pool(chunk));
    Row row = new Row(board.chunks.weight(chunk), pool, board.chunks.cap(chunk));
    Counts of = counts.computeIfAbsent(row, any -> new Counts());
    of.leastFloor = Math.min(of.leastFloor, board.chunks.floor(chunk));
    of.mostFloor = Math.max(of.mostFloor, board.chunks.floor(chunk));
    of.mostAtOnce = board.pool(chunk).most();
    if (isLeftOut) {
      of.leftOut++;
      return;
    }
    int wanted = 0;
    for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
      boolean isThere = board.fleet.present[board.slots.worker(slot)];
      wanted += isThere && Slots.isWanted(board.slots.bits(slot)) ? 1 : 0;
    }
    of.placed++;
    of.least = Math.min(of.least, wanted);
    of.most = Math.max(of.most, wanted);
  }

  private String name(PoolFactor factor) {
    String cap =
        factor.cap() == WeightPolicy.UNCAPPED
            ? ", without a max_replication"
            : ", at most " + Words.count(factor.cap(), "replica");
    String with = Words.with(factor.pool());
    return "Weight "
        + factor.weight()
        + (capsOf.getOrDefault(row(factor).ofAnyCap(), 0) > 1 ? cap : "")
        + (with.isEmpty() ? "" : ", on workers" + with);
  }

  private static String gets(PoolFactor factor, Counts of) {
    String target = "a target of " + target(factor, of);
    if (of.placed == 0) {
      return "no chunk placed (" + of.leftOut + " left out), of " + target;
    }
    String replicas =
        of.least == of.most
            ? Words.count(of.most, "replica")
            : of.least + " to " + of.most + " replicas";
    return replicas
        + " each"
        + (of.leftOut == 0
            ? ""
            : " of " + Words.count(of.placed, "chunk") + " (" + of.leftOut + " left out)")
        + (of.leftOut == 0 ? " of " : ", of ")
        + target;
  }

  private static String target(PoolFactor factor, Counts of) {
    String least = number(factor.targetMillionths());
    String most = number(mostTarget(factor, of));
    return least.equals(most) ? least : least + " to " + most;
  }

  private static long mostTarget(PoolFactor factor, Counts of) {
    return Math.max(factor.targetMillionths(), (long) of.mostFloor * PlacementConfig.ONE);
  }

  private static String number(long millionths) {
    return millionths % PlacementConfig.ONE == 0
        ? Long.toString(millionths / PlacementConfig.ONE)
        : String.format(Locale.ROOT, "%.3f", millionths / MILLION);
  }

  private static String whoMay(PoolFactor factor, Counts of) {
    int workers = factor.eligibleWorkers();
    long target = mostTarget(factor, of);
    boolean isReached = of.leftOut == 0 && (long) of.least * PlacementConfig.ONE >= target;
    String who = Words.count(workers, "worker") + " may be given them";
    if (isReached || target <= (long) of.mostAtOnce * PlacementConfig.ONE) {
      return who;
    }
    return of.mostAtOnce == workers
        ? who + ", fewer than the target"
        : who + ", " + of.mostAtOnce + " at most by max_per_domain, fewer than the target";
  }
}
