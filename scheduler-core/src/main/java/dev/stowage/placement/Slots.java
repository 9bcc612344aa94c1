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

  /**
   * In the arena a chunk's slots follow two ints, how many there are and for how many is room, with
   * two chars beside them, which say how many are sound.
   */
  private static final int HEADER = 2;

  private static final int UNTOUCHED = -1;

  final int base;

  /** The chunks that were touched, in the order in which that happened. */
  final IntList touched;

  private final HeldReplicas held;
  private final int[] hint;
  private final boolean[] present;
  private final int[] at;
  private int[] worker;
  private char[] bits;
  private int used;
  private int actions;

  /**
   * Slots over what is held; a touched chunk gets at least as many as {@code hint} says.
   *
   * @param present the workers on which a replica counts
   */
  Slots(HeldReplicas held, int[] hint, boolean[] present) {
    this.held = held;
    this.hint = hint;
    this.present = present;
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
  Slots(HeldReplicas held, int[] hint, boolean[] present, Slots former) {
    this.held = held;
    this.hint = hint;
    this.present = present;
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

  int count(int chunk) {
    return at[chunk] < 0 ? held.end(chunk) - held.begin(chunk) : worker[at[chunk] - HEADER];
  }

  /** Sound slots on present workers; what is touched has been counted. */
  int soundCount(int chunk) {
    int start = at[chunk];
    if (start >= 0) {
      return bits[start - HEADER] << Character.SIZE | bits[start - 1];
    }
    int count = 0;
    int end = held.end(chunk);
    for (int slot = held.begin(chunk); slot < end; slot++) {
      count += counts(bits(slot), held.worker()[slot]);
    }
    return count;
  }

  /** How many slots say that something is done to them, on present workers. */
  int actions() {
    return actions;
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
    note(chunk, bits[slot], holder, 1);
  }

  /** Takes back what {@link #add} did; the chunk's later slots change places. */
  void remove(int chunk, int slot) {
    note(chunk, bits[slot - base], worker[slot - base], -1);
    int last = at[chunk] + --worker[at[chunk] - HEADER];
    worker[slot - base] = worker[last];
    bits[slot - base] = bits[last];
  }

  /** Gives an added slot another worker. */
  void redirect(int chunk, int slot, int holder) {
    note(chunk, bits[slot - base], worker[slot - base], -1);
    worker[slot - base] = holder;
    note(chunk, bits[slot - base], holder, 1);
  }

  /** Wants or no longer wants a held pair; returns where its slot is now. */
  int mark(int chunk, int slot, int wanted, int because) {
    int offset = slot - begin(chunk);
    touch(chunk);
    int moved = begin(chunk) + offset;
    int before = bits[moved - base];
    int after = (before & LOW & ~WANTED) | wanted | because;
    bits[moved - base] = (char) after;
    if (present[worker[moved - base]]) {
      actions += (ActionList.isAction(after) ? 1 : 0) - (ActionList.isAction(before) ? 1 : 0);
      if (isSound(before) != isSound(after)) {
        setSound(at[chunk], soundCount(chunk) + (isSound(after) ? 1 : -1));
      }
    }
    return moved;
  }

  /** Counts what a slot of a touched chunk says, or with a negative sign no longer says. */
  private void note(int chunk, int flags, int holder, int sign) {
    if (present[holder]) {
      actions += ActionList.isAction(flags) ? sign : 0;
      if (isSound(flags)) {
        setSound(at[chunk], soundCount(chunk) + sign);
      }
    }
  }

  private void setSound(int start, int count) {
    bits[start - HEADER] = (char) (count >>> Character.SIZE);
    bits[start - 1] = (char) count;
  }

  private int counts(int flags, int holder) {
    return isSound(flags) && present[holder] ? 1 : 0;
  }

  /** Moves a chunk to the arena, with room for more, unless it is there. */
  void touch(int chunk) {
    if (at[chunk] >= 0) {
      return;
    }
    int from = held.begin(chunk);
    int count = held.end(chunk) - from;
    int start = claim(Math.max(count + 1, hint[chunk]));
    System.arraycopy(held.worker(), from, worker, start, count);
    int sound = 0;
    for (int i = 0; i < count; i++) {
      int flags = bits(from + i);
      bits[start + i] = (char) flags;
      sound += counts(flags, worker[start + i]);
    }
    setSound(start, sound);
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
    int sound = soundCount(chunk);
    at[chunk] = start;
    setSound(start, sound);
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

  /**
   * Sorts a touched chunk's slots by the rank of their workers, in which the held ones lie already.
   */
  void sort(int chunk, int[] rank) {
    int from = at[chunk];
    int to = from + worker[from - HEADER];
    for (int i = from + Math.max(1, held.end(chunk) - held.begin(chunk)); i < to; i++) {
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
