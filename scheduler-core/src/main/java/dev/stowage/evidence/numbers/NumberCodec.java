package dev.stowage.evidence.numbers;

import dev.stowage.columns.IntList;
import dev.stowage.columns.LongList;
import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.Lineage;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes lists of chunk numbers canonically. Lists that are short or in no order are a count and
 * 16 bytes per number. At least {@link ChunkNumbers#MANY} ascending numbers are packed after the
 * count {@link #PACKED}: the number of lineages, and for each its token, its number of runs, and
 * for each run its distance from the run before and its length as varints. Parts of an inventory
 * are packed without the count. Stateless.
 */
final class NumberCodec {
  private static final long PACKED = 0xFFFF_FFFFL;

  private static final int NUMBER_BYTES = 16;

  private static final int PACKED_BYTES = 13;

  private static final int MOST_SHIFT = 63;

  private NumberCodec() {}

  static void write(CanonicalWriter out, List<ChunkNumber> numbers) {
    List<ChunkNumber> kept = ChunkNumbers.copyOf(numbers);
    if (kept instanceof ChunkNumbers runs && runs.size() >= ChunkNumbers.MANY) {
      writePacked(out.u32(PACKED), runs);
    } else {
      out.list(kept, NumberCodec::write);
    }
  }

  private static void write(CanonicalWriter out, ChunkNumber number) {
    out.u64(number.lineage().token()).u64(number.counter());
  }

  /** Throws {@code IllegalArgumentException} for other bytes; allocates in proportion to them. */
  static List<ChunkNumber> read(CanonicalReader in) {
    long count = in.u32();
    if (count == PACKED) {
      ChunkNumbers packed = readPacked(in);
      if (packed.size() < ChunkNumbers.MANY) {
        throw new IllegalArgumentException(
            packed.size() + " numbers are packed; at least " + ChunkNumbers.MANY + " are accepted");
      }
      return packed;
    }
    if (count > in.remaining() / NUMBER_BYTES) {
      throw new IllegalArgumentException(
          count + " numbers are announced; " + in.remaining() + " bytes are left");
    }
    List<ChunkNumber> numbers = new ArrayList<>((int) count);
    for (long at = 0; at < count; at++) {
      numbers.add(new ChunkNumber(Lineage.of(in.u64()), in.u64()));
    }
    List<ChunkNumber> kept = ChunkNumbers.copyOf(numbers);
    if (kept instanceof ChunkNumbers && kept.size() >= ChunkNumbers.MANY) {
      throw new IllegalArgumentException(
          kept.size()
              + " numbers that ascend are not packed; fewer than "
              + ChunkNumbers.MANY
              + " are accepted");
    }
    return kept;
  }

  static void writePacked(CanonicalWriter out, ChunkNumbers numbers) {
    RunsOfLineages groups = new RunsOfLineages(numbers);
    out.u32(groups.tokens.size());
    Packing packing = new Packing(out, groups);
    numbers.forEachRun(packing::run);
  }

  private static final class RunsOfLineages {
    final LongList tokens = new LongList();
    final IntList runs = new IntList();

    RunsOfLineages(ChunkNumbers numbers) {
      numbers.forEachRun((lineage, first, length) -> {
        int last = tokens.size() - 1;
        if (last < 0 || tokens.get(last) != lineage) {
          tokens.add(lineage);
          runs.add(1);
        } else {
          runs.set(last, runs.get(last) + 1);
        }
      });
    }
  }

  private static final class Packing {
    private final CanonicalWriter out;
    private final RunsOfLineages groups;
    private int group;
    private int left;
    private long before;

    Packing(CanonicalWriter out, RunsOfLineages groups) {
      this.out = out;
      this.groups = groups;
    }

    void run(long lineage, long first, int length) {
      if (left == 0) {
        left = groups.runs.get(group++);
        out.u64(lineage).u32(left);
        before = 0;
      }
      varint((first - before - 1) << 1 | (length > 1 ? 1 : 0));
      if (length > 1) {
        varint(length - 2);
      }
      before = first + (length - 1);
      left--;
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7FL) != 0) {
        out.u8((int) (rest & 0x7F) | 0x80);
        rest >>>= 7;
      }
      out.u8((int) rest);
    }
  }

  /** Throws {@code IllegalArgumentException} for other bytes; allocates in proportion to them. */
  static ChunkNumbers readPacked(CanonicalReader in) {
    ChunkNumbers.Builder numbers = new ChunkNumbers.Builder();
    int written = 0;
    long lineageBefore = 0;
    int lineages = in.count(PACKED_BYTES);
    for (int group = 0; group < lineages; group++) {
      long lineage = in.u64();
      if (group > 0 && lineage <= lineageBefore) {
        throw new IllegalArgumentException("lineages repeat or are out of order");
      }
      lineageBefore = lineage;
      int runs = in.count(1);
      if (runs == 0) {
        throw new IllegalArgumentException("a lineage without a run");
      }
      written += runs;
      long before = 0;
      for (int run = 0; run < runs; run++) {
        long step = varint(in);
        long first = before + 1 + (step >>> 1);
        long length = (step & 1) == 0 ? 1 : lengthOf(varint(in));
        numbers.add(lineage, first, length);
        before = first + length - 1;
      }
    }
    ChunkNumbers read = numbers.build();
    if (read.runs() != written) {
      throw new IllegalArgumentException("the numbers are not in the fewest runs");
    }
    return read;
  }

  private static long lengthOf(long written) {
    if (written < 0 || written > Integer.MAX_VALUE - 2) {
      throw new IllegalArgumentException("a run is longer than a list can be");
    }
    return written + 2;
  }

  private static long varint(CanonicalReader in) {
    long value = 0;
    for (int shift = 0; shift <= MOST_SHIFT; shift += 7) {
      int next = in.u8();
      boolean isTooMuch = shift == MOST_SHIFT && next > 1;
      boolean isLonger = shift > 0 && next == 0;
      if (isTooMuch || isLonger) {
        break;
      }
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number is not written in the fewest bytes");
  }
}
