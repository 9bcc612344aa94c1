package dev.stowage.placement.answer;

import dev.stowage.placement.ActionKind;
import dev.stowage.placement.Cause;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.PlanFigures;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.CopyMinimum;
import dev.stowage.placement.board.Demand;
import dev.stowage.placement.board.MovementLedger;
import dev.stowage.placement.board.Scan;
import dev.stowage.placement.fleet.Fill;
import dev.stowage.placement.fleet.WideSum;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Measures a finished board. Stateless. */
public final class Figures {
  private Figures() {}

  /**
   * The figures of a plan.
   *
   * @param levels the water level of each worker in bytes, by what is wanted of each eligibility
   * @return null if a long cannot hold one of them
   */
  public static @Nullable PlanFigures of(
      Board board,
      Scan scan,
      ActionList actions,
      MovementLedger ledger,
      Function<Demand, long[]> levels) {
    WideSum[] byCause = new WideSum[Cause.values().length];
    WideSum added = new WideSum();
    long replicas = scan.replicas();
    for (int action = 0; action < actions.count(); action++) {
      ActionKind kind = actions.kind(action);
      if (kind == ActionKind.ADD) {
        int cause = actions.cause(action).ordinal();
        if (byCause[cause] == null) {
          byCause[cause] = new WideSum();
        }
        byCause[cause].add(board.chunks.size[actions.chunk(action)]);
        added.add(board.chunks.size[actions.chunk(action)]);
      }
      replicas += kind == ActionKind.ADD || kind == ActionKind.READOPT ? 1 : -1;
    }
    if (!added.isLong() || !scan.isCountable()) {
      return null;
    }
    Map<Cause, Long> causes = new EnumMap<>(Cause.class);
    for (Cause cause : Cause.values()) {
      if (byCause[cause.ordinal()] != null) {
        causes.put(cause, byCause[cause.ordinal()].saturated());
      }
    }
    long[] fills = fills(board);
    return new PlanFigures(
        added.saturated(),
        minimum(scan, added.saturated(), levels),
        java.util.Collections.unmodifiableMap(causes),
        fills[1],
        fills[0],
        replicas,
        scan.isBackpressure(),
        ledger.debtBytes(),
        ledger.debtReplicas());
  }

  /** No sum exceeds what is added; so where that is reached, no other need be looked at. */
  private static long minimum(Scan scan, long added, Function<Demand, long[]> levels) {
    if (added == 0) {
      return 0;
    }
    CopyMinimum minimum = scan.minimum();
    long missing = minimum.missing().saturated();
    return missing == added
        ? missing
        : Math.max(missing, minimum.unlevel(levels.apply(minimum.demand())).saturated());
  }

  /**
   * The least and the greatest fill of an active worker over the mean fill of those that share its
   * level, in millionths; over that of all, where all share one.
   */
  private static long[] fills(Board board) {
    int groups = java.util.Arrays.stream(board.basin).max().orElse(0);
    if (groups <= 1) {
      return fills(board, worker -> true);
    }
    long least = Long.MAX_VALUE;
    long most = 0;
    for (int group = 0; group <= groups; group++) {
      int each = group;
      long[] fills = fills(board, worker -> board.basin[worker] == each);
      least = fills[1] > 0 ? Math.min(least, fills[0]) : least;
      most = Math.max(most, fills[1]);
    }
    return new long[] {most == 0 ? 0 : least, most};
  }

  private static long[] fills(Board board, IntPredicate isOfGroup) {
    WideSum bytes = new WideSum();
    WideSum capacity = new WideSum();
    int fullest = -1;
    int emptiest = -1;
    for (int worker = 0; worker < board.fleet.count; worker++) {
      if (isMeasured(board, worker) && isOfGroup.test(worker)) {
        bytes.addAny(board.wantedBytes(worker));
        capacity.add(board.fleet.capacity[worker]);
        fullest = fullest < 0 || isFuller(board, worker, fullest) ? worker : fullest;
        emptiest = emptiest < 0 || isFuller(board, emptiest, worker) ? worker : emptiest;
      }
    }
    BigInteger all = bytes.value();
    return all.signum() > 0
        ? new long[] {
          overMean(board, emptiest, all, capacity.value()),
          overMean(board, fullest, all, capacity.value())
        }
        : new long[] {0, 0};
  }

  private static boolean isFuller(Board board, int one, int other) {
    return Fill.compare(
            board.wantedBytes(one),
            board.fleet.capacity[one],
            board.wantedBytes(other),
            board.fleet.capacity[other])
        > 0;
  }

  private static long overMean(Board board, int worker, BigInteger bytes, BigInteger capacity) {
    return BigInteger.valueOf(board.wantedBytes(worker))
        .multiply(capacity)
        .multiply(BigInteger.valueOf(PlacementConfig.ONE))
        .divide(bytes.multiply(BigInteger.valueOf(board.fleet.capacity[worker])))
        .longValue();
  }

  private static boolean isMeasured(Board board, int worker) {
    return board.fleet.active[worker] && board.fleet.capacity[worker] > 0;
  }
}
