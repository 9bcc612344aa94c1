package dev.stowage.placement;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** Explains one chunk of a finished plan: where it is and why, and why not elsewhere. */
final class ChunkExplainer {
  private final Board board;
  private final int chunk;
  private final IntFunction<String> names;
  private final List<String> lines = new ArrayList<>();

  /** Why a worker does not hold a chunk. */
  private enum Why {
    DEPARTED("departed"),
    STATUS("take nothing new (cordoned, leaving or suspect)"),
    AVOIDED("are avoided"),
    INELIGIBLE("lack the version or a label it asks for"),
    BANNED("are banned for it"),
    TOO_SMALL("are smaller than it"),
    FULL("have no room for it"),
    NOT_NEEDED("have room, and are not needed");

    private final String words;

    Why(String words) {
      this.words = words;
    }
  }

  ChunkExplainer(Board board, int chunk, IntFunction<String> names) {
    this.board = board;
    this.chunk = chunk;
    this.names = names;
  }

  Explanation explain(List<Shortage> deferrals, List<Shortage> shortfalls) {
    ChunkColumns chunks = board.chunks;
    lines.add(
        chunks.size[chunk]
            + " bytes, weight "
            + chunks.weight[chunk]
            + ", floor "
            + chunks.floor[chunk]
            + ", target "
            + board.target[chunk]
            + (chunks.isNew(chunk) ? ", new" : "")
            + (chunks.is(chunk, ChunkBits.PINNED) ? ", marked for removal: left as it is" : ""));
    shortages("deferred", deferrals);
    shortages("short of its floor", shortfalls);
    for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
      lines.add(slotLine(slot));
    }
    othersByReason();
    return new Explanation(names.apply(chunk), lines);
  }

  private void shortages(String what, List<Shortage> shortages) {
    for (Shortage each : shortages) {
      if (each.chunk() == chunk) {
        lines.add(
            what
                + ": "
                + each.missing()
                + " replicas missing, "
                + each.reason()
                + "; "
                + each.eligibleWorkers()
                + " workers may take it, the most room on one is "
                + each.largestRoomBytes()
                + " bytes");
      }
    }
  }

  private String slotLine(int slot) {
    int bits = board.slots.bits(slot);
    String worker = "on " + board.fleet.worker(board.slots.worker(slot)).id();
    if (ActionList.isAction(bits)) {
      return worker
          + ": "
          + ActionList.kindOf(bits)
          + " for "
          + Slots.cause(bits)
          + ", because "
          + Slots.reason(bits);
    }
    String state =
        switch (bits & ReplicaBits.STATE_MASK) {
          case ReplicaBits.ASSIGNED -> "kept";
          case ReplicaBits.SUPERSEDED -> "superseded before, not wanted again";
          default -> "draining, not wanted again";
        };
    return worker + ": " + state + ((bits & ReplicaBits.POSSESSED) != 0 ? ", possessed" : "");
  }

  private void othersByReason() {
    Map<Why, Integer> counts = new EnumMap<>(Why.class);
    long mostRoom = 0;
    for (int worker : board.fleet.order) {
      if (board.slots.find(chunk, worker) < 0) {
        Why why = why(worker);
        counts.merge(why, 1, Integer::sum);
        mostRoom = why == Why.FULL ? Math.max(mostRoom, board.free[worker]) : mostRoom;
      }
    }
    for (Map.Entry<Why, Integer> each : counts.entrySet()) {
      String room = each.getKey() == Why.FULL ? "; the most on one is " + mostRoom + " bytes" : "";
      lines.add("elsewhere: " + each.getValue() + " workers " + each.getKey().words + room);
    }
  }

  private Why why(int worker) {
    if (!board.fleet.present[worker]) {
      return Why.DEPARTED;
    } else if (board.input.avoided[worker]) {
      return Why.AVOIDED;
    } else if (!board.fleet.placeable[worker]) {
      return Why.STATUS;
    } else if (!board.pool(chunk).admits[worker]) {
      return Why.INELIGIBLE;
    } else if (!board.mayHold(chunk, worker)) {
      return Why.BANNED;
    } else if (board.fleet.capacity[worker] < board.chunks.size[chunk]) {
      return Why.TOO_SMALL;
    }
    return board.free[worker] < board.chunks.size[chunk] ? Why.FULL : Why.NOT_NEEDED;
  }
}
