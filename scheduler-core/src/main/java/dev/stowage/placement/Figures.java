package dev.stowage.placement;

import java.math.BigInteger;
import java.util.EnumMap;
import java.util.Map;

/** Measures a finished board. Stateless. */
final class Figures {
  private Figures() {}

  static PlanFigures of(
      Board board, Scan scan, ActionList actions, MovementLedger ledger, boolean backpressure) {
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
    Map<Cause, Long> causes = new EnumMap<>(Cause.class);
    for (Cause cause : Cause.values()) {
      if (byCause[cause.ordinal()] != null) {
        causes.put(cause, byCause[cause.ordinal()].saturated());
      }
    }
    long[] fills = fills(board);
    return new PlanFigures(
        added.saturated(),
        Math.max(scan.missingBytes().saturated(), scan.unlevelBytes),
        java.util.Collections.unmodifiableMap(causes),
        fills[1],
        fills[0],
        replicas,
        backpressure,
        ledger.postponedBytes(),
        ledger.debtBytes(),
        ledger.debtReplicas());
  }

  /** Bytes by which workers lie below the level by more than the slack, before anything moves. */
  static long unlevelBytes(Board board) {
    WideSum sum = new WideSum();
    int allowed = PlacementConfig.ONE - Math.min(PlacementConfig.ONE, slack(board));
    for (int worker = 0; worker < board.fleet.count; worker++) {
      if (board.fleet.placeable[worker]) {
        long least = Fill.scaled(board.level[worker], allowed, PlacementConfig.ONE);
        sum.add(Math.max(0, least - board.wantedBytes(worker)));
      }
    }
    return sum.saturated();
  }

  private static int slack(Board board) {
    return board.input.config.balanceSlackMillionths();
  }

  /** The least and the greatest fill of an active worker over the mean fill, in millionths. */
  private static long[] fills(Board board) {
    BigInteger bytes = BigInteger.ZERO;
    BigInteger capacity = BigInteger.ZERO;
    for (int worker = 0; worker < board.fleet.count; worker++) {
      if (isMeasured(board, worker)) {
        bytes = bytes.add(BigInteger.valueOf(board.wantedBytes(worker)));
        capacity = capacity.add(BigInteger.valueOf(board.fleet.capacity[worker]));
      }
    }
    long least = Long.MAX_VALUE;
    long most = 0;
    for (int worker = 0; worker < board.fleet.count && bytes.signum() > 0; worker++) {
      if (isMeasured(board, worker)) {
        long over =
            BigInteger.valueOf(board.wantedBytes(worker))
                .multiply(capacity)
                .multiply(BigInteger.valueOf(PlacementConfig.ONE))
                .divide(bytes.multiply(BigInteger.valueOf(board.fleet.capacity[worker])))
                .longValue();
        least = Math.min(least, over);
        most = Math.max(most, over);
      }
    }
    return bytes.signum() > 0 ? new long[] {least, most} : new long[] {0, 0};
  }

  private static boolean isMeasured(Board board, int worker) {
    return board.fleet.active[worker] && board.fleet.capacity[worker] > 0;
  }
}
