package dev.stowage.placement;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The actions of a finished plan, read off its slots: 10 bytes an action, 4 more where some action
 * has a partner.
 */
final class ActionList {
  private int count;
  private int[] chunk = new int[16];
  private int[] worker = new int[16];
  private char[] meta = new char[16];
  private int @Nullable [] partner;

  /**
   * Reads the actions off the slots of the touched chunks.
   *
   * @param rooms for each preempted pair the pair that it makes room for
   */
  static ActionList of(Board board, Map<Long, Long> rooms) {
    ActionList list = new ActionList();
    int[] touched = Arrays.copyOf(board.slots.touched.items, board.slots.touched.size);
    Order.canonically(touched, 0, touched.length, board.input.chunkOrder);
    list.reserve(board.slots.actions());
    for (int c : touched) {
      board.slots.sort(c, board.fleet.rank);
      list.addChunk(board, c);
    }
    list.linkPreemptions(rooms);
    return list;
  }

  int count() {
    return count;
  }

  int chunk(int action) {
    return chunk[action];
  }

  int worker(int action) {
    return worker[action];
  }

  ActionKind kind(int action) {
    return kindOf(meta[action]);
  }

  Cause cause(int action) {
    return Slots.cause(meta[action]);
  }

  Reason reason(int action) {
    return Slots.reason(meta[action]);
  }

  int meta(int action) {
    return meta[action];
  }

  int partner(int action) {
    return partner == null ? PlacementPlan.NO_PARTNER : partner[action];
  }

  /** Whether a slot's flags say that something is done to it. */
  static boolean isAction(int bits) {
    boolean assigned = (bits & ReplicaBits.STATE_MASK) == 0;
    boolean wanted = Slots.isWanted(bits);
    return (bits & Slots.HELD) == 0 ? wanted : wanted != assigned || Slots.isPreempted(bits);
  }

  static ActionKind kindOf(int bits) {
    if (Slots.isWanted(bits)) {
      return (bits & Slots.HELD) == 0 ? ActionKind.ADD : ActionKind.READOPT;
    }
    return Slots.isPreempted(bits) ? ActionKind.PREEMPT : ActionKind.SUPERSEDE;
  }

  private void reserve(int actions) {
    chunk = new int[actions];
    worker = new int[actions];
    meta = new char[actions];
  }

  private void addChunk(Board board, int c) {
    Slots slots = board.slots;
    int first = count;
    boolean moves = false;
    int end = slots.end(c);
    for (int slot = slots.begin(c); slot < end; slot++) {
      int bits = slots.bits(slot);
      if (isAction(bits) && board.fleet.present[slots.worker(slot)]) {
        chunk[count] = c;
        worker[count] = slots.worker(slot);
        meta[count++] = (char) bits;
        moves |= kindOf(bits) == ActionKind.SUPERSEDE;
      }
    }
    if (moves) {
      linkMoves(first);
    }
  }

  /**
   * Pairs each superseded replica that is replaced with an addition of the same chunk and cause.
   */
  private void linkMoves(int first) {
    BitSet taken = new BitSet();
    for (int i = first; i < count; i++) {
      if (kind(i) != ActionKind.SUPERSEDE || !isReplaced(cause(i))) {
        continue;
      }
      for (int j = first; j < count; j++) {
        boolean replaces = Slots.isWanted(meta[j]) && sameBecause(i, j);
        if (replaces && !taken.get(j - first)) {
          taken.set(j - first);
          partners()[i] = j;
          break;
        }
      }
    }
  }

  private boolean sameBecause(int one, int other) {
    return meta[one] >>> 8 == meta[other] >>> 8;
  }

  private static boolean isReplaced(Cause cause) {
    return cause != Cause.SHRINK && cause != Cause.SHED;
  }

  private void linkPreemptions(Map<Long, Long> rooms) {
    if (rooms.isEmpty()) {
      return;
    }
    Map<Long, Integer> additions = new HashMap<>();
    for (int i = 0; i < count; i++) {
      if (Slots.isWanted(meta[i])) {
        additions.put(PairSet.pair(chunk[i], worker[i]), i);
      }
    }
    for (int i = 0; i < count; i++) {
      Long room = kind(i) == ActionKind.PREEMPT ? rooms.get(pairOf(i)) : null;
      Integer made = room == null ? null : additions.get(room);
      if (made != null) {
        partners()[i] = made;
      }
    }
  }

  private long pairOf(int action) {
    return PairSet.pair(chunk[action], worker[action]);
  }

  private int[] partners() {
    int[] known = partner;
    if (known == null) {
      known = new int[chunk.length];
      Arrays.fill(known, PlacementPlan.NO_PARTNER);
      partner = known;
    }
    return known;
  }
}
