package dev.stowage.placement.answer;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.columns.WideSum;
import dev.stowage.config.PlacementConfig;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlan.PlanFigures;
import dev.stowage.placement.PlanChanges.ActionKind;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.CopyMinimum;
import dev.stowage.placement.board.Demand;
import dev.stowage.placement.board.Scan;
import dev.stowage.placement.fleet.Fill;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Measures a finished board. Stateless. */
public final class Figures {
  private Figures() {}

  /** Returns the figures, or null if one exceeds a long; {@code levels} are in bytes by worker. */
  public static @Nullable PlanFigures of(
      Board board, Scan scan, ActionList actions, Function<Demand, long[]> levels) {
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
      }
      replicas += kind == ActionKind.ADD || kind == ActionKind.READOPT ? 1 : -1;
    }
    for (WideSum each : byCause) {
      if (each != null) {
        added.add(each);
      }
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
    List<PlanFigures.Group> groups = groups(board);
    long fullest = 0;
    long emptiest = Long.MAX_VALUE;
    for (PlanFigures.Group each : groups) {
      if (each.maxOverMeanFill() > 0) {
        fullest = Math.max(fullest, each.maxOverMeanFill());
        emptiest = Math.min(emptiest, each.minOverMeanFill());
      }
    }
    return new PlanFigures(
        added.saturated(),
        minimum(board, scan, added.saturated(), levels),
        java.util.Collections.unmodifiableMap(causes),
        fullest,
        fullest > 0 ? emptiest : 0,
        groups,
        replicas);
  }

  /** Skips the other sums if the first equals the added bytes, an upper bound of all. */
  private static long minimum(Board board, Scan scan, long added, Function<Demand, long[]> levels) {
    if (added == 0 || CopyMinimum.isAllMissing(board)) {
      return added;
    }
    CopyMinimum minimum = scan.minimum();
    long missing = minimum.missing().saturated();
    if (missing == added) {
      return missing;
    }
    long[] level = levels.apply(minimum.demand());
    long unlevel = minimum.unlevel(level).saturated();
    return Math.max(Math.max(missing, unlevel), minimum.unlevelBesideNew(level));
  }

  /** Groups the active workers with capacity by level, highest level first. */
  private static List<PlanFigures.Group> groups(Board board) {
    // Levels are whole bytes, so the greatest fill of a basin stands for all its workers.
    int basins = 1;
    for (int basin : board.basin) {
      basins = Math.max(basins, basin + 1);
    }
    long[] levelOf = new long[basins];
    for (int worker = 0; worker < board.fleet.count; worker++) {
      if (isMeasured(board, worker)) {
        long level =
            Fill.scaled(board.level[worker], PlacementConfig.ONE, board.fleet.capacity[worker]);
        levelOf[board.basin[worker]] = Math.max(levelOf[board.basin[worker]], level);
      }
    }
    Map<Long, Members> byLevel = new TreeMap<>(Comparator.reverseOrder());
    Members[] inBasin = new Members[levelOf.length];
    for (int worker : board.fleet.order) {
      if (isMeasured(board, worker)) {
        int basin = board.basin[worker];
        if (inBasin[basin] == null) {
          inBasin[basin] = byLevel.computeIfAbsent(levelOf[basin], level -> new Members(board));
        }
        inBasin[basin].add(worker);
      }
    }
    List<PlanFigures.Group> groups = new ArrayList<>(byLevel.size());
    byLevel.forEach((level, members) -> groups.add(members.group(level)));
    return List.copyOf(groups);
  }

  private static final class Members {
    private final Board board;
    private final WideSum bytes = new WideSum();
    private final WideSum capacity = new WideSum();
    private final List<WorkerId> members = new ArrayList<>();
    private int fullest = -1;
    private int emptiest = -1;

    Members(Board board) {
      this.board = board;
    }

    void add(int worker) {
      members.add(board.fleet.worker(worker).id());
      bytes.addAny(board.wantedBytes(worker));
      capacity.add(board.fleet.capacity[worker]);
      fullest = fullest < 0 || isFuller(board, worker, fullest) ? worker : fullest;
      emptiest = emptiest < 0 || isFuller(board, emptiest, worker) ? worker : emptiest;
    }

    PlanFigures.Group group(long level) {
      BigInteger all = bytes.value();
      boolean isEmpty = all.signum() <= 0;
      return new PlanFigures.Group(
          level,
          members,
          isEmpty ? 0 : overMean(board, fullest, all, capacity.value()),
          isEmpty ? 0 : overMean(board, emptiest, all, capacity.value()));
    }
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
