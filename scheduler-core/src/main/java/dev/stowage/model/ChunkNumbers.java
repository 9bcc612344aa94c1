package dev.stowage.model;

import dev.stowage.columns.Growth;
import dev.stowage.columns.NoNulls;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * Very many chunk numbers in little room: a list in ascending order, none twice, kept as runs of
 * numbers that follow one another in one lineage. It costs what its runs cost, however long they
 * are (a number that stands alone near the one before it one byte or two), and equals any other
 * list of the same numbers. Immutable and thread-safe.
 */
public final class ChunkNumbers extends AbstractList<ChunkNumber> implements RandomAccess {
  /** By the token of the lineage, then by the counter. */
  public static final Comparator<ChunkNumber> ORDER =
      Comparator.comparingLong((ChunkNumber number) -> number.lineage().token())
          .thenComparingLong(ChunkNumber::counter);

  /** From so many numbers on a list that ascends is kept as runs, and written as such. */
  public static final int MANY = 1 << 16;

  /** So many runs of one lineage, at most, are in a block that is read from its begin. */
  private static final int RUNS_OF_BLOCK = 64;

  private static final int RUNS_OF_TEXT = 20;

  /** Of each block the lineage and the first number. */
  private final long[] lineages;

  private final long[] firsts;

  /** Of each block how many numbers, runs and bytes there are before it. */
  private final int[] numbersBefore;

  private final int[] runsBefore;
  private final int[] bytesBefore;

  /**
   * Runs as varints: of the first one in a block its length less 1; of each other one how far it is
   * from the one before, with a bit that says whether its length, less 2, follows.
   */
  private final byte[] bytes;

  private final int size;
  private final int runs;

  private ChunkNumbers(Builder built) {
    lineages = Arrays.copyOf(built.lineages, built.blocks);
    firsts = Arrays.copyOf(built.firsts, built.blocks);
    numbersBefore = Arrays.copyOf(built.numbersBefore, built.blocks);
    runsBefore = Arrays.copyOf(built.runsBefore, built.blocks);
    bytesBefore = Arrays.copyOf(built.bytesBefore, built.blocks);
    bytes = Arrays.copyOf(built.bytes, built.used);
    size = built.size;
    runs = built.runs;
  }

  /** Looks at runs, one after the other. */
  public interface RunVisitor {
    /**
     * Looks at the next run.
     *
     * @param lineage the token of its lineage
     * @param first its first number
     * @param length how many numbers, at least 1
     */
    void run(long lineage, long first, int length);
  }

  /**
   * An unmodifiable copy: of {@value #MANY} numbers or more that ascend it is of this class, else
   * it is an ordinary list in the same order.
   */
  public static List<ChunkNumber> copyOf(Collection<ChunkNumber> numbers) {
    if (numbers instanceof ChunkNumbers known) {
      return known;
    }
    NoNulls.in(numbers, "numbers");
    if (numbers.size() < MANY) {
      return List.copyOf(numbers);
    }
    ChunkNumbers ascending = ifAscending(numbers);
    return ascending == null ? List.copyOf(numbers) : ascending;
  }

  /** These numbers in ascending order, none twice. */
  public static List<ChunkNumber> ascending(Collection<ChunkNumber> numbers) {
    Objects.requireNonNull(numbers, "numbers");
    return numbers.size() < MANY && !(numbers instanceof ChunkNumbers)
        ? List.copyOf(of(numbers))
        : of(numbers);
  }

  /** The same, kept as runs however few they are. */
  public static ChunkNumbers of(Collection<ChunkNumber> numbers) {
    if (numbers instanceof ChunkNumbers known) {
      return known;
    }
    NoNulls.in(numbers, "numbers");
    ChunkNumbers ascending = ifAscending(numbers);
    if (ascending != null) {
      return ascending;
    }
    List<ChunkNumber> sorted = new ArrayList<>(numbers);
    sorted.sort(ORDER);
    Builder runs = new Builder();
    ChunkNumber before = null;
    for (ChunkNumber number : sorted) {
      if (!number.equals(before)) {
        runs.add(number.lineage().token(), number.counter(), 1);
      }
      before = number;
    }
    return runs.build();
  }

