package dev.stowage.placement.board;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.columns.IntColumn;
import dev.stowage.columns.IntList;
import dev.stowage.config.Reason;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.PlanChanges.ActionKind;
import dev.stowage.placement.input.HeldReplicas;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The replicas of every chunk during a plan: an overlay, copied on the first write. Untouched
 * chunks stay in the input's arrays, touched ones are copied to an arena. Slots below {@link #base}
 * are indices of the input, others of the arena; a chunk that is copied or moves has new ones.
 *
 * <pre>{@code
 *          start-2        start-1       start ... start+length-1   ... start+room-1
 * worker   length         room          the worker of each slot    unused
 * bits     sound, high    sound, low    the bits of each slot      unused
 *
 * bits     15 ... 8           7       6     5         4         3       2          1 0
 *          reason and cause   WANTED  HELD  GIVEN_UP  READABLE  ROUTED  POSSESSED  state
 * }</pre>
 *
 * <p>A slot takes 4 bytes in fleets of up to 32,000 workers. A chunk that outgrows its room moves
 * to one of twice the room, and the arena doubles too, so an addition takes amortized constant time
 * (dynamic tables: Cormen et al., "Introduction to Algorithms"); the room that a chunk leaves stays
 * empty. The slot of a pair is found in time by the replicas of the chunk.
 */
public final class Slots {
  /** Flag: the pair was held when the plan began. */
  public static final int HELD = 64;

  /** Flag: the plan wants the pair. */
  static final int WANTED = 128;

  private static final int SHIFT = 8;
  private static final int LOW = 255;

  /** The largest arena that the next plan always reuses. */
  private static final int MOST_KEPT = 1 << 16;

  private static final Cause[] CAUSES = Cause.values();
  private static final Reason[] REASONS = Reason.values();

  /** The least code of a preemption; reason and cause of an action share eight bits. */
  private static final int PREEMPTED = Reason.UNREADABLE_LEFTOVER.ordinal() * CAUSES.length;

  static {
    if ((Reason.READABLE.ordinal() + 1) * CAUSES.length > 1 + LOW) {
      throw new IllegalStateException(
          "a slot has eight bits for the reasons and causes of actions");
    }
  }

  private static final int HEADER = 2;

  private static final int UNTOUCHED = 0;

  private static final int LEAST_ARENA = 16;

  /** The least room of a chunk that outgrows its place. */
  private static final int LEAST_ROOM = 4;

  final int base;

  /** The touched chunks, in order of their first change. */
  public final IntList touched;

  private final HeldReplicas held;
  private final IntColumn hint;
  private final boolean[] present;

  /** The start of each chunk's slots in the arena, or 0; created for the first touched chunk. */
  private int @Nullable [] at;

  private IntColumn worker;
  private char[] bits;
  private int used;
  private int actions;

  /** Creates slots; {@code hint} is the least room of a touched chunk. */
  public Slots(HeldReplicas held, IntColumn hint, boolean[] present) {
    this.held = held;
    this.hint = hint;
    this.present = present;
    base = held.limit();
    touched = new IntList();
    worker = newArena(present);
    bits = new char[LEAST_ARENA];
  }

  /** Creates slots that reuse the arrays of {@code former}. */
  public Slots(HeldReplicas held, IntColumn hint, boolean[] present, Slots former) {
    this(held, hint, present);
    int[] kept = former.at;
    for (int i = 0; kept != null && i < former.touched.size(); i++) {
      kept[former.touched.get(i)] = UNTOUCHED;
    }
    at = kept == null || kept.length >= hint.size() ? kept : Arrays.copyOf(kept, hint.size());
    boolean isLarge = former.bits.length > Math.max(MOST_KEPT, base / 16);
    if (!isLarge && present.length <= former.present.length) {
      worker = former.worker;
      bits = former.bits;
    }
  }

  /** Creates an arena wide enough for workers and for the two header numbers. */
  private static IntColumn newArena(boolean[] present) {
    return IntColumn.ofAtMost(LEAST_ARENA, 2 * (present.length + LEAST_ROOM));
  }

  public void expect(long replicas) {
    long wanted = Math.min(Integer.MAX_VALUE - 8L, used + replicas);
    if (wanted > bits.length) {
      worker.resize((int) wanted);
      worker.extend((int) wanted);
      bits = Arrays.copyOf(bits, (int) wanted);
    }
  }

  public boolean isUntouched() {
    return used == 0;
  }

  public int begin(int chunk) {
    int start = startOf(chunk);
    return start == UNTOUCHED ? held.begin(chunk) : base + start;
  }

  public int end(int chunk) {
    int start = startOf(chunk);
    return start == UNTOUCHED ? held.end(chunk) : base + start + worker.get(start - HEADER);
  }

  public int count(int chunk) {
    int start = startOf(chunk);
    return start == UNTOUCHED ? held.end(chunk) - held.begin(chunk) : worker.get(start - HEADER);
  }

