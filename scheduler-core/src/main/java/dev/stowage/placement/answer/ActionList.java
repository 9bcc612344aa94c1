package dev.stowage.placement.answer;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.columns.IntColumn;
import dev.stowage.columns.IntList;
import dev.stowage.config.Reason;
import dev.stowage.placement.PlanChanges.ActionKind;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.input.Order;
import dev.stowage.placement.input.PairSet;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The actions of a plan: about 5 bytes each, 4 more with partners, and 4 per chunk. */
public final class ActionList {
  public static final int NO_PARTNER = -1;

  private int count;

  /** The chunks that have actions, in order; may be the list of touched chunks itself. */
  private int[] chunks = new int[0];

  /** One bit per action, set for the first action of a chunk. */
  private long[] firsts = new long[0];

  /** The number of bits set before each word of {@link #firsts}. */
  private int[] before = new int[0];

  private IntColumn worker = new IntColumn(0);
  private char[] meta = new char[0];
  private int @Nullable [] partner;

  /** Reads the actions off touched slots; {@code rooms} maps preempted pairs to placed ones. */
  public static ActionList of(Board board, Map<Long, Long> rooms) {
    ActionList list = new ActionList();
    IntList touched = board.slots.touched;
    Order.canonically(touched.array(), 0, touched.size(), board.input.chunkOrder);
    list.reserve(board, board.slots.actions());
    list.chunks = touched.array();
    boolean shared = true;
    int chunks = 0;
    for (int i = 0; i < touched.size(); i++) {
      int chunk = touched.get(i);
      board.slots.sort(chunk, board.fleet.rank);
      if (list.addChunk(board, chunk)) {
        list.chunks[chunks++] = chunk;
      } else if (shared) {
        list.chunks = touched.toArray();
        shared = false;
      }
    }
    list.countFirsts();
    list.linkPreemptions(rooms);
    return list;
  }

  public int count() {
    return count;
  }

  public int chunk(int action) {
    int word = action >>> 6;
    long upTo = firsts[word] & (-1L >>> (Long.SIZE - 1 - action % Long.SIZE));
    return chunks[before[word] + Long.bitCount(upTo) - 1];
  }

  public int worker(int action) {
    return worker.get(action);
  }

  public ActionKind kind(int action) {
    return Slots.kind(meta[action]);
  }

  public Cause cause(int action) {
    return Slots.cause(meta[action]);
  }

  public Reason reason(int action) {
    return Slots.reason(meta[action]);
  }

  public int flags(int action) {
    return Slots.flags(meta[action]);
  }

  public int partner(int action) {
    return partner == null ? NO_PARTNER : partner[action];
  }

  private void reserve(Board board, int actions) {
    worker = IntColumn.ofAtMost(actions, board.fleet.count);
    meta = new char[actions];
    firsts = new long[(actions + Long.SIZE - 1) / Long.SIZE];
    before = new int[firsts.length];
  }

  private boolean addChunk(Board board, int chunk) {
    Slots slots = board.slots;
    int first = count;
    boolean moves = false;
    int end = slots.end(chunk);
    for (int slot = slots.begin(chunk); slot < end; slot++) {
      int bits = slots.bits(slot);
      int holder = slots.worker(slot);
      if (Slots.isAction(bits) && board.fleet.present[holder]) {
        worker.set(count, holder);
        meta[count++] = (char) bits;
        moves |= Slots.kind(bits) == ActionKind.SUPERSEDE;
      }
    }
    if (count == first) {
      return false;
    }
    firsts[first >>> 6] |= 1L << first;
    if (moves) {
      linkMoves(first);
    }
    return true;
  }

  private void countFirsts() {
    for (int word = 1; word < before.length; word++) {
      before[word] = before[word - 1] + Long.bitCount(firsts[word - 1]);
    }
  }

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
        additions.put(pairOf(i), i);
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
    return PairSet.pair(chunk(action), worker(action));
  }

  private int[] partners() {
    int[] known = partner;
    if (known == null) {
      known = new int[meta.length];
      Arrays.fill(known, NO_PARTNER);
      partner = known;
    }
    return known;
  }
}
