package dev.stowage.placement.input;

/** The moves of the rebalancer, in its order, as columns of positions. */
public record Intents(int[] chunk, int[] from, int[] to) {
  /** Returns the moves by triples of a chunk, its source and its target. */
  static Intents of(int[] triples) {
    int[][] columns = new int[3][triples.length / 3];
    for (int i = 0; i < triples.length; i++) {
      columns[i % 3][i / 3] = triples[i];
    }
    return new Intents(columns[0], columns[1], columns[2]);
  }

  public int count() {
    return chunk.length;
  }
}