  private static @Nullable ChunkNumbers ifAscending(Collection<ChunkNumber> numbers) {
    Builder runs = new Builder();
    for (ChunkNumber number : numbers) {
      if (!runs.isBehind(number.lineage().token(), number.counter())) {
        return null;
      }
      runs.add(number.lineage().token(), number.counter(), 1);
    }
    return runs.build();
  }

  /**
   * All numbers of these lists.
   *
   * @throws IllegalArgumentException if there are more than a list can have
   */
  public static ChunkNumbers union(List<ChunkNumbers> all) {
    return merged(NoNulls.in(all, "all"));
  }

  private static ChunkNumbers merged(List<ChunkNumbers> all) {
    // Two and two, so that what is merged early is not gone through for each one that comes late.
    if (all.size() < 2) {
      return all.isEmpty() ? new Builder().build() : all.get(0);
    }
    int half = all.size() / 2;
    return merged(all.subList(0, half)).with(merged(all.subList(half, all.size())));
  }

  private ChunkNumbers with(ChunkNumbers other) {
    Builder merged = new Builder();
    Cursor mine = new Cursor();
    Cursor theirs = other.new Cursor();
    boolean isMine = mine.next();
    boolean isTheirs = theirs.next();
    while (isMine || isTheirs) {
      if (isMine && (!isTheirs || mine.isBefore(theirs))) {
        merged.cover(mine.lineage, mine.first, mine.last());
        isMine = mine.next();
      } else {
        merged.cover(theirs.lineage, theirs.first, theirs.last());
        isTheirs = theirs.next();
      }
    }
    return merged.build();
  }

  /** These numbers but for those. */
  public ChunkNumbers without(ChunkNumbers others) {
    Builder rest = new Builder();
    Cursor taken = others.new Cursor();
    boolean isTaken = taken.next();
    for (Cursor mine = new Cursor(); mine.next(); ) {
      long from = mine.first;
      while (isTaken && taken.endsBefore(mine.lineage, from)) {
        isTaken = taken.next();
      }
      while (isTaken && taken.lineage == mine.lineage && taken.first <= mine.last()) {
        if (taken.first > from) {
          rest.add(mine.lineage, from, taken.first - from);
        }
        if (taken.last() >= mine.last()) {
          from = 0;
          break;
        }
        from = taken.last() + 1;
        isTaken = taken.next();
      }
      if (from > 0) {
        rest.add(mine.lineage, from, mine.last() - from + 1);
      }
    }
    return rest.build();
  }

  /** How many runs there are. */
  public int runs() {
    return runs;
  }

  /**
   * The first number of a run.
   *
   * @param run 0 to {@link #runs} less 1
   */
  public ChunkNumber first(int run) {
    Cursor at = cursorAt(run);
    return new ChunkNumber(Lineage.of(at.lineage), at.first);
  }

  /**
   * How many numbers a run has, at least 1.
   *
   * @param run 0 to {@link #runs} less 1
   */
  public int length(int run) {
    return cursorAt(run).length;
  }

  private Cursor cursorAt(int run) {
    if (run < 0 || run >= runs) {
      throw new IndexOutOfBoundsException("run is " + run + " of " + runs);
    }
    Cursor at = new Cursor();
    at.goTo(lastAtMost(runsBefore, run));
    for (int next = at.run; next <= run; next++) {
      at.next();
    }
    return at;
  }

