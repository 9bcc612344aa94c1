package dev.stowage.lifecycle.documents;

import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.model.WorkerId;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/** The size of rows in a binary document. Immutable once filled. */
final class EntryTotals extends BinarySize {
  private static final WorkerId ANY = WorkerId.of("-");

  final BitSet lineages = new BitSet();

  final BitSet names = new BitSet();

  void addEntry(ChunkFacts facts, int chunk, long since) {
    SliceEntry.ROW.fields().name(this, SliceEntry.of(facts, chunk, since));
    lineages.set(facts.lineage(chunk));
    names.set(facts.dataset(chunk));
  }

  static EntryTotals of(RoutesPage page, int pageNumber, ChunkFacts facts) {
    EntryTotals totals = new EntryTotals();
    totals.isGrouped = true;
    int first = pageNumber << RoutesPage.SHIFT;
    for (int chunk = first; chunk < first + RoutesPage.SIZE; chunk++) {
      if (page.isVisible(chunk)) {
        Route route =
            Route.of(facts, chunk, Collections.nCopies(page.count(chunk), ANY), List.of());
        Route.ROW.fields().name(totals, route);
        totals.lineages.set(facts.lineage(chunk));
      }
    }
    for (int worker : page.worker()) {
      totals.names.set(worker);
    }
    return totals;
  }

  void add(EntryTotals more) {
    super.add(more);
    lineages.or(more.lineages);
    names.or(more.names);
  }
}
