package dev.stowage.engine;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Retention;
import dev.stowage.model.Tick;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.StoreSession.HistoryHorizon;
import java.util.List;

/** Deletes evidence and assignments that retention no longer keeps. Stateless. */
final class HistoryTrim {
  private static final int TRIMMED_AT_ONCE = 10_000;
  private static final int MOST_BATCHES = 100;
  private static final int READ_AT_ONCE = 64;

  private HistoryTrim() {}

  // At most 100 batches of 10,000 rows; the next purge deletes the rest.
  static void trim(LeaderTerm term, long firstKept, Tick tick) {
    FleetStore store = term.store;
    LifecycleConfig config = term.known().config();
    long horizon = tick.value() - config.retention().assignmentTicks();
    long since = tick.value() - config.evidenceMaxAgeTicks();
    long kept = Math.max(firstKept, since <= 0 ? 0 : firstSince(store, since));
    long deedsBefore = deedsBefore(store.deeds(), term.config().evidence().deeds(), tick.value());
    HistoryHorizon forget =
        new HistoryHorizon(Math.max(0, kept), Math.max(0, horizon), deedsBefore);
    int batches = 0;
    while (term.session.trimHistory(forget, TRIMMED_AT_ONCE) == TRIMMED_AT_ONCE
        && batches < MOST_BATCHES) {
      batches++;
    }
  }

  // Keeps the newest that are within all bounds.
  private static long deedsBefore(List<EvidenceRecord> deeds, Retention bounds, long now) {
    long count = 0;
    long bytes = 0;
    for (int at = deeds.size() - 1; at >= 0; at--) {
      EvidenceRecord deed = deeds.get(at);
      count++;
      bytes += Retention.RECORD_OVERHEAD_BYTES + deed.payloadLength();
      long age = now - EngineRecords.ALL.leading(EngineRecords.TICK, deed).orElse(now);
      if (count > bounds.maxRecords() || bytes > bounds.maxBytes() || age > bounds.maxAgeTicks()) {
        return deed.index() + 1;
      }
    }
    return 0;
  }

  private static long firstSince(FleetStore store, long since) {
    long next = 0;
    for (List<EvidenceRecord> page = store.evidence(next, READ_AT_ONCE);
        !page.isEmpty();
        page = store.evidence(next, READ_AT_ONCE)) {
      for (EvidenceRecord record : page) {
        if (EngineRecords.ALL.leading(EngineRecords.TICK, record).orElse(-1) >= since) {
          return record.index();
        }
        next = record.index() + 1;
      }
    }
    return next;
  }
}
