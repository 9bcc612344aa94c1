package dev.stowage.placement.board;

import dev.stowage.placement.input.FlatInput;

/**
 * What a plan asks about all chunks at once: answered by a look at each of them, or by an index
 * that is kept up to date.
 */
public interface Catalogue {
  /** Changes whenever what is asked about does. */
  long version();

  /** All chunks in canonical order. */
  int[] canonicalChunks();

  /** An input that says the same as what a plan was made from. */
  FlatInput input(FlatInput planned);

  /** The size of the smallest chunk that has any bytes; the largest long if none has. */
  long leastSize();

  /** The size of the largest chunk; 0 if none has any bytes. */
  long largestSize();

  /** The bytes of all chunks, each counted once; the largest long if they are more. */
  long totalBytes();

  /** The chunks with a slot on each of the wanted workers. */
  WorkerIndex chunksOn(Slots slots, boolean[] wanted);
}
