package dev.stowage.sim.kit.world;

import dev.stowage.model.ChunkNumber;
import java.util.ArrayList;
import java.util.List;

/**
 * The chunks of which bytes vanished from some disk, in the order in which they did; the last of
 * them, so that a world may go on for ever. Not thread-safe.
 */
final class Vanished {
  private static final int MOST_KEPT = 1 << 20;

  private final List<ChunkNumber> kept = new ArrayList<>();
  private long forgotten;

  void add(ChunkNumber number) {
    if (kept.size() == MOST_KEPT) {
      forgotten += kept.size();
      kept.clear();
    }
    kept.add(number);
  }

  /** How many there have been. */
  long end() {
    return forgotten + kept.size();
  }

  /** Whether all after the first so many are known. */
  boolean isKept(long since) {
    return since >= forgotten;
  }

  /** All after the first so many. */
  List<ChunkNumber> since(long since) {
    return kept.subList((int) (since - forgotten), kept.size());
  }
}
