package dev.stowage.sim.kit.world;

import dev.stowage.model.ChunkKey;
import java.util.ArrayList;
import java.util.List;

/**
 * The chunks with bytes that vanished from some disk, in order of time. Only the last ones are
 * kept, so that a world may run indefinitely. Not thread-safe.
 */
final class Vanished {
  private static final int MOST_KEPT = 1 << 20;

  private final List<ChunkKey> kept = new ArrayList<>();
  private long forgotten;

  void add(ChunkKey key) {
    if (kept.size() == MOST_KEPT) {
      forgotten += kept.size();
      kept.clear();
    }
    kept.add(key);
  }

  /** Returns the total number of vanished chunks. */
  long end() {
    return forgotten + kept.size();
  }

  /** Reports whether all entries after the first {@code since} are kept. */
  boolean isKept(long since) {
    return since >= forgotten;
  }

  /** Returns all entries after the first {@code since}. */
  List<ChunkKey> since(long since) {
    return kept.subList((int) (since - forgotten), kept.size());
  }
}
