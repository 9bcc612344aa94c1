package dev.stowage.lifecycle.state;

import org.jspecify.annotations.Nullable;

/**
 * Facts of {@value #SIZE} chunks, read without locks: an entry is written before a copy of the
 * table names its position, and {@link FactsPages} copies the page before any other write.
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

  private FactsPage(FactsPage from, boolean isWhole) {
    id = isWhole ? from.id.clone() : from.id;
    dataset = isWhole ? from.dataset.clone() : from.dataset;
    first = isWhole ? from.first.clone() : from.first;
    last = isWhole ? from.last.clone() : from.last;
    size = isWhole ? from.size.clone() : from.size;
    hash = isWhole ? from.hash.clone() : from.hash;
    weight = isWhole ? from.weight.clone() : from.weight;
    eligibility = isWhole ? from.eligibility.clone() : from.eligibility;
    lineage = from.lineage.clone();
    number = from.number.clone();
  }

  FactsPage copy() {
    return new FactsPage(this, true);
  }

  /** Copies the numbers alone, which a chunk gets later than its other facts. */
  FactsPage copyOfNumbers() {
    return new FactsPage(this, false);
  }
}
