package dev.stowage.placement.answer;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.placement.Reason;
import dev.stowage.placement.Shortage;
import dev.stowage.placement.board.Board;
import dev.stowage.shape.Unit;
import java.util.List;
import java.util.Locale;

/** Sums up the floors for which a fleet is too small. */
public final class Roomless {
  /** The most chunks that are better named one by one. */
  private static final int FEW = 4;

  private Roomless() {}

  /** Reports whether many chunks are short, and all of them for lack of room. */
  public static boolean isAll(List<Shortage> shortages) {
    return shortages.size() > FEW
        && shortages.stream().allMatch(each -> each.reason() == Reason.NO_ROOM);
  }

  /**
   * Returns their number, their missing bytes, and an addition to the fleet that holds these. As
   * many workers are asked for as the most replicas that one chunk lacks, because no worker holds
   * two of a chunk. Less may do where moves find the room that is left in pieces.
   */
  public static String inWords(Board board, List<Shortage> shortages) {
    long bytes = 0;
    int workers = 1;
    for (Shortage each : shortages) {
      for (int replica = 0; replica < each.missing(); replica++) {
        bytes = SaturatedSum.of(bytes, board.chunks.size[each.chunk()]);
      }
      workers = Math.max(workers, each.missing());
    }
    return String.format(
        Locale.ROOT,
        "%,d chunks, %s of floors do not fit; add %s%s",
        shortages.size(),
        Unit.BYTES.print(bytes),
        Unit.bytesAtLeast(bytes),
        workers == 1 ? "" : " on " + workers + " workers or more");
  }
}