  /** Every run in its order, without an object for each. */
  public void forEachRun(RunVisitor visitor) {
    for (Cursor at = new Cursor(); at.next(); ) {
      visitor.run(at.lineage, at.first, at.length);
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public ChunkNumber get(int index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException("index is " + index + " of " + size);
    }
    Cursor at = new Cursor();
    at.goTo(lastAtMost(numbersBefore, index));
    at.next();
    while (index - at.before >= at.length) {
      at.next();
    }
    return new ChunkNumber(Lineage.of(at.lineage), at.first + (index - at.before));
  }

  private static int lastAtMost(int[] ascending, int value) {
    int found = Arrays.binarySearch(ascending, value);
    return found < 0 ? -found - 2 : found;
  }

  @Override
  public boolean contains(@Nullable Object other) {
    return indexOf(other) >= 0;
  }

  @Override
  public int indexOf(@Nullable Object other) {
    return other instanceof ChunkNumber number
        ? indexOf(number.lineage().token(), number.counter())
        : -1;
  }

  private int indexOf(long lineage, long counter) {
    int block = blockOf(lineage, counter);
    if (block < 0 || lineages[block] != lineage) {
      return -1;
    }
    Cursor at = new Cursor();
    at.goTo(block);
    while (at.next() && at.block == block && at.first <= counter) {
      if (counter <= at.last()) {
        return at.before + (int) (counter - at.first);
      }
    }
    return -1;
  }

  /** The last block that does not begin behind a number; -1 if all do. */
  private int blockOf(long lineage, long counter) {
    int low = 0;
    int high = lineages.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      boolean isBehind =
          lineages[middle] > lineage || (lineages[middle] == lineage && firsts[middle] > counter);
      if (isBehind) {
        high = middle - 1;
      } else {
        low = middle + 1;
      }
    }
    return high;
  }

  @Override
  public int lastIndexOf(@Nullable Object other) {
    return indexOf(other);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (other == this) {
      return true;
    }
    // The same numbers are in the same runs and blocks, however they came together.
    return other instanceof ChunkNumbers numbers
        ? size == numbers.size
            && Arrays.equals(lineages, numbers.lineages)
            && Arrays.equals(firsts, numbers.firsts)
            && Arrays.equals(bytes, numbers.bytes)
        : super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }

  /** The first few runs: there may be more than anybody can read. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    Cursor at = new Cursor();
    for (int run = 0; run < RUNS_OF_TEXT && at.next(); run++) {
      text.append(run == 0 ? "" : ", ").append(Lineage.of(at.lineage)).append('-').append(at.first);
      text.append(at.length == 1 ? "" : ".." + at.last());
    }
    return text.append(runs > RUNS_OF_TEXT ? ", ...; " + size + " numbers]" : "]").toString();
  }

  @Override
  public Iterator<ChunkNumber> iterator() {
    return new Iterator<>() {
      private final Cursor at = new Cursor();
      private int left;

      @Override
      public boolean hasNext() {
        return left > 0 || at.run < runs;
      }

      @Override
      public ChunkNumber next() {
        if (left == 0) {
          if (!at.next()) {
            throw new NoSuchElementException();
          }
          left = at.length;
        }
        return new ChunkNumber(Lineage.of(at.lineage), at.first + (at.length - left--));
      }
    };
  }

  /** Goes through runs. */
  private final class Cursor {
    /** Its block, and how many runs it has gone through. */
    private int block = -1;

    private int run;
    private int at;

    /** How many numbers there are before its run. */
    private int before;

    private long lineage;
    private long first;
    private int length;

    /** The next run will be the first one of a block. */
    void goTo(int otherBlock) {
      block = otherBlock - 1;
      run = runsBefore[otherBlock];
      at = bytesBefore[otherBlock];
    }

    boolean next() {
      if (run == runs) {
        return false;
      }
      boolean begins = block + 1 < runsBefore.length && run == runsBefore[block + 1];
      if (begins) {
        block++;
        lineage = lineages[block];
        first = firsts[block];
        before = numbersBefore[block];
        length = (int) varint() + 1;
      } else {
        long step = varint();
        first += length + (step >>> 1) + 1;
        before += length;
        length = (step & 1) == 0 ? 1 : (int) varint() + 2;
      }
      run++;
      return true;
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = bytes[at++];
        value |= (long) (next & 0x7F) << shift;
        if (next >= 0) {
          return value;
        }
      }
    }

    long last() {
      return first + (length - 1);
    }

    boolean isBefore(Cursor other) {
      return lineage < other.lineage || (lineage == other.lineage && first <= other.first);
    }

