package dev.stowage.content;

import java.util.Collections;
import java.util.SortedMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** Implements the policies without parameters; {@code anyDeadline} lets every deadline count. */
record StandardPolicy(
    String name,
    ToDoubleFunction<ContentItem> meritOf,
    ToLongFunction<ContentItem> tieBreakOf,
    boolean anyDeadline)
    implements SelectionPolicy {
  static final SelectionPolicy EFFICIENCY =
      new StandardPolicy("efficiency", ContentItem::efficiency, item -> 0, false);
  static final SelectionPolicy PREFIX_FIRST =
      new StandardPolicy("prefixFirst", item -> 0, StandardPolicy::pieceOf, false);
  static final SelectionPolicy DEADLINE_FIRST =
      new StandardPolicy("deadlineFirst", ContentItem::efficiency, item -> 0, true);

  static long pieceOf(ContentItem item) {
    ItemDetails.Piece piece = item.details().pieceOrNull();
    return piece == null ? 0 : piece.index();
  }

  @Override
  public SortedMap<String, String> parameters() {
    return Collections.emptySortedMap();
  }

  @Override
  public double merit(ContentItem item) {
    return meritOf.applyAsDouble(item);
  }

  @Override
  public long tieBreak(ContentItem item) {
    return tieBreakOf.applyAsLong(item);
  }

  @Override
  public long deadlineHorizonNanos(long configured) {
    return anyDeadline ? Long.MAX_VALUE : configured;
  }
}
