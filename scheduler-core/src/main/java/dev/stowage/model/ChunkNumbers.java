package dev.stowage.model;

import dev.stowage.columns.ArrayGrowth;
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
 * Distinct chunk numbers in ascending order, kept as runs of consecutive numbers of one lineage.
 * Memory grows with the number of runs: a single number near its predecessor takes one or two
 * bytes. Equals any other list of equal numbers. Immutable and thread-safe.
 */
public final class ChunkNumbers extends AbstractList<ChunkNumber> implements RandomAccess {
  /** The order of the list: by the token of the lineage, then by the counter. */
  public static final Comparator<ChunkNumber> ORDER =
      Comparator.comparingLong((ChunkNumber number) -> number.lineage().token())
          .thenComparingLong(ChunkNumber::counter);

  /** The number of elements from which an ascending list is kept and written as runs. */
  public static final int MANY = 1 << 16;

  /** The most runs of one lineage in a block. A block is decoded from its beginning. */
  private static final int RUNS_OF_BLOCK = 64;

  private static final int RUNS_OF_TEXT = 20;

  /** The lineage and the first number, by block; {@link #firsts} likewise. */
  private final long[] lineages;

  private final long[] firsts;

  /** The numbers, runs and bytes before each block, by block. */
  private final int[] numbersBefore;

  private final int[] runsBefore;
  private final int[] bytesBefore;

  /**
   * Runs as varints. The first run of a block: its length less 1. Any other run: the gap before it
   * less 1, shifted left by one; the low bit says that the length less 2 follows.
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

  /** A visitor of runs in ascending order. */
  public interface RunVisitor {
    /** Visits {@code length} consecutive numbers, at least 1, of the lineage with this token. */
    void run(long lineage, long first, int length);
  }

  /** Returns an unmodifiable copy in order; runs if it ascends and has {@value #MANY} elements. */
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

  /** Returns the distinct numbers in ascending order. */
  public static List<ChunkNumber> ascending(Collection<ChunkNumber> numbers) {
    Objects.requireNonNull(numbers, "numbers");
    return numbers.size() < MANY && !(numbers instanceof ChunkNumbers)
        ? List.copyOf(of(numbers))
        : of(numbers);
  }

  /** Returns the distinct numbers in ascending order, always kept as runs. */
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

  /** Returns the union; throws {@link IllegalArgumentException} beyond 2^31 - 1 elements. */
  public static ChunkNumbers union(List<ChunkNumbers> all) {
    return merged(NoNulls.in(all, "all"));
  }

  private static ChunkNumbers merged(List<ChunkNumbers> all) {
    // Merging halves goes through each list log(n) times only.
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

  /** Returns the numbers of this list that are not in {@code others}. */
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

  /** Returns the number of runs. */
  public int runs() {
    return runs;
  }

  /** Returns the first number of run {@code run}, 0 to {@link #runs} less 1. */
  public ChunkNumber first(int run) {
    Cursor at = cursorAt(run);
    return new ChunkNumber(Lineage.of(at.lineage), at.first);
  }

  /** Returns the number of elements, at least 1, of run {@code run}, 0 to {@link #runs} less 1. */
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

  /** Visits every run in order without allocating an object for each. */
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

  /** Returns the last block that begins at or before the number, or -1. */
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
    // Runs and blocks are canonical: they depend on the numbers only.
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

  /** Returns the first few runs only. */
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

  private final class Cursor {
    private int block = -1;

    private int run;
    private int at;

    private int before;

    private long lineage;
    private long first;
    private int length;

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

  /** A builder of a list from runs in ascending order. Not thread-safe. */
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

    /** The number of runs already written to {@link #bytes}. */
    private int runs;

    /** The pending run, not written yet because the next run may extend it. */
    private long lineage;

    private long first;
    private int length;

    /** The last number of the run written last. */
    private long writtenLast;

    /** Creates a builder without runs. */
    public Builder() {}

    private boolean isBehind(long otherLineage, long counter) {
      return length == 0
          || otherLineage > lineage
          || (otherLineage == lineage && counter > first + (length - 1));
    }

    /**
     * Adds {@code count} numbers, at least 1, from {@code from}, at least 1, on. A run without a
     * gap to the last run extends the last run.
     *
     * @throws IllegalArgumentException if the run is out of range or not behind the last run, or if
     *     the list gets more than {@link Integer#MAX_VALUE} elements
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

    /** Adds the part of a run behind the last run, which begins at or before this run. */
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
        int room = ArrayGrowth.capacity(blocks + (long) (blocks >> 1), blocks + 1L);
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
        int room = ArrayGrowth.capacity(bytes.length * 3L / 2 + 10, used + 10L);
        bytes = Arrays.copyOf(bytes, room);
      }
      long left = value;
      while ((left & ~0x7FL) != 0) {
        bytes[used++] = (byte) (left | 0x80);
        left >>>= 7;
      }
      bytes[used++] = (byte) left;
    }

    /** Returns the list. The builder must not be used again. */
    public ChunkNumbers build() {
      write();
      return new ChunkNumbers(this);
    }
  }
}
