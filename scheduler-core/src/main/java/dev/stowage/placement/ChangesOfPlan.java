package dev.stowage.placement;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.config.MovementBudget;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlanChanges.ActionKind;
import dev.stowage.placement.PlanChanges.Cycles;
import dev.stowage.placement.PlanChanges.Move;
import dev.stowage.placement.PlanChanges.Share;
import dev.stowage.placement.board.Board;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntFunction;

/** Makes the list of a plan's moves, a removal joined to the addition that it waits for. */
final class ChangesOfPlan {
  private ChangesOfPlan() {}

  static PlanChanges of(PlacementPlan plan, IntFunction<ChunkKey> chunk) {
    Board board = plan.board();
    int count = plan.actionCount();
    int[] leaves = new int[count];
    for (int action = 0; action < count; action++) {
      int partner = plan.partner(action);
      boolean isMove =
          partner != PlacementPlan.NO_PARTNER
              && plan.kind(action) == ActionKind.SUPERSEDE
              && plan.actionChunk(partner) == plan.actionChunk(action)
              && leaves[partner] == 0;
      if (isMove) {
        leaves[partner] = action + 1;
        leaves[action] = -1;
      }
    }
    List<Move> moves = new ArrayList<>(count);
    long[] in = new long[board.fleet.count];
    long[] copied = new long[in.length];
    long[] out = new long[in.length];
    for (int action = 0; action < count; action++) {
      long size = plan.actionBytes(action);
      int worker = plan.actionWorker(action);
      boolean isComing =
          plan.kind(action) == ActionKind.ADD || plan.kind(action) == ActionKind.READOPT;
      long[] sum = isComing ? in : out;
      // A preempted replica that was superseded before was not wanted.
      boolean wasWanted = isComing || board.wasWanted(plan.actionChunk(action), worker);
      sum[worker] = SaturatedSum.of(sum[worker], wasWanted ? size : 0);
      if (plan.kind(action) == ActionKind.ADD) {
        copied[worker] = SaturatedSum.of(copied[worker], size);
      }
      if (leaves[action] >= 0) {
        Optional<WorkerId> here = Optional.of(board.fleet.worker(worker).id());
        Optional<WorkerId> from =
            leaves[action] == 0
                ? Optional.empty()
                : Optional.of(board.fleet.worker(plan.actionWorker(leaves[action] - 1)).id());
        moves.add(
            new Move(
                plan.kind(action),
                chunk.apply(plan.actionChunk(action)),
                isComing ? from : here,
                isComing ? here : Optional.empty(),
                size,
                plan.cause(action),
                plan.reason(action)));
      }
    }
    List<Share> workers = new ArrayList<>(board.fleet.order.length);
    for (int worker : board.fleet.order) {
      long after = board.assignedBytes(worker);
      workers.add(
          new Share(
              board.fleet.worker(worker).id(),
              board.fleet.worker(worker).domain(),
              board.fleet.capacity[worker],
              Math.max(0, after - in[worker] + out[worker]),
              after,
              copied[worker],
              out[worker],
              board.fleet.active[worker] && board.fleet.capacity[worker] > 0
                  ? OptionalLong.of(board.level[worker])
                  : OptionalLong.empty()));
    }
    long later = plan.budgetLeftOverBytes();
    return new PlanChanges(moves, workers, cycles(plan, later), later);
  }

  private static Optional<Cycles> cycles(PlacementPlan plan, long laterBytes) {
    Board board = plan.board();
    MovementBudget budget = board.input.config.budget();
    if (budget.bytes() == Long.MAX_VALUE
        || plan.figures().bytesAdded() == 0
        || budget.bytes() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Cycles(1, 1).and(Cycles.under(budget, laterBytes, 0, 0, board.largestSize())));
  }
}
