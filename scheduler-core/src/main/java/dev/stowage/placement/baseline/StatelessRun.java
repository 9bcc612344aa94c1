package dev.stowage.placement.baseline;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.config.Reason;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementPlan.PlanFigures;
import dev.stowage.placement.answer.ActionList;
import dev.stowage.placement.answer.Figures;
import dev.stowage.placement.answer.PlanOutcome;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.MovementLedger;
import dev.stowage.placement.board.Scan;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.fleet.Fleet;
import dev.stowage.placement.fleet.ReplicationTargets;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.input.HeldReplicas;
import dev.stowage.placement.phases.Floors;
import dev.stowage.placement.phases.Picker;
import dev.stowage.placement.phases.Preemption;
import dev.stowage.placement.phases.WaterLevel;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One plan of the published baseline. */
final class StatelessRun {
  private final Board board;
  private final Board ideal;
  private final HashRings rings;
  private final ReplicationTargets targets;
  private final Scan scan;
  private final MovementLedger ledger;
  private final Floors floors;

  StatelessRun(FlatInput input, int count) {
    Fleet fleet = new Fleet(input);
    board = new Board(input, fleet);
    ideal = new Board(input, fleet, new HeldReplicas(new int[input.chunks.count + 1]));
    rings = new HashRings(fleet, count);
    targets = ReplicationTargets.of(input, fleet);
    scan = Scan.of(board, targets);
    ledger = new MovementLedger(input);
    Picker picker = new Picker(board);
    floors = new Floors(board, picker, new Preemption(board, picker), ledger);
  }

  PlanOutcome run() {
    WaterLevel.set(board, scan.demand);
    draw();
    for (int chunk = 0; chunk < board.chunks.count; chunk++) {
      if (!board.chunks.is(chunk, ChunkBits.PINNED)) {
        follow(chunk);
      }
    }
    for (int i = 0; board.domains.isAny() && i < scan.odd.size(); i++) {
      board.domains.dropGivenUp(scan.odd.get(i), Slots.because(Cause.REPAIR, Reason.GIVEN_UP));
    }
    scan.noteReached();
    ActionList actions = ActionList.of(board, Map.of());
    @Nullable PlanFigures figures =
        Figures.of(board, scan, actions, demand -> WaterLevel.of(board, demand));
    board.settle();
    return new PlanOutcome(
        board,
        actions,
        floors.deferrals,
        floors.shortfalls,
        List.of(),
        List.of(),
        targets.report(),
        PlanOutcome.Carry.of(scan, ledger),
        figures);
  }

  private void draw() {
    int most = 0;
    for (int chunk = 0; chunk < board.chunks.count; chunk++) {
      ideal.target.set(chunk, board.target.get(chunk));
      most = Math.max(most, board.target.get(chunk));
    }
    for (int replica = 0; replica < most; replica++) {
      for (int chunk = 0; chunk < board.chunks.count; chunk++) {
        if (replica < board.target.get(chunk) && !board.chunks.is(chunk, ChunkBits.PINNED)) {
          drawOne(chunk, replica);
        }
      }
    }
  }

  private void drawOne(int chunk, int replica) {
    ideal.focus(chunk);
    long size = board.chunks.size[chunk];
    int worker =
        rings.walk(
            board.chunks.keyHash[chunk],
            replica,
            candidate ->
                ideal.takes(candidate, size)
                    && !ideal.holds(candidate)
                    && ideal.fit.admits(chunk, candidate)
                    && ideal.domains.admits(chunk, candidate));
    if (worker >= 0) {
      ideal.add(chunk, worker, 0);
    }
  }

  private void follow(int chunk) {
    boolean fresh = board.chunks.isNew(chunk);
    int before = board.soundCount(chunk);
    boolean starved = before < board.chunks.floor(chunk);
    Cause mended = board.chunks.is(chunk, ChunkBits.RAISING) ? Cause.RAISE : Cause.REPAIR;
    Cause cause = fresh ? Cause.NEW : starved ? mended : Cause.GROWTH;
    Reason reason = cause == Cause.GROWTH ? Reason.BELOW_TARGET : Reason.BELOW_FLOOR;
    int because = Slots.because(cause, reason);
    int end = ideal.slots.end(chunk);
    for (int slot = ideal.slots.begin(chunk); slot < end; slot++) {
      want(chunk, ideal.slots.worker(slot), because);
    }
    if (fresh && board.soundCount(chunk) < board.chunks.floor(chunk)) {
      floors.takeBack(chunk);
      floors.deferrals.add(floors.shortage(chunk, floors.missing(chunk)));
      return;
    }
    drop(chunk, Math.min(before, board.chunks.floor(chunk)));
    if (!fresh && floors.missing(chunk) > 0) {
      floors.shortfalls.add(floors.shortage(chunk, floors.missing(chunk)));
    }
  }

  private void want(int chunk, int worker, int because) {
    int known = board.slots.find(chunk, worker);
    boolean isWanted = known >= 0 && Slots.isWanted(board.slots.bits(known));
    if (!isWanted && !board.domains.admits(chunk, worker)) {
      return; // a replica in its domains must go first
    }
    if (known >= 0) {
      if (!Slots.isWanted(board.slots.bits(known))) {
        board.readopt(chunk, known, because);
      }
    } else if (board.takes(worker, board.chunks.size[chunk])) {
      board.focus(chunk);
      board.add(chunk, worker, because);
    }
  }

  private void drop(int chunk, int least) {
    int count = board.soundCount(chunk);
    int because = Slots.because(Cause.BALANCE, Reason.OFF_LEVEL);
    for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
      int bits = board.slots.bits(slot);
      int worker = board.slots.worker(slot);
      boolean chosen = ideal.slots.find(chunk, worker) >= 0 || board.isPinnedPair(chunk, worker);
      boolean mayGo = Slots.isWanted(bits) && (bits & Slots.HELD) != 0 && !chosen;
      if (mayGo && board.fleet.present[worker] && count > least) {
        slot = board.supersede(chunk, slot, because);
        count -= Slots.isSound(bits) ? 1 : 0;
      }
    }
  }
}