  boolean isTouched(int chunk) {
    return startOf(chunk) != UNTOUCHED;
  }

  int heldCount(int chunk) {
    return held.end(chunk) - held.begin(chunk);
  }

  int soundCount(int chunk) {
    int start = startOf(chunk);
    if (start != UNTOUCHED) {
      return bits[start - HEADER] << Character.SIZE | bits[start - 1];
    }
    int count = 0;
    int end = held.end(chunk);
    for (int slot = held.begin(chunk); slot < end; slot++) {
      count += counts(bits(slot), held.worker()[slot]);
    }
    return count;
  }

  public int actions() {
    return actions;
  }

  public int worker(int slot) {
    return slot < base ? held.worker()[slot] : worker.get(slot - base);
  }

  /** Returns a slot's {@link ReplicaBits}, {@link #HELD}, {@link #WANTED}, cause and reason. */
  public int bits(int slot) {
    if (slot >= base) {
      return bits[slot - base];
    }
    int known = held.bits()[slot];
    return known | HELD | ((known & ReplicaBits.STATE_MASK) == 0 ? WANTED : 0);
  }

  public static boolean isWanted(int bits) {
    return (bits & WANTED) != 0;
  }

  /** Reports whether a replica is wanted and not given up. */
  public static boolean isSound(int bits) {
    return (bits & (WANTED | ReplicaBits.GIVEN_UP)) == WANTED;
  }

  public static boolean isAdded(int bits) {
    return (bits & (WANTED | HELD)) == WANTED;
  }

  /** Reports whether a replica was wanted before the plan, and its bytes are on the way. */
  static boolean isComing(int bits) {
    return (bits & (ReplicaBits.STATE_MASK | ReplicaBits.POSSESSED)) == ReplicaBits.ASSIGNED;
  }

  public static boolean isPossessed(int bits) {
    return (bits & (HELD | ReplicaBits.POSSESSED)) == (HELD | ReplicaBits.POSSESSED);
  }

  /** Returns the flags without cause and reason. */
  public static int flags(int bits) {
    return bits & LOW;
  }

  public static Cause cause(int bits) {
    return CAUSES[(bits >>> SHIFT) % CAUSES.length];
  }

  public static Reason reason(int bits) {
    return REASONS[(bits >>> SHIFT) / CAUSES.length];
  }

  public static int because(Cause cause, Reason reason) {
    return (reason.ordinal() * CAUSES.length + cause.ordinal()) << SHIFT;
  }

  /** Returns cause and reason without the flags. */
  public static int because(int bits) {
    return bits & ~LOW;
  }

  /** Reports whether a replica is held, not wanted, and dropped in this cycle. */
  public static boolean isPreempted(int bits) {
    return (bits & (HELD | WANTED)) == HELD && bits >>> SHIFT >= PREEMPTED;
  }

  /** Reports whether a slot is a leftover: held, no longer wanted, and free to be wanted again. */
  public static boolean isLeftover(int bits) {
    return (bits & (WANTED | ReplicaBits.GIVEN_UP)) == 0 && !isPreempted(bits);
  }

  public static boolean isStillThere(int bits) {
    return isLeftover(bits) && isPossessed(bits);
  }

  public static boolean isAction(int bits) {
    boolean assigned = (bits & ReplicaBits.STATE_MASK) == 0;
    boolean wanted = isWanted(bits);
    return (bits & HELD) == 0 ? wanted : wanted != assigned || isPreempted(bits);
  }

  public static ActionKind kind(int bits) {
    if (isWanted(bits)) {
      return (bits & HELD) == 0 ? ActionKind.ADD : ActionKind.READOPT;
    }
    return isPreempted(bits) ? ActionKind.PREEMPT : ActionKind.SUPERSEDE;
  }

  /** Returns the slot of a pair, or -1. */
  public int find(int chunk, int holder) {
    int end = end(chunk);
    for (int slot = begin(chunk); slot < end; slot++) {
      if (worker(slot) == holder) {
        return slot;
      }
    }
    return -1;
  }

  void add(int chunk, int holder, int because) {
    touch(chunk);
    int start = startOf(chunk);
    int length = worker.get(start - HEADER);
    if (length == worker.get(start - 1)) {
      move(chunk, Math.max(LEAST_ROOM, length * 2));
      start = startOf(chunk);
    }
    int slot = start + length;
    worker.set(start - HEADER, length + 1);
    worker.set(slot, holder);
    bits[slot] = (char) (WANTED | because);
    note(chunk, bits[slot], holder, 1);
  }

  /** Reverts {@link #add}; the chunk's last slot takes the freed place. */
  void remove(int chunk, int slot) {
    note(chunk, bits[slot - base], worker.get(slot - base), -1);
    int start = startOf(chunk);
    int left = worker.get(start - HEADER) - 1;
    worker.set(start - HEADER, left);
    int last = start + left;
    worker.set(slot - base, worker.get(last));
    bits[slot - base] = bits[last];
  }

