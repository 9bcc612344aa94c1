package dev.stowage.engine;

import dev.stowage.StowageConfig.EvidenceConfig;
import dev.stowage.StowageConfig.PartEvidence;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.Retention;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What the parts of a facade said and no commit wrote yet, bounded. Parts speak on their own
 * threads, the desk takes: thread-safe, and never waits for either.
 */
public final class PartTapes {
  private static final int LOGGED_TOGETHER = 512;

  // At least one record of such a part was never made, so that a replay repeats none.
  private static final ChainPoint BEHIND_THE_UNKNOWN = new ChainPoint(1, Hash256.ZERO);

  private final PartEvidence bounds;
  private final Retention retention;

  // Those with waiting records: a part that the host let go is forgotten once it was written.
  private final TreeMap<Integer, PartTape> speaking = new TreeMap<>();
  private int made;
  private long waiting;
  private long waitingBytes;
  private long written;
  private long dropped;
  private boolean isShort;
  private boolean isNews;

  /** A run of one part's records, none missing between them. */
  record Run(PartTape tape, List<EvidenceRecord> records) {}

  PartTapes(EvidenceConfig config) {
    bounds = config.parts();
    retention = config.retention();
  }

  /**
   * Returns a log for a new part, to be flushed when a call of the part begins or ends; empty if
   * nothing is recorded. {@code isFresh} is false if the part has decided before.
   */
  public Optional<EvidenceLog> begin(Function<String, EvidenceHeader> headerOf, boolean isFresh) {
    if (bounds.mostWaiting() == 0) {
      return Optional.empty();
    }
    EvidenceHeader header = headerOf.apply(EvidenceTrails.LIBRARY_VERSION);
    PartTape tape;
    synchronized (this) {
      tape = new PartTape(this, made++, header);
    }
    EvidenceLog.Builder log =
        EvidenceLog.builder(header)
            .unchained()
            .retention(Retention.records(LOGGED_TOGETHER))
            .sink(tape, SinkPolicy.block());
    if (!isFresh) {
      log.continuing(BEHIND_THE_UNKNOWN);
    }
    return Optional.of(log.build());
  }

  // One part alone leaves a quarter to the others.
  boolean isFullFor(PartTape tape, EvidenceRecord record) {
    long bytes = record.payloadLength();
    return waiting >= bounds.mostWaiting()
        || waitingBytes + bytes > bounds.mostWaitingBytes()
        || tape.count() >= bounds.mostWaiting() - bounds.mostWaiting() / 4
        || tape.bytes() + bytes > bounds.mostWaitingBytes() - bounds.mostWaitingBytes() / 4;
  }

  // Waiting for a later commit would soon drop records.
  synchronized boolean areHalfFull() {
    return 2 * waiting >= bounds.mostWaiting() || 2 * waitingBytes >= bounds.mostWaitingBytes();
  }

  synchronized boolean areEmpty() {
    return speaking.isEmpty();
  }

  void came(PartTape tape, EvidenceRecord record) {
    speaking.put(tape.number, tape);
    waiting++;
    waitingBytes += record.payloadLength();
  }

  void left(EvidenceRecord record) {
    waiting--;
    waitingBytes -= record.payloadLength();
  }

  synchronized void dropped(long records) {
    dropped += records;
    isNews |= !isShort;
    isShort = true;
  }

  synchronized List<Run> take(PartShare share) {
    List<Run> runs = new ArrayList<>();
    long records = share.leftRecords();
    long bytes = share.leftBytes();
    for (PartTape tape : List.copyOf(speaking.values())) {
      List<EvidenceRecord> run = tape.takeRun(records, bytes);
      while (!run.isEmpty()) {
        runs.add(new Run(tape, run));
        records -= run.size();
        bytes -= bytesOf(run);
        run = tape.takeRun(records, bytes);
      }
      if (runs.isEmpty() && share.isUnused()) {
        tape.dropCall();
      }
      if (tape.isEmpty()) {
        speaking.remove(tape.number);
      }
    }
    isShort &= !speaking.isEmpty();
    return runs;
  }

  // Empty if the part is within a call, or has more to say.
  synchronized OptionalLong restOf(PartTape tape) {
    return tape.isEmpty() && tape.isComplete()
        ? OptionalLong.of(tape.said())
        : OptionalLong.empty();
  }

  synchronized void durable(List<Run> runs) {
    for (Run run : runs) {
      written += run.records().size();
    }
  }

  synchronized void putBack(List<Run> runs) {
    for (int at = runs.size() - 1; at >= 0; at--) {
      runs.get(at).tape().putBack(runs.get(at).records());
    }
  }

  synchronized void lost(List<Run> runs) {
    runs.forEach(run -> dropped(run.records().size()));
  }

  public synchronized long written() {
    return written;
  }

  public synchronized long dropped() {
    return dropped;
  }

  // True once for each time that records began to be dropped.
  synchronized boolean takeNews() {
    boolean isNow = isNews;
    isNews = false;
    return isNow;
  }

  PartShare share() {
    return new PartShare(retention, bounds.sharePercent());
  }

  private static long bytesOf(List<EvidenceRecord> run) {
    long bytes = 0;
    for (EvidenceRecord record : run) {
      bytes += Retention.RECORD_OVERHEAD_BYTES + record.payloadLength();
    }
    return bytes;
  }

  /** The share of the retention that parts have left. Guarded by the desk's lock. */
  static final class PartShare {
    private final Retention retention;
    private final int percent;
    private final ArrayDeque<Span> spans = new ArrayDeque<>();
    private long records;
    private long bytes;
    private long ofParts;
    private long bytesOfParts;

    private record Span(long endRecord, long endByte, long records, long bytes) {}

    PartShare(Retention retention, int percent) {
      this.retention = retention;
      this.percent = percent;
    }

    long leftRecords() {
      return left(retention.maxRecords(), ofParts);
    }

    long leftBytes() {
      return left(retention.maxBytes(), bytesOfParts);
    }

    boolean isUnused() {
      return spans.isEmpty();
    }

    private long left(long most, long used) {
      if (percent == 100 || most == Long.MAX_VALUE) {
        return Long.MAX_VALUE;
      }
      long share = most / 100 * percent + most % 100 * percent / 100;
      return Math.max(0, share - used);
    }

    void wrote(long all, long allBytes, List<Run> runs) {
      records += all;
      bytes += allBytes;
      long count = 0;
      long size = 0;
      for (Run run : runs) {
        count += run.records().size();
        size += bytesOf(run.records());
      }
      if (count > 0) {
        spans.add(new Span(records, bytes, count, size));
        ofParts += count;
        bytesOfParts += size;
      }
      while (!spans.isEmpty() && isGone(spans.getFirst())) {
        Span gone = spans.removeFirst();
        ofParts -= gone.records();
        bytesOfParts -= gone.bytes();
      }
    }

    private boolean isGone(Span span) {
      return records - span.endRecord() >= retention.maxRecords()
          || bytes - span.endByte() >= retention.maxBytes();
    }
  }
}
