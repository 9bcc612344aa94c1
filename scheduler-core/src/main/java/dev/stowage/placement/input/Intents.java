package dev.stowage.placement.input;

import java.util.Arrays;

/** The moves of the rebalancer, in its order, as columns of positions. */
public record Intents(int[] chunk, int[] from, int[] to) {
  public int count() {
    return chunk.length;
  }

  public static final class Draft {
    private int[] triples = new int[6];
    private int used;

    public void add(int chunk, int from, int to) {
      if (used + 3 > triples.length) {
        triples = Arrays.copyOf(triples, triples.length * 2);
      }
      triples[used++] = chunk;
      triples[used++] = from;
      triples[used++] = to;
    }

    Intents sealed() {
      int count = used / 3;
      int[][] columns = new int[3][count];
      for (int i = 0; i < used; i++) {
        columns[i % 3][i / 3] = triples[i];
      }
      return new Intents(columns[0], columns[1], columns[2]);
    }
  }
}
