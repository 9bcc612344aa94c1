package dev.stowage.placement;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.shape.Shape;

/**
 * The copies that a plan leaves to later ones because its budget or a freeze keeps them back, apart
 * from those of raised floors and of workers that are to leave.
 *
 * @param grownCopies the copies below targets for which there is room
 * @param grownBytes their bytes, saturated
 * @param leveledCopies about the moves that bring all workers back to their level
 * @param leveledBytes their bytes, saturated
 */
public record KeptBack(long grownCopies, long grownBytes, long leveledCopies, long leveledBytes) {
  /** Nothing is kept back. */
  public static final KeptBack NONE = new KeptBack(0, 0, 0, 0);

  /** The four figures. */
  static final Shape<KeptBack> SHAPE =
      Shape.of(
          "kept_back",
          row -> {
            var grownCopies = row.number("grown_copies", KeptBack::grownCopies);
            var grownBytes = row.number("grown_bytes", KeptBack::grownBytes);
            var leveledCopies = row.number("leveled_copies", KeptBack::leveledCopies);
            var leveledBytes = row.number("leveled_bytes", KeptBack::leveledBytes);
            return v ->
                new KeptBack(
                    grownCopies.of(v), grownBytes.of(v), leveledCopies.of(v), leveledBytes.of(v));
          });

  /** Returns these copies and some more of a chunk below its target. */
  public KeptBack grown(int copies, long size) {
    long bytes = grownBytes;
    for (int copy = 0; copy < copies; copy++) {
      bytes = SaturatedSum.of(bytes, size);
    }
    return new KeptBack(grownCopies + copies, bytes, leveledCopies, leveledBytes);
  }

  /** Returns these copies and moves of so many bytes, each of a mean size. */
  public KeptBack leveled(long bytes, long meanSize) {
    long copies = bytes / Math.max(1, meanSize) + (bytes % Math.max(1, meanSize) > 0 ? 1 : 0);
    return new KeptBack(grownCopies, grownBytes, copies, bytes);
  }
}
