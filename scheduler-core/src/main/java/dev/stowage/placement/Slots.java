package dev.stowage.placement;

import java.util.Arrays;

/**
 * The replicas of every chunk while a plan is made. A chunk that nothing happens to keeps its place
 * in the input's arrays; one that is touched is copied to an arena, with room for what comes. So an
 * unchanged fleet costs no copy, and a plan from scratch 6 bytes per replica.
 *
 * <p>An index below {@link #base} is one of the input's replicas, any other one of the arena's.
 */
final class Slots {
  /** The pair was held when the plan began. */
  static final int HELD = 64;

  /** The plan wants the pair. */
  static final int WANTED = 128;

  private static final int CAUSE_SHIFT = 8;
  private static final int REASON_SHIFT = 12;
  private static final int LOW = 255;

  /** An arena of this size is worth keeping for the next plan. */
  private static final int MOST_KEPT = 1 << 16;

  private static final Cause[] CAUSES = Cause.values();
  private static final Reason[] REASONS = Reason.values();

  /** In the arena a chunk's slots follow two ints: how many there are, and for how many is room. */
  private static final int HEADER = 2;

  private static final int UNTOUCHED = -1;

  final int base;

  /** The chunks that were touched, in the order in which that happened. */
  final IntList touched;

  private final HeldReplicas held;
  private final int[] hint;
  private final int[] at;
  private int[] worker;
  private char[] bits;
  private int used;

  /** Slots over what is held; a touched chunk gets at least as many as {@code hint} says. */
  Slots(HeldReplicas held, int[] hint) {
    this.held = held;
    this.hint = hint;
    base = held.limit();
    at = new int[hint.length];
    Arrays.fill(at, UNTOUCHED);
    touched = new IntList();
    worker = new int[16];
    bits = new char[16];
  }

  /**
   * Slots over what is held now, in the place of others that nobody needs any more: costs no more
   * than what those did.
   */
  Slots(HeldReplicas held, int[] hint, Slots former) {
    this.held = held;
    this.hint = hint;
    base = held.limit();
    touched = former.touched;
    int[] kept = former.at;
    for (int i = 0; i < touched.size; i++) {
      kept[touched.get(i)] = UNTOUCHED;
    }
    touched.size = 0;
    if (kept.length < hint.length) {
      int length = kept.length;
      kept = Arrays.copyOf(kept, hint.length);
      Arrays.fill(kept, length, kept.length, UNTOUCHED);
    }
    at = kept;
    boolean oversized = former.worker.length > Math.max(MOST_KEPT, base / 16);
    worker = oversized ? new int[16] : former.worker;
    bits = oversized ? new char[16] : former.bits;
  }

  /** Makes room in the arena for this many replicas at once. */
  void expect(long replicas) {
    long wanted = Math.min(Integer.MAX_VALUE - 8L, used + replicas);
    if (wanted > worker.length) {
      worker = Arrays.copyOf(worker, (int) wanted);
      bits = Arrays.copyOf(bits, (int) wanted);
    }
  }

  /** Whether the plan has not changed anything yet. */
  boolean isUntouched() {
    return used == 0;
  }

  int begin(int chunk) {
    return at[chunk] < 0 ? held.begin(chunk) : base + at[chunk];
  }

  int end(int chunk) {
    int start = at[chunk];
    return start < 0 ? held.end(chunk) : base + start + worker[start - HEADER];
  }

  int worker(int slot) {
    return slot < base ? held.worker()[slot] : worker[slot - base];
  }

  /** The slot's flags: {@link ReplicaBits}, {@link #HELD}, {@link #WANTED}, cause and reason. */
  int bits(int slot) {
    if (slot >= base) {
      return bits[slot - base];
    }
    int known = held.bits()[slot];
    return known | HELD | ((known & ReplicaBits.STATE_MASK) == 0 ? WANTED : 0);
  }

  static boolean isWanted(int bits) {
    return (bits & WANTED) != 0;
  }

  /** Wanted, and its bytes have not been given up. */
  static boolean isSound(int bits) {
    return (bits & (WANTED | ReplicaBits.GIVEN_UP)) == WANTED;
  }

