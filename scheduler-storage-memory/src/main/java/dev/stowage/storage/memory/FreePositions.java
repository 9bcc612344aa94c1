package dev.stowage.storage.memory;

import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * The free positions of a saved table below its highest taken one. Each is a row of the saved
 * bytes, so that the highest position, up to which a load makes room, is in proportion to their
 * length.
 */
final class FreePositions {
  private final IntStream.Builder all = IntStream.builder();
  private int count;

  /** Returns the positions below the highest of the taken ones that are not taken, in order. */
  static IntStream below(IntStream taken) {
    BitSet set = taken.collect(BitSet::new, BitSet::set, BitSet::or);
    return IntStream.range(0, set.length()).filter(position -> !set.get(position));
  }

  void add(int position) {
    all.add(position);
    count++;
  }

  /**
   * Throws {@code IllegalArgumentException} unless the taken and the free positions are all below
   * their number, each once. May be called once.
   */
  void require(Section section, int rows, IntStream taken) {
    int limit = rows + count;
    BitSet seen = new BitSet(limit);
    IntStream.concat(taken, all.build())
        .forEach(position -> {
          if (position < 0 || position >= limit || seen.get(position)) {
            throw new IllegalArgumentException(
                "position "
                    + position
                    + " of section "
                    + section
                    + " is named twice, or not below "
                    + limit
                    + ", the number of its taken and free positions");
          }
          seen.set(position);
        });
  }
}
