package dev.stowage.lifecycle.rows;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.Lineage;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists of chunk numbers as canonical bytes and back. Few numbers, and those in no order, are a
 * list as any other: a count, and 16 bytes each. Very many that ascend are written as runs: a count
 * that no list can have, how many lineages, and of each its token, how many runs, and of each run
 * its first number and its length. Which form a list has depends on the list alone. Stateless.
 */
final class NumberCodec {
  private static final long RUNS = 0xFFFF_FFFFL;
  private static final int NUMBER_BYTES = 16;
  private static final int RUN_BYTES = 12;

  private NumberCodec() {}

  /** Appends a list, in its order. */
  static void write(CanonicalWriter out, List<ChunkNumber> numbers) {
    List<ChunkNumber> kept = ChunkNumbers.copyOf(numbers);
    if (kept instanceof ChunkNumbers runs && runs.size() >= ChunkNumbers.MANY) {
      writeRuns(out.u32(RUNS), runs);
    } else {
      out.list(kept, NumberCodec::write);
    }
  }

  private static void write(CanonicalWriter out, ChunkNumber number) {
    out.u64(number.lineage().token()).u64(number.counter());
  }

  private static void writeRuns(CanonicalWriter out, ChunkNumbers runs) {
    List<Integer> begins = new ArrayList<>();
    for (int run = 0; run < runs.runs(); run++) {
      if (run == 0 || !runs.first(run).lineage().equals(runs.first(run - 1).lineage())) {
        begins.add(run);
      }
    }
    out.u32(begins.size());
    for (int group = 0; group < begins.size(); group++) {
      int from = begins.get(group);
      int to = group + 1 < begins.size() ? begins.get(group + 1) : runs.runs();
      out.u64(runs.first(from).lineage().token()).u32(to - from);
      for (int run = from; run < to; run++) {
        out.u64(runs.first(run).counter()).u32(runs.length(run));
      }
    }
  }

  /**
   * Reads the next list; what it takes is bounded by the bytes there are, not by the length of a
   * run.
   *
   * @throws IllegalArgumentException if it was not written like this
   */
  static List<ChunkNumber> read(CanonicalReader in) {
    long count = in.u32();
    if (count == RUNS) {
      return readRuns(in);
    }
    if (count > in.remaining() / NUMBER_BYTES) {
      throw new IllegalArgumentException(
          count + " numbers are announced; " + in.remaining() + " bytes are left");
    }
    List<ChunkNumber> numbers = new ArrayList<>((int) count);
    for (long at = 0; at < count; at++) {
      numbers.add(new ChunkNumber(Lineage.of(in.u64()), in.u64()));
    }
    // Before there were runs, very many were written like this too.
    return ChunkNumbers.copyOf(numbers);
  }

  private static List<ChunkNumber> readRuns(CanonicalReader in) {
    ChunkNumbers.Builder numbers = new ChunkNumbers.Builder();
    int written = 0;
    long before = 0;
    int lineages = in.count(NUMBER_BYTES);
    for (int group = 0; group < lineages; group++) {
      long lineage = in.u64();
      if (group > 0 && lineage <= before) {
        throw new IllegalArgumentException("lineages repeat or are out of order");
      }
      before = lineage;
      int runs = in.count(RUN_BYTES);
      written += runs;
      for (int run = 0; run < runs; run++) {
        numbers.add(lineage, in.u64(), in.u32());
      }
      if (runs == 0) {
        throw new IllegalArgumentException("a lineage without a run");
      }
    }
    ChunkNumbers read = numbers.build();
    if (read.runs() != written || read.size() < ChunkNumbers.MANY) {
      throw new IllegalArgumentException("the numbers are not in the fewest runs, or too few");
    }
    return read;
  }
}