  static boolean isAdded(int bits) {
    return (bits & (WANTED | HELD)) == WANTED;
  }

  static boolean isPossessed(int bits) {
    return (bits & (HELD | ReplicaBits.POSSESSED)) == (HELD | ReplicaBits.POSSESSED);
  }

  static Cause cause(int bits) {
    return CAUSES[(bits >>> CAUSE_SHIFT) & 15];
  }

  static Reason reason(int bits) {
    return REASONS[bits >>> REASON_SHIFT];
  }

  static int because(Cause cause, Reason reason) {
    return cause.ordinal() << CAUSE_SHIFT | reason.ordinal() << REASON_SHIFT;
  }

  /** Held, not wanted, and taken away in this very cycle. */
  static boolean isPreempted(int bits) {
    return (bits & (HELD | WANTED)) == HELD
        && bits >>> REASON_SHIFT >= Reason.UNREADABLE_LEFTOVER.ordinal();
  }

  /** The slot of a pair, or -1. */
  int find(int chunk, int holder) {
    int end = end(chunk);
    for (int slot = begin(chunk); slot < end; slot++) {
      if (worker(slot) == holder) {
        return slot;
      }
    }
    return -1;
  }

  /** Adds a pair that has no slot. */
  void add(int chunk, int holder, int because) {
    touch(chunk);
    int length = worker[at[chunk] - HEADER];
    if (length == worker[at[chunk] - 1]) {
      move(chunk, Math.max(4, length * 2));
    }
    int slot = at[chunk] + length;
    worker[at[chunk] - HEADER] = length + 1;
    worker[slot] = holder;
    bits[slot] = (char) (WANTED | because);
  }

  /** Takes back what {@link #add} did; the chunk's later slots change places. */
  void remove(int chunk, int slot) {
    int last = at[chunk] + --worker[at[chunk] - HEADER];
    worker[slot - base] = worker[last];
    bits[slot - base] = bits[last];
  }

  /** Gives an added slot another worker. */
  void redirect(int slot, int holder) {
    worker[slot - base] = holder;
  }

  /** Wants or no longer wants a held pair; returns where its slot is now. */
  int mark(int chunk, int slot, int wanted, int because) {
    int offset = slot - begin(chunk);
    touch(chunk);
    int moved = begin(chunk) + offset;
    bits[moved - base] = (char) ((bits[moved - base] & LOW & ~WANTED) | wanted | because);
    return moved;
  }

  /** Moves a chunk to the arena, with room for more, unless it is there. */
  void touch(int chunk) {
    if (at[chunk] >= 0) {
      return;
    }
    int from = held.begin(chunk);
    int count = held.end(chunk) - from;
    int start = claim(Math.max(count + 1, hint[chunk]));
    for (int i = 0; i < count; i++) {
      worker[start + i] = held.worker()[from + i];
      bits[start + i] = (char) bits(from + i);
    }
    worker[start - HEADER] = count;
    at[chunk] = start;
    touched.add(chunk);
  }

  private void move(int chunk, int slots) {
    int from = at[chunk];
    int length = worker[from - HEADER];
    int start = claim(slots);
    System.arraycopy(worker, from, worker, start, length);
    System.arraycopy(bits, from, bits, start, length);
    worker[start - HEADER] = length;
    at[chunk] = start;
  }

  /** Finds a place in the arena, and notes its room before it. */
  private int claim(int slots) {
    int start = used + HEADER;
    if (slots > worker.length - start) {
      expect(Math.max(slots + HEADER, Math.min(worker.length, Integer.MAX_VALUE / 2)));
    }
    used = start + slots;
    worker[start - 1] = slots;
    return start;
  }

  /** Sorts a touched chunk's slots by the rank of their workers. */
  void sort(int chunk, int[] rank) {
    int from = at[chunk];
    int to = from + worker[from - HEADER];
    for (int i = from + 1; i < to; i++) {
      int holder = worker[i];
      char flags = bits[i];
      int place = i;
      while (place > from && rank[worker[place - 1]] > rank[holder]) {
        worker[place] = worker[place - 1];
        bits[place] = bits[place - 1];
        place--;
      }
      worker[place] = holder;
      bits[place] = flags;
    }
  }
}
