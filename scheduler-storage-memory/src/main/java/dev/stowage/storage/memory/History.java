package dev.stowage.storage.memory;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Retention;
import dev.stowage.store.spi.StoreSession.HistoryHorizon;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The newest committed records of evidence, and the points of the chain before the first and behind
 * the last of them. Beyond its bounds the oldest commits go whole, so that what is left begins with
 * a command; the newest stays whatever its size. Deeds stay until a horizon lets them go.
 */
final class History {
  /** Dropped places are given back once they are this many, and half of all. */
  private static final int FEW_PLACES = 64;

  private final List<Saved> records;

  /** Deeds that were dropped from the records. */
  private final List<EvidenceRecord> deeds = new ArrayList<>();

  private final Retention bounds;
  private int first;
  private long bytes;

  /** The point behind the last dropped record; null while none was dropped. */
  private @Nullable ChainPoint start;

  private @Nullable ChainPoint head;

  /** A record, and whether it is the last of its commit. */
  record Saved(EvidenceRecord record, boolean isLast) {
    private long bytes() {
      return Retention.RECORD_OVERHEAD_BYTES + (long) record.sharedPayload().length;
    }
  }

  History(Retention bounds) {
    this(bounds, List.of(), null, null);
  }

  private History(
      Retention bounds,
      List<Saved> records,
      @Nullable ChainPoint start,
      @Nullable ChainPoint head) {
    this.bounds = bounds;
    this.records = new ArrayList<>(records);
    this.start = start;
    this.head = head;
    long from = start == null ? 0 : start.index();
    while (first < records.size() && records.get(first).record().index() < from) {
      deeds.add(records.get(first++).record());
    }
    records.subList(first, records.size()).forEach(each -> bytes += each.bytes());
  }

  static History of(List<Saved> records, Optional<ChainPoint> start, Optional<ChainPoint> head) {
    return new History(Retention.unlimited(), records, start.orElse(null), head.orElse(null));
  }

  void append(List<EvidenceRecord> more, ChainPoint newHead) {
    int newest = records.size();
    for (EvidenceRecord record : more) {
      Saved added = new Saved(record, records.size() == newest + more.size() - 1);
      records.add(added);
      bytes += added.bytes();
    }
    head = newHead;
    if (!more.isEmpty()) {
      dropBefore(newest);
    }
  }

  private void dropBefore(int newest) {
    while (first < newest && isOver()) {
      boolean isLast = false;
      while (first < newest && !isLast) {
        isLast = removeFirst().isLast();
      }
    }
    giveBack();
  }

  private boolean isOver() {
    return records.size() - first > bounds.maxRecords() || bytes > bounds.maxBytes();
  }

  private Saved removeFirst() {
    Saved oldest = records.get(first++);
    bytes -= oldest.bytes();
    if (oldest.record().isDeed()) {
      deeds.add(oldest.record());
    }
    start = new ChainPoint(oldest.record().index() + 1, oldest.record().hash());
    return oldest;
  }

  private void giveBack() {
    if (first >= FEW_PLACES && first > records.size() / 2) {
      records.subList(0, first).clear();
      first = 0;
    }
  }

  int trim(HistoryHorizon horizon, int maxRows) {
    int end = Math.min(placeOf(horizon.evidenceBefore()), first + maxRows);
    int trimmed = end - first;
    while (first < end) {
      removeFirst();
    }
    giveBack();
    deeds.removeIf(deed -> deed.index() < horizon.deedsBefore());
    return trimmed;
  }

  /** Returns the place of the first record that is kept, at or behind an index. */
  private int placeOf(long index) {
    int low = first;
    int high = records.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (records.get(middle).record().index() < index) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  Optional<ChainPoint> start() {
    return Optional.ofNullable(start);
  }

  Optional<ChainPoint> head() {
    return Optional.ofNullable(head);
  }

  long bytes() {
    return bytes;
  }

  List<EvidenceRecord> read(long fromIndex, int maxRecords) {
    int from = placeOf(fromIndex);
    int to = (int) Math.min(records.size(), (long) from + maxRecords);
    return records.subList(from, to).stream().map(Saved::record).toList();
  }

  List<EvidenceRecord> deeds() {
    return all().stream().map(Saved::record).filter(EvidenceRecord::isDeed).toList();
  }

  /** Returns the records, behind the deeds before them. */
  List<Saved> all() {
    return Stream.concat(
            deeds.stream().map(deed -> new Saved(deed, true)),
            records.subList(first, records.size()).stream())
        .toList();
  }

  /** Returns a copy that keeps to other bounds from its next commit on. */
  History copy(Retention within) {
    return new History(within, all(), start, head);
  }
}
