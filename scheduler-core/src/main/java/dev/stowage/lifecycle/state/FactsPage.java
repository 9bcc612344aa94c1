package dev.stowage.lifecycle.state;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Unchanging facts of {@value #SIZE} chunks, read without locks: an entry is written before a
 * snapshot names its position, and a page is copied before a position is reused.
 */
final class FactsPage {
  static final int SHIFT = 10;
  static final int SIZE = 1 << SHIFT;
  static final int MASK = SIZE - 1;

  final @Nullable String[] id;
  final int[] dataset;
  final long[] first;
  final long[] last;
  final long[] size;
  final long[] hash;
  final int[] weight;
  final int[] eligibility;
  final short[] lineage;
  final long[] number;

  FactsPage() {
    id = new String[SIZE];
    dataset = new int[SIZE];
    first = new long[SIZE];
    last = new long[SIZE];
    size = new long[SIZE];
    hash = new long[SIZE];
    weight = new int[SIZE];
    eligibility = new int[SIZE];
    lineage = new short[SIZE];
    number = new long[SIZE];
  }

  private FactsPage(FactsPage from) {
    id = from.id.clone();
    dataset = from.dataset.clone();
    first = from.first.clone();
    last = from.last.clone();
    size = from.size.clone();
    hash = from.hash.clone();
    weight = from.weight.clone();
    eligibility = from.eligibility.clone();
    lineage = from.lineage.clone();
    number = from.number.clone();
  }

  private FactsPage(FactsPage from, int rows) {
    id = from.id;
    dataset = from.dataset;
    first = from.first;
    last = from.last;
    size = from.size;
    hash = from.hash;
    weight = from.weight;
    eligibility = from.eligibility;
    lineage = Arrays.copyOf(from.lineage, rows);
    number = Arrays.copyOf(from.number, rows);
  }

  FactsPage copy() {
    return new FactsPage(this);
  }

  /** Copies the numbers, which are written in place. */
  FactsPage forReading(int rows) {
    return new FactsPage(this, rows);
  }
}
