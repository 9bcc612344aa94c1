package dev.stowage.lifecycle.documents;

import dev.stowage.lifecycle.state.ChunkFacts;
import java.util.BitSet;

/**
 * What the entries of a page or a slice take in a binary document, apart from their places in the
 * document's tables, whose width depends on the document. Not changed once it is filled.
 */
final class EntryTotals {
  long bytes;
  long entries;

  /** Places of workers in all routes. */
  long named;

  /** Ordinals of lineages. */
  final BitSet lineages = new BitSet();

  /** Datasets of a slice by number, or workers of routes by position. */
  final BitSet names = new BitSet();

  /** One entry of a slice. */
  void addEntry(ChunkFacts facts, int chunk, long since) {
    addChunk(facts, chunk);
    names.set(facts.dataset(chunk));
    bytes += BinaryLayout.numberBytes(since);
  }

  static EntryTotals of(RoutesPage page, int pageNumber, ChunkFacts facts) {
    EntryTotals totals = new EntryTotals();
    int first = pageNumber << RoutesPage.SHIFT;
    for (int chunk = first; chunk < first + RoutesPage.SIZE; chunk++) {
      if (page.isVisible(chunk)) {
        totals.addChunk(facts, chunk);
        long further = facts.last(chunk) - facts.first(chunk);
        totals.bytes += BinaryLayout.numberBytes(facts.first(chunk));
        totals.bytes += BinaryLayout.numberBytes(further);
        totals.bytes += BinaryLayout.numberBytes(page.count(chunk));
      }
    }
    for (int worker : page.worker()) {
      totals.names.set(worker);
    }
    totals.named = page.worker().length;
    return totals;
  }

  void add(EntryTotals more) {
    bytes += more.bytes;
    entries += more.entries;
    named += more.named;
    lineages.or(more.lineages);
    names.or(more.names);
  }

  private void addChunk(ChunkFacts facts, int chunk) {
    entries++;
    lineages.set(facts.lineage(chunk));
    bytes += BinaryLayout.numberBytes(facts.counter(chunk));
    bytes += BinaryLayout.stringBytes(facts.id(chunk));
    bytes += BinaryLayout.numberBytes(facts.sizeBytes(chunk));
  }
}