    boolean endsBefore(long otherLineage, long number) {
      return lineage < otherLineage || (lineage == otherLineage && last() < number);
    }
  }

  /** Collects runs in ascending order. Not thread-safe. */
  public static final class Builder {
    private long[] lineages = new long[4];
    private long[] firsts = new long[4];
    private int[] numbersBefore = new int[4];
    private int[] runsBefore = new int[4];
    private int[] bytesBefore = new int[4];
    private byte[] bytes = new byte[16];
    private int blocks;
    private int used;
    private int size;

    /** How many runs are written. */
    private int runs;

    /** The run that is not written yet, because the next one may go on with it. */
    private long lineage;

    private long first;
    private int length;

    /** Of the run that was written last. */
    private long writtenLast;

    /** No runs yet. */
    public Builder() {}

    /** Whether a number may be added: it comes after all that were. */
    private boolean isBehind(long otherLineage, long counter) {
      return length == 0
          || otherLineage > lineage
          || (otherLineage == lineage && counter > first + (length - 1));
    }

    /**
     * Adds a run; one that follows the last one without a gap makes one with it.
     *
     * @param ofLineage the token of its lineage
     * @param from its first number, at least 1
     * @param count how many numbers, at least 1
     * @throws IllegalArgumentException if that is no run, it does not come after the last one, or
     *     there are more numbers than a list can have
     */
    public Builder add(long ofLineage, long from, long count) {
      if (from < 1 || count < 1 || from > Long.MAX_VALUE - count + 1) {
        throw new IllegalArgumentException(
            "run of " + count + " numbers from " + from + "; numbers from 1 on are accepted");
      }
      if (!isBehind(ofLineage, from)) {
        throw new IllegalArgumentException(
            "run from " + from + " does not come after the one before it");
      }
      if (count > Integer.MAX_VALUE - size) {
        throw new IllegalArgumentException(
            (size + count) + " numbers; at most " + Integer.MAX_VALUE + " are accepted");
      }
      boolean goesOn = length > 0 && ofLineage == lineage && from - 1 == first + (length - 1);
      if (goesOn) {
        length += (int) count;
      } else {
        write();
        lineage = ofLineage;
        first = from;
        length = (int) count;
      }
      size += (int) count;
      return this;
    }

    /** Adds what of a run does not lie in the last one; it begins no earlier than that. */
    private void cover(long ofLineage, long from, long last) {
      long end = first + (length - 1);
      if (length == 0 || ofLineage != lineage || from > end) {
        add(ofLineage, from, last - from + 1);
      } else if (last > end) {
        add(ofLineage, end + 1, last - end);
      }
    }

    private void write() {
      if (length == 0) {
        return;
      }
      boolean begins =
          blocks == 0
              || lineages[blocks - 1] != lineage
              || runs - runsBefore[blocks - 1] == RUNS_OF_BLOCK;
      if (begins) {
        begin();
        varint(length - 1);
      } else {
        long step = first - writtenLast - 2;
        varint(step << 1 | (length > 1 ? 1 : 0));
        if (length > 1) {
          varint(length - 2);
        }
      }
      writtenLast = first + (length - 1);
      runs++;
    }

    private void begin() {
      if (blocks == lineages.length) {
        int room = Growth.capacity(blocks + (long) (blocks >> 1), blocks + 1L);
        lineages = Arrays.copyOf(lineages, room);
        firsts = Arrays.copyOf(firsts, room);
        numbersBefore = Arrays.copyOf(numbersBefore, room);
        runsBefore = Arrays.copyOf(runsBefore, room);
        bytesBefore = Arrays.copyOf(bytesBefore, room);
      }
      lineages[blocks] = lineage;
      firsts[blocks] = first;
      numbersBefore[blocks] = size - length;
      runsBefore[blocks] = runs;
      bytesBefore[blocks++] = used;
    }

    private void varint(long value) {
      if (bytes.length - used < 10) {
        int room = Growth.capacity(bytes.length * 3L / 2 + 10, used + 10L);
        bytes = Arrays.copyOf(bytes, room);
      }
      long left = value;
      while ((left & ~0x7FL) != 0) {
        bytes[used++] = (byte) (left | 0x80);
        left >>>= 7;
      }
      bytes[used++] = (byte) left;
    }

    /** The numbers; the builder is not used again. */
    public ChunkNumbers build() {
      write();
      return new ChunkNumbers(this);
    }
  }
}
