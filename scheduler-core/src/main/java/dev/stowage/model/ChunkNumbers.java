package dev.stowage.model;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * Very many chunk numbers in little room: a list in ascending order, none twice, kept as runs of
 * numbers that follow one another in one lineage. It costs what its runs cost, however long they
 * are, and equals any other list of the same numbers. Immutable and thread-safe.
 */
public final class ChunkNumbers extends AbstractList<ChunkNumber> implements RandomAccess {
  /** By the token of the lineage, then by the counter. */
  public static final Comparator<ChunkNumber> ORDER =
      Comparator.comparingLong((ChunkNumber number) -> number.lineage().token())
          .thenComparingLong(ChunkNumber::counter);

  /** From so many numbers on a list that ascends is kept as runs, and written as such. */
  public static final int MANY = 1 << 16;

  private final long[] lineages;
  private final long[] firsts;

  /** How many numbers there are up to the end of each run. */
  private final int[] ends;

  private ChunkNumbers(long[] lineages, long[] firsts, int[] ends) {
    this.lineages = lineages;
    this.firsts = firsts;
    this.ends = ends;
  }

  /**
   * An unmodifiable copy: of {@value #MANY} numbers or more that ascend it is of this class, else
   * it is an ordinary list in the same order.
   */
  public static List<ChunkNumber> copyOf(Collection<ChunkNumber> numbers) {
    if (numbers instanceof ChunkNumbers known) {
      return known;
    }
    if (numbers.size() < MANY) {
      return List.copyOf(numbers);
    }
    Builder runs = new Builder();
    for (ChunkNumber number : numbers) {
      if (!runs.isBehind(number.lineage().token(), number.counter())) {
        return List.copyOf(numbers);
      }
      runs.add(number.lineage().token(), number.counter(), 1);
    }
    return runs.build();
  }

  /** These numbers in ascending order, none twice. */
  public static List<ChunkNumber> ascending(Collection<ChunkNumber> numbers) {
    if (numbers instanceof ChunkNumbers known) {
      return known;
    }
    List<ChunkNumber> sorted = new ArrayList<>(numbers);
    sorted.sort(ORDER);
    List<ChunkNumber> distinct = new ArrayList<>(sorted.size());
    for (ChunkNumber number : sorted) {
      if (distinct.isEmpty() || !distinct.get(distinct.size() - 1).equals(number)) {
        distinct.add(number);
      }
    }
    return copyOf(distinct);
  }

  /** How many runs there are. */
  public int runs() {
    return ends.length;
  }

  /**
   * The first number of a run.
   *
   * @param run 0 to {@link #runs} less 1
   */
  public ChunkNumber first(int run) {
    return new ChunkNumber(Lineage.of(lineages[run]), firsts[run]);
  }

  /**
   * How many numbers a run has, at least 1.
   *
   * @param run 0 to {@link #runs} less 1
   */
  public int length(int run) {
    return ends[run] - begin(run);
  }

  private int begin(int run) {
    return run == 0 ? 0 : ends[run - 1];
  }

  @Override
  public int size() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  @Override
  public ChunkNumber get(int index) {
    if (index < 0 || index >= size()) {
      throw new IndexOutOfBoundsException("index is " + index + " of " + size());
    }
    int found = Arrays.binarySearch(ends, index);
    int run = found < 0 ? -found - 1 : found + 1;
    return number(run, index - begin(run));
  }

  private ChunkNumber number(int run, int offset) {
    return new ChunkNumber(Lineage.of(lineages[run]), firsts[run] + offset);
  }

  @Override
  public boolean contains(@Nullable Object other) {
    return indexOf(other) >= 0;
  }

  @Override
  public int indexOf(@Nullable Object other) {
    if (!(other instanceof ChunkNumber number)) {
      return -1;
    }
    int low = 0;
    int high = ends.length - 1;
    while (low <= high) {
      int run = (low + high) >>> 1;
      int order = Long.compare(lineages[run], number.lineage().token());
      if (order == 0 && number.counter() >= firsts[run]) {
        if (number.counter() - firsts[run] < length(run)) {
          return begin(run) + (int) (number.counter() - firsts[run]);
        }
        order = -1;
      } else if (order == 0) {
        order = 1;
      }
      if (order < 0) {
        low = run + 1;
      } else {
        high = run - 1;
      }
    }
    return -1;
  }

  @Override
  public int lastIndexOf(@Nullable Object other) {
    return indexOf(other);
  }

  @Override
  public Iterator<ChunkNumber> iterator() {
    return new Iterator<>() {
      private int run;
      private int offset;

      @Override
      public boolean hasNext() {
        return run < ends.length;
      }

      @Override
      public ChunkNumber next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        ChunkNumber number = number(run, offset++);
        if (offset == length(run)) {
          run++;
          offset = 0;
        }
        return number;
      }
    };
  }

  /** Collects runs in ascending order. Not thread-safe. */
  public static final class Builder {
    private long[] lineages = new long[16];
    private long[] firsts = new long[16];
    private int[] ends = new int[16];
    private int runs;
    private int size;

    /** No runs yet. */
    public Builder() {}

    /** Whether a number may be added: it comes after all that were. */
    private boolean isBehind(long lineage, long counter) {
      int last = runs - 1;
      return runs == 0
          || lineage > lineages[last]
          || (lineage == lineages[last] && counter > lastOf(last));
    }

    private long lastOf(int run) {
      return firsts[run] + (ends[run] - (run == 0 ? 0 : ends[run - 1])) - 1;
    }

    /**
     * Adds a run; one that follows the last one without a gap makes one with it.
     *
     * @param lineage the token of its lineage
     * @param first its first number, at least 1
     * @param length how many numbers, at least 1
     * @throws IllegalArgumentException if that is no run, it does not come after the last one, or
     *     there are more numbers than a list can have
     */
    public Builder add(long lineage, long first, long length) {
      if (first < 1 || length < 1 || first > Long.MAX_VALUE - length + 1) {
        throw new IllegalArgumentException(
            "run of " + length + " numbers from " + first + "; numbers from 1 on are accepted");
      }
      if (!isBehind(lineage, first)) {
        throw new IllegalArgumentException(
            "run from " + first + " does not come after the one before it");
      }
      if (length > Integer.MAX_VALUE - size) {
        throw new IllegalArgumentException(
            (size + length) + " numbers; at most " + Integer.MAX_VALUE + " are accepted");
      }
      boolean isNext = runs > 0 && lineage == lineages[runs - 1] && first - 1 == lastOf(runs - 1);
      size += (int) length;
      if (isNext) {
        ends[runs - 1] = size;
        return this;
      }
      if (runs == ends.length) {
        int room = runs + (runs >> 1);
        lineages = Arrays.copyOf(lineages, room);
        firsts = Arrays.copyOf(firsts, room);
        ends = Arrays.copyOf(ends, room);
      }
      lineages[runs] = lineage;
      firsts[runs] = first;
      ends[runs++] = size;
      return this;
    }

    /** The numbers. */
    public ChunkNumbers build() {
      return new ChunkNumbers(
          Arrays.copyOf(lineages, runs), Arrays.copyOf(firsts, runs), Arrays.copyOf(ends, runs));
    }
  }
}
