package dev.stowage.placement.answer;

import dev.stowage.answer.Explanation;
import dev.stowage.config.Reason;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.PlacementPlan.Shortage;
import dev.stowage.placement.PlacementPlan.Stuck;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.board.Zones;
import dev.stowage.placement.fleet.DomainLimits;
import dev.stowage.placement.input.ChunkColumns;
import dev.stowage.shape.Unit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Explains one chunk of a finished plan: its workers, and why the others do not hold it. */
public final class ChunkExplainer {
  /** The most workers that are named; more are only counted. */
  private static final int MOST_NAMES = 10;

  private final Board board;
  private final int chunk;
  private final IntFunction<String> names;
  private final List<String> lines = new ArrayList<>();

  public ChunkExplainer(Board board, int chunk, IntFunction<String> names) {
    this.board = board;
    this.chunk = chunk;
    this.names = names;
  }

  public Explanation explain(
      List<Shortage> deferrals, List<Shortage> shortfalls, List<Stuck> stuck) {
    ChunkColumns chunks = board.chunks;
    lines.add(
        Unit.BYTES.print(chunks.size[chunk])
            + ", weight "
            + chunks.weight(chunk)
            + ", floor "
            + chunks.floor(chunk)
            + ", target "
            + board.target.get(chunk)
            + spread()
            + (chunks.isNew(chunk) ? ", new" : "")
            + (chunks.is(chunk, ChunkBits.VISIBLE) ? ", visible" : "")
            + (chunks.is(chunk, ChunkBits.PINNED) ? ", marked for removal: left as it is" : ""));
    shortages("deferred", deferrals);
    shortages("short of its floor", shortfalls);
    for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
      lines.add(slotLine(slot, stuckOn(board.slots.worker(slot), stuck)));
    }
    othersByReason();
    return new Explanation(names.apply(chunk), lines);
  }

  private String spread() {
    int zones = Zones.wanted(board, chunk, 0);
    StringBuilder text = new StringBuilder(zones > 1 ? ", in at least " + zones + " zones" : "");
    for (int level = 1; level < Zones.levels(board); level++) {
      text.append(text.isEmpty() ? ", in at least " : " and ")
          .append(Zones.wanted(board, chunk, level))
          .append(" domains of level ")
          .append(board.fleet.levelNumbers[level]);
    }
    DomainLimits limits = board.fleet.limits;
    for (int level = 0; level < limits.levels(); level++) {
      text.append(", at most ")
          .append(limits.most[level])
          .append(" in one domain of level ")
          .append(limits.levelNumbers[level]);
    }
    return text.toString();
  }

  private void shortages(String what, List<Shortage> shortages) {
    for (Shortage each : shortages) {
      if (each.chunk() == chunk) {
        lines.add(what + ": " + Shortages.of(board, each));
      }
    }
  }

  private @Nullable Stuck stuckOn(int worker, List<Stuck> stuck) {
    for (Stuck each : stuck) {
      if (each.chunk() == chunk && each.worker() == worker) {
        return each;
      }
    }
    return null;
  }

  private String slotLine(int slot, @Nullable Stuck stuck) {
    int bits = board.slots.bits(slot);
    String worker = "on " + board.fleet.worker(board.slots.worker(slot)).id();
    if (stuck != null) {
      return worker
          + ": stuck, it should leave and cannot: "
          + stuck.inWords()
          + beside(board.slots.worker(slot));
    }
    if (Slots.isAction(bits)) {
      return worker
          + ": "
          + Wording.done(Slots.kind(bits))
          + " for "
          + Wording.name(Slots.cause(bits))
          + ": "
          + Slots.reason(bits).inWords().whyTaken()
          + " ("
          + Wording.name(Slots.reason(bits))
          + ")"
          + beside(board.slots.worker(slot));
    }
    String state =
        switch (bits & ReplicaBits.STATE_MASK) {
          case ReplicaBits.ASSIGNED ->
              board.fleet.present[board.slots.worker(slot)]
                  ? kept(board.slots.worker(slot))
                  : "gone with its worker";
          case ReplicaBits.SUPERSEDED -> "superseded before, not wanted again";
          default -> "draining, not wanted again";
        };
    return worker
        + ": "
        + state
        + ((bits & ReplicaBits.POSSESSED) != 0 ? ", possessed" : "")
        + beside(board.slots.worker(slot));
  }

  private String kept(int worker) {
    Reason leaves = board.fit.leaves(chunk, worker);
    return leaves == null || board.chunks.is(chunk, ChunkBits.PINNED)
        ? "kept, which costs nothing"
        : "kept for now, although "
            + leaves.inWords().whyTaken()
            + " ("
            + Wording.name(leaves)
            + "): it waits for the movement budget, for room, or for the worker that takes it over";
  }

  private String beside(int worker) {
    Worker known = board.fleet.worker(worker);
    String status =
        known.status() == WorkerStatus.ACTIVE ? "" : ", " + Wording.name(known.status());
    boolean pinned = board.isPinnedPair(chunk, worker);
    return "; zone " + known.zone() + status + (pinned ? ", pinned there" : "");
  }

  private void othersByReason() {
    Map<Reason, List<String>> refused = new EnumMap<>(Reason.class);
    List<String> others = new ArrayList<>();
    long mostRoom = 0;
    int best = -1;
    for (int worker : board.fleet.order) {
      if (board.slots.find(chunk, worker) >= 0) {
        continue;
      }
      String name = board.fleet.worker(worker).id().value();
      Reason why = board.refusal(chunk, worker);
      if (why == null) {
        others.add(name);
        best = isBetter(worker, best) ? worker : best;
      } else {
        refused.computeIfAbsent(why, each -> new ArrayList<>()).add(name);
        mostRoom = why == Reason.NO_ROOM ? Math.max(mostRoom, board.free[worker]) : mostRoom;
      }
    }
    for (Map.Entry<Reason, List<String>> each : refused.entrySet()) {
      Reason why = each.getKey();
      List<String> workers = each.getValue();
      String room =
          why == Reason.NO_ROOM ? "; the most on one is " + Unit.BYTES.print(mostRoom) : "";
      elsewhere(workers, why.inWords().whyNotOn(workers.size()) + room);
    }
    if (!others.isEmpty()) {
      elsewhere(
          others,
          others.size() == 1 ? "has room, and is not needed" : "have room, and are not needed");
    }
    if (best >= 0) {
      lines.add(
          "the next worker to be given it would be "
              + board.fleet.worker(best).id()
              + ": "
              + Unit.BYTES.print(board.free[best])
              + " free, "
              + Unit.BYTES.print(Math.abs(board.head(best)))
              + (board.head(best) < 0 ? " above its water level" : " below its water level"));
    }
  }

  private void elsewhere(List<String> workers, String why) {
    String names = workers.size() <= MOST_NAMES ? " (" + String.join(", ", workers) + ") " : " ";
    lines.add("elsewhere: " + Wording.count(workers.size(), "worker") + names + why);
  }

  private boolean isBetter(int worker, int than) {
    return board.level[worker] > 0 && (than < 0 || Zones.isFuller(board, than, worker));
  }
}
