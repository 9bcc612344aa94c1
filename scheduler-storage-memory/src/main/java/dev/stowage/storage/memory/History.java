package dev.stowage.storage.memory;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Retention;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The newest committed records of evidence, and the head after the last one. */
final class History {
  private final ArrayDeque<EvidenceRecord> records;
  private @Nullable ChainPoint head;

  History() {
    this(new ArrayDeque<>(), null);
  }

  private History(ArrayDeque<EvidenceRecord> records, @Nullable ChainPoint head) {
    this.records = records;
    this.head = head;
  }

  static History of(List<EvidenceRecord> records, Optional<ChainPoint> head) {
    return new History(new ArrayDeque<>(records), head.orElse(null));
  }

  void append(List<EvidenceRecord> more, ChainPoint newHead) {
    records.addAll(more);
    while (records.size() > Retention.DEFAULT_MAX_RECORDS) {
      records.removeFirst();
    }
    head = newHead;
  }

  int trim(long before, int maxRows) {
    int trimmed = 0;
    while (trimmed < maxRows && !records.isEmpty() && records.getFirst().index() < before) {
      records.removeFirst();
      trimmed++;
    }
    return trimmed;
  }

  Optional<ChainPoint> head() {
    return Optional.ofNullable(head);
  }

  List<EvidenceRecord> read(long fromIndex, int maxRecords) {
    List<EvidenceRecord> found = new ArrayList<>();
    for (EvidenceRecord record : records) {
      if (record.index() >= fromIndex && found.size() < maxRecords) {
        found.add(record);
      }
    }
    return found;
  }

  List<EvidenceRecord> all() {
    return List.copyOf(records);
  }

  History copy() {
    return new History(new ArrayDeque<>(records), head);
  }
}
