package dev.stowage.content;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Ranks by efficiency times {@code 1 + k / (1 + copies)}; by efficiency if copies are unknown. */
record RarestFirstPolicy(double k) implements SelectionPolicy {
  RarestFirstPolicy {
    if (!(k >= 0) || Double.isInfinite(k)) {
      throw new IllegalArgumentException("k is " + k + "; finite, at least 0 is accepted");
    }
  }

  @Override
  public String name() {
    return "rarestFirst";
  }

  @Override
  public SortedMap<String, String> parameters() {
    return new TreeMap<>(Map.of("k", Double.toString(k)));
  }

  @Override
  public double merit(ContentItem item) {
    int copies = item.details().copies();
    return copies < 0 ? item.efficiency() : item.efficiency() * (1 + k / (1.0 + copies));
  }

  @Override
  public long tieBreak(ContentItem item) {
    return StandardPolicy.pieceOf(item);
  }
}
