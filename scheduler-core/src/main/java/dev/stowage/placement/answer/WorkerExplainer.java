package dev.stowage.placement.answer;

import dev.stowage.answer.Explanation;
import dev.stowage.config.Reason;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementPlan.Stuck;
import dev.stowage.placement.PlanChanges.ActionKind;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Slots;
import dev.stowage.shape.Unit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Explains one worker of a finished plan: its content, and the actions on it. */
public final class WorkerExplainer {
  private final Board board;
  private final int worker;
  private final Map<ActionKind, long[]> actions = new EnumMap<>(ActionKind.class);
  private long floorBytes;
  private long bonusBytes;
  private long leftoverBytes;
  private long pinnedBytes;
  private final long[] wished = new long[2];
  private long largestBytes;

  public WorkerExplainer(Board board, int worker) {
    this.board = board;
    this.worker = worker;
  }

  public Explanation explain(List<Stuck> stuck) {
    for (int chunk = 0; chunk < board.chunks.count; chunk++) {
      int slot = board.slots.find(chunk, worker);
      if (slot >= 0) {
        count(chunk, board.slots.bits(slot));
      }
    }
    long capacity = board.fleet.capacity[worker];
    List<String> lines = new ArrayList<>();
    lines.add(
        "status "
            + Wording.name(board.fleet.worker(worker).status())
            + (board.input.avoided[worker] ? ", avoided" : "")
            + ", capacity "
            + Unit.BYTES.print(capacity)
            + ", free "
            + Unit.BYTES.print(Math.max(0, board.free[worker]))
            + " once every action is carried out, before anything has drained");
    if (board.fleet.worker(worker).isLimited()) {
      int spare = board.spare(worker);
      int limit = board.fleet.worker(worker).maxReplicas();
      String room =
          spare < 0
              ? "it holds " + -spare + " more: nothing is added"
              : spare == 0 ? "it holds as many: nothing is added" : "room for " + spare + " more";
      lines.add("at most " + Wording.count(limit, "replica") + ", " + room);
    }
    lines.add(levelLine());
    lines.add(
        "wanted for floors "
            + Unit.BYTES.print(floorBytes)
            + ", as bonus "
            + Unit.BYTES.print(bonusBytes));
    lines.add(
        "superseded or draining "
            + Unit.BYTES.print(leftoverBytes)
            + ", of marked chunks "
            + Unit.BYTES.print(pinnedBytes));
    if (wished[0] > 0) {
      lines.add(
          "pinned here: "
              + Wording.count(wished[0], "replica")
              + ", "
              + Unit.BYTES.print(wished[1]));
    }
    actions.forEach((kind, sums) ->
        lines.add(
            "this plan: "
                + Wording.count(sums[0], "replica")
                + " "
                + Wording.done(kind)
                + ", "
                + Unit.BYTES.print(sums[1])));
    stuck(stuck, lines);
    if (board.free[worker] < 0) {
      lines.add(
          "above its capacity by " + Unit.bytesAtLeast(-board.free[worker]) + ": nothing is added");
    }
    return new Explanation(board.fleet.worker(worker).id().value(), lines);
  }

  private void stuck(List<Stuck> stuck, List<String> lines) {
    Map<Reason, long[]> sums = new EnumMap<>(Reason.class);
    for (Stuck each : stuck) {
      if (each.worker() == worker) {
        long[] sum = sums.computeIfAbsent(each.reason(), reason -> new long[2]);
        sum[0]++;
        sum[1] += board.chunks.size[each.chunk()];
      }
    }
    sums.forEach((reason, sum) ->
        lines.add(
            "stuck: "
                + Wording.count(sum[0], "replica")
                + ", "
                + Unit.BYTES.print(sum[1])
                + ", should leave and cannot: "
                + reason.inWords().whyStuck()
                + " ("
                + Wording.name(reason)
                + ")"));
  }

  private String levelLine() {
    if (!board.fleet.placeable[worker]) {
      return "it takes nothing new, so it has no water level";
    }
    if (board.level[worker] == 0) {
      return "wanted "
          + Unit.BYTES.print(board.wantedBytes(worker))
          + "; its largest replica has "
          + Unit.BYTES.print(largestBytes);
    }
    long head = board.head(worker);
    String line =
        "wanted "
            + Unit.BYTES.print(board.wantedBytes(worker))
            + ", "
            + Unit.BYTES.print(Math.abs(head))
            + (head < 0 ? " above" : " below")
            + " its water level of "
            + Unit.BYTES.print(board.level[worker])
            + "; its largest replica has "
            + Unit.BYTES.print(largestBytes);
    boolean alone = head < 0 && -head <= largestBytes;
    return line + (alone ? "; that is no more than one replica, so it gives none away" : "");
  }

  private void count(int chunk, int bits) {
    long size = board.chunks.size[chunk];
    if (Slots.isAction(bits)) {
      long[] sums = actions.computeIfAbsent(Slots.kind(bits), kind -> new long[2]);
      sums[0]++;
      sums[1] += size;
    }
    if (Slots.isPreempted(bits)) {
      return;
    }
    if (Slots.isWanted(bits)) {
      largestBytes = Math.max(largestBytes, size);
      if (board.isPinnedPair(chunk, worker)) {
        wished[0]++;
        wished[1] += size;
      }
    }
    if (board.chunks.is(chunk, ChunkBits.PINNED)) {
      pinnedBytes += size;
    } else if (!Slots.isWanted(bits)) {
      leftoverBytes += size;
    } else if (board.soundCount(chunk) > board.chunks.floor(chunk)) {
      bonusBytes += size;
    } else {
      floorBytes += size;
    }
  }
}
