package dev.stowage.placement;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One plan, phase by phase. */
final class PlanRun {
  private final Board board;
  private final Picker picker;

  PlanRun(PlacementInput input) {
    board = new Board(input, new Fleet(input));
    picker = new Picker(board);
  }

  PlacementPlan run() {
    for (int chunk = 0; chunk < board.chunks.count; chunk++) {
      board.target[chunk] = board.chunks.floor[chunk];
      for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
        board.free[board.slots.worker(slot)] -= board.chunks.size[chunk];
      }
    }
    for (int worker = 0; worker < board.fleet.count; worker++) {
      board.level[worker] = board.fleet.capacity[worker];
    }
    for (int chunk = 0; chunk < board.chunks.count; chunk++) {
      board.focus(chunk);
      int missing = board.target[chunk] - board.soundCount(chunk);
      while (missing-- > 0) {
        int worker = picker.pick(chunk);
        if (worker < 0) {
          break;
        }
        Cause cause = board.chunks.isNew(chunk) ? Cause.NEW : Cause.REPAIR;
        board.add(chunk, worker, Slots.because(cause, Reason.BELOW_FLOOR));
      }
    }
    Map<Long, Long> rooms = new HashMap<>();
    PlanFigures figures = new PlanFigures(0, 0, Map.of(), 0, 0, 0, false, 0, 0, 0);
    return new PlacementPlan(
        board,
        ActionList.of(board, rooms),
        new PlanOutcome(List.of(), List.of(), List.of(), figures));
  }
}
