package dev.stowage.sim.tool.catalogue;

import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds chunks of one dataset that claim the same block. */
final class RangeOverlaps {
  private record Claim(ChunkKey key, BlockRange range, long line) {}

  private static final Comparator<Claim> BY_PLACE =
      Comparator.comparing((Claim claim) -> claim.key().dataset())
          .thenComparing(Claim::range)
          .thenComparingLong(Claim::line);

  private final List<Claim> claims = new ArrayList<>();

  void add(ChunkKey key, BlockRange range, long line) {
    claims.add(new Claim(key, range, line));
  }

  /** Reports each claim that meets one with a lower first block, at the later of their lines. */
  void report(String file, ProblemList problems) {
    claims.sort(BY_PLACE);
    Claim reachingFurthest = null;
    for (Claim claim : claims) {
      boolean same =
          reachingFurthest != null
              && reachingFurthest.key().dataset().equals(claim.key().dataset());
      if (reachingFurthest != null && same && reachingFurthest.range().overlaps(claim.range())) {
        problems.add(problem(file, reachingFurthest, claim));
      }
      if (reachingFurthest == null
          || !same
          || claim.range().last() > reachingFurthest.range().last()) {
        reachingFurthest = claim;
      }
    }
  }

  private static InputProblem problem(String file, Claim one, Claim other) {
    Claim later = one.line() > other.line() ? one : other;
    Claim earlier = later == one ? other : one;
    return new InputProblem(
        file,
        later.line(),
        "first_block",
        "blocks that no other chunk of the dataset has",
        later.range()
            + ", which overlaps "
            + earlier.range()
            + " of "
            + InputProblem.quoted(earlier.key().id())
            + " in line "
            + earlier.line());
  }
}
