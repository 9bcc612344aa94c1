package dev.stowage.sim.tool.plan;

import dev.stowage.model.BlockRange;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Finds chunks of one dataset that claim the same block. A marked chunk has given up its range, and
 * the two sides of a swap, or of a chain of swaps, claim the same blocks on purpose.
 */
final class RangeClaims {
  private final ChunkList chunks;
  private final Swaps swaps;

  RangeClaims(ChunkList chunks, Swaps swaps) {
    this.chunks = chunks;
    this.swaps = swaps;
  }

  /** Reports each chunk that meets one with a lower first block, at the later of their lines. */
  void report(String file, ProblemList problems) {
    PriorityQueue<Integer> reaching =
        new PriorityQueue<>(Comparator.comparingLong((Integer chunk) -> range(chunk).last()));
    for (int chunk = 0; chunk < chunks.count(); chunk++) {
      if (chunk > 0 && !sameDataset(chunk - 1, chunk)) {
        reaching.clear();
      }
      if (chunks.row(chunk).marked()) {
        continue;
      }
      while (!reaching.isEmpty() && range(reaching.element()).last() < range(chunk).first()) {
        reaching.remove();
      }
      for (int earlier : reaching) {
        if (!swaps.areInOneChain(earlier, chunk)) {
          problems.add(problem(file, earlier, chunk));
          break;
        }
      }
      reaching.add(chunk);
    }
  }

  private BlockRange range(int chunk) {
    return chunks.row(chunk).chunk().range();
  }

  private boolean sameDataset(int one, int other) {
    return chunks
        .row(one)
        .chunk()
        .key()
        .dataset()
        .equals(chunks.row(other).chunk().key().dataset());
  }

  private InputProblem problem(String file, int one, int other) {
    ChunkList.Row left = chunks.row(one);
    ChunkList.Row right = chunks.row(other);
    ChunkList.Row later = left.line() > right.line() ? left : right;
    ChunkList.Row earlier = later == left ? right : left;
    return new InputProblem(
        file,
        later.line(),
        PlanFields.FIRST,
        "blocks that no other chunk of the dataset has",
        later.chunk().range()
            + ", which overlaps "
            + earlier.chunk().range()
            + " of "
            + InputProblem.quoted(earlier.chunk().key().id())
            + " in line "
            + earlier.line());
  }
}