  void redirect(int chunk, int slot, int holder) {
    note(chunk, bits[slot - base], worker.get(slot - base), -1);
    worker.set(slot - base, holder);
    note(chunk, bits[slot - base], holder, 1);
  }

  public int mark(int chunk, int slot, int wanted, int because) {
    int offset = slot - begin(chunk);
    touch(chunk);
    int moved = begin(chunk) + offset;
    int before = bits[moved - base];
    int after = (before & LOW & ~WANTED) | wanted | because;
    bits[moved - base] = (char) after;
    if (present[worker.get(moved - base)]) {
      actions += (isAction(after) ? 1 : 0) - (isAction(before) ? 1 : 0);
      if (isSound(before) != isSound(after)) {
        setSound(startOf(chunk), soundCount(chunk) + (isSound(after) ? 1 : -1));
      }
    }
    return moved;
  }

  private void note(int chunk, int flags, int holder, int sign) {
    if (present[holder]) {
      actions += isAction(flags) ? sign : 0;
      if (isSound(flags)) {
        setSound(startOf(chunk), soundCount(chunk) + sign);
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

  private int startOf(int chunk) {
    int[] known = at;
    return known == null ? UNTOUCHED : known[chunk];
  }

  private int[] starts() {
    int[] known = at;
    if (known == null) {
      known = new int[hint.size()];
      at = known;
    }
    return known;
  }

  public void touch(int chunk) {
    if (startOf(chunk) != UNTOUCHED) {
      return;
    }
    int from = held.begin(chunk);
    int count = held.end(chunk) - from;
    int start = claim(Math.max(count + 1, hint.get(chunk)));
    int sound = 0;
    for (int i = 0; i < count; i++) {
      int holder = held.worker()[from + i];
      int flags = bits(from + i);
      worker.set(start + i, holder);
      bits[start + i] = (char) flags;
      sound += counts(flags, holder);
    }
    setSound(start, sound);
    worker.set(start - HEADER, count);
    starts()[chunk] = start;
    touched.add(chunk);
  }

  private void move(int chunk, int slots) {
    int from = startOf(chunk);
    int length = worker.get(from - HEADER);
    int start = claim(slots);
    worker.set(start - HEADER, length);
    for (int i = 0; i < length; i++) {
      worker.set(start + i, worker.get(from + i));
    }
    System.arraycopy(bits, from, bits, start, length);
    int sound = soundCount(chunk);
    starts()[chunk] = start;
    setSound(start, sound);
  }

  private int claim(int slots) {
    int start = used + HEADER;
    if (slots > bits.length - start) {
      expect(Math.max(slots + HEADER, Math.min(bits.length, Integer.MAX_VALUE / 2)));
    }
    used = start + slots;
    worker.set(start - 1, slots);
    return start;
  }

  public void sort(int chunk, int[] rank) {
    int from = startOf(chunk);
    int to = from + worker.get(from - HEADER);
    for (int i = from + Math.max(1, held.end(chunk) - held.begin(chunk)); i < to; i++) {
      int holder = worker.get(i);
      char flags = bits[i];
      int place = i;
      while (place > from && rank[worker.get(place - 1)] > rank[holder]) {
        worker.set(place, worker.get(place - 1));
        bits[place] = bits[place - 1];
        place--;
      }
      worker.set(place, holder);
      bits[place] = flags;
    }
  }

  public WorkerIndex chunksOn(boolean[] wanted, int[] chunkList) {
    return indexOf(wanted, chunkList, slot -> true);
  }

  WorkerIndex additionsOn(boolean[] wanted, int[] chunkList) {
    return indexOf(wanted, chunkList, slot -> isAdded(bits(slot)));
  }

  private WorkerIndex indexOf(boolean[] wanted, int[] chunkList, IntPredicate kind) {
    int[] start = new int[wanted.length + 1];
    forEach(wanted, chunkList, kind, (holder, chunk) -> start[holder + 1]++);
    for (int holder = 0; holder < wanted.length; holder++) {
      start[holder + 1] += start[holder];
    }
    int[] next = start.clone();
    int[] chunks = new int[start[wanted.length]];
    forEach(wanted, chunkList, kind, (holder, chunk) -> chunks[next[holder]++] = chunk);
    return new WorkerIndex(start, chunks);
  }

  private void forEach(boolean[] wanted, int[] chunkList, IntPredicate kind, Visitor visitor) {
    for (int chunk : chunkList) {
      int end = end(chunk);
      for (int slot = begin(chunk); slot < end; slot++) {
        int holder = worker(slot);
        if (wanted[holder] && kind.test(slot)) {
          visitor.visit(holder, chunk);
        }
      }
    }
  }

  private interface Visitor {
    void visit(int holder, int chunk);
  }
}
