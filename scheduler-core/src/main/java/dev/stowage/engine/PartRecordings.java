package dev.stowage.engine;

import dev.stowage.StowageConfig.PartEvidence;
import dev.stowage.engine.EngineRecords.PartId;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.EvidenceRecord.RecordType.RecordStream;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.RecordBatch;
import dev.stowage.evidence.Retention;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Buffers the records of a facade's parts until a commit writes them, within bounds. Thread-safe:
 * parts add on their own threads, and the engine takes without waiting for them.
 */
public final class PartRecordings {
  private static final int LOGGED_TOGETHER = 512;

  // At least one record of such a part was never made, so that a replay repeats none.
  private static final ChainPoint BEHIND_THE_UNKNOWN = new ChainPoint(1, Hash256.ZERO);

  private final PartEvidence bounds;

  // Those with waiting records: a part that the host let go is forgotten once it was written.
  private final TreeMap<Integer, PartRecording> speaking = new TreeMap<>();

  // Those whose part went on as another one.
  private final List<PartRecording> ended = new ArrayList<>();
  private int made;
  private long waiting;
  private long waitingBytes;
  private long written;
  private long dropped;
  private boolean isShort;
  private boolean isNews;

  /** A run of one part's records, none missing between them. */
  record Run(PartRecording of, List<EvidenceRecord> records) {}

  PartRecordings(PartEvidence bounds) {
    this.bounds = bounds;
  }

  /**
   * Keeps what one part said until a commit takes it. A record's index counts the part's records,
   * dropped ones included.
   */
  public final class PartRecording implements EvidenceSink {
    final EvidenceHeader header;
    private final int number = made++;
    private final EvidenceLog log;
    private final ArrayDeque<EvidenceRecord> records = new ArrayDeque<>();
    private @Nullable PartId id;
    private boolean isDropping;
    private boolean isTorn;

    // An input and its outcomes go together, or a replay would expect what is not there yet.
    private long completeTo;
    private long nextIndex;
    private long bytes;

    private PartRecording(EvidenceHeader header, boolean isFresh) {
      this.header = header;
      isTorn = !isFresh;
      EvidenceLog.Builder begun =
          EvidenceLog.builder(header)
              .unchained()
              .retention(Retention.records(LOGGED_TOGETHER))
              .sink(this, SinkPolicy.block());
      log = (isFresh ? begun : begun.continuing(BEHIND_THE_UNKNOWN)).build();
    }

    /** Returns the part's log, to be flushed when a call of the part begins or ends. */
    public EvidenceLog log() {
      return log;
    }

    /** Reports whether records are missing and there is room for a part that begins anew. */
    public boolean isToBeginAnew() {
      synchronized (PartRecordings.this) {
        return isTorn && haveRoom();
      }
    }

    @Override
    public void accept(RecordBatch batch) {
      synchronized (PartRecordings.this) {
        for (int at = 0; at < batch.count(); at++) {
          take(batch.record(at));
        }
      }
    }

    /** Ends the part's call: what it said is complete. */
    @Override
    public void flush() {
      synchronized (PartRecordings.this) {
        completeTo = nextIndex;
      }
    }

    private void take(EvidenceRecord record) {
      nextIndex = record.index() + 1;
      boolean isInput = record.stream() == RecordStream.INPUT;
      if (isInput) {
        completeTo = record.index();
      }
      // Outcomes of a dropped input are dropped too: records go on with an input.
      boolean wasDropping = isDropping;
      isDropping = (isDropping && !isInput) || isFullFor(record);
      if (isDropping && !wasDropping) {
        isTorn = true;
        for (EvidenceRecord last = records.peekLast();
            last != null && last.index() >= completeTo;
            last = records.peekLast()) {
          left(records.removeLast());
          drop(1);
        }
      }
      if (isDropping) {
        drop(1);
      } else {
        records.addLast(record);
        came(record);
      }
    }

    // One part alone leaves a quarter to the others.
    private boolean isFullFor(EvidenceRecord record) {
      long size = record.payloadLength();
      return waiting >= bounds.mostWaiting()
          || waitingBytes + size > bounds.mostWaitingBytes()
          || records.size() >= bounds.mostWaiting() - bounds.mostWaiting() / 4
          || bytes + size > bounds.mostWaitingBytes() - bounds.mostWaitingBytes() / 4;
    }

    private void came(EvidenceRecord record) {
      speaking.put(number, this);
      bytes += record.payloadLength();
      waitingBytes += record.payloadLength();
      waiting++;
    }

    private void left(EvidenceRecord record) {
      bytes -= record.payloadLength();
      waitingBytes -= record.payloadLength();
      waiting--;
    }

    PartId identifiedIn(long epoch) {
      PartId known = id;
      if (known == null) {
        known = new PartId(epoch, number);
        id = known;
      }
      return known;
    }

    /** Takes the complete records up to the first dropped one. */
    private List<EvidenceRecord> takeRun() {
      List<EvidenceRecord> run = new ArrayList<>();
      for (EvidenceRecord next = records.peek();
          next != null
              && next.index() < completeTo
              && (run.isEmpty() || next.index() == run.get(run.size() - 1).index() + 1);
          next = records.peek()) {
        left(records.remove());
        run.add(next);
      }
      return run;
    }

    private void putBack(List<EvidenceRecord> run) {
      for (int at = run.size() - 1; at >= 0; at--) {
        records.addFirst(run.get(at));
        came(run.get(at));
      }
    }
  }

  /**
   * Begins to record a new part; empty if nothing is recorded. {@code isFresh} is false if the part
   * has decided before.
   */
  public Optional<PartRecording> begin(Function<String, EvidenceHeader> headerOf, boolean isFresh) {
    if (bounds.mostWaiting() == 0) {
      return Optional.empty();
    }
    EvidenceHeader header = headerOf.apply(EngineRecording.LIBRARY_VERSION);
    synchronized (this) {
      return Optional.of(new PartRecording(header, isFresh));
    }
  }

  /** Ends a part that goes on as another one. */
  public synchronized void end(PartRecording part) {
    ended.add(part);
  }

  // Those for which nothing waits any more.
  synchronized List<PartRecording> ended() {
    return ended.stream().filter(it -> it.records.isEmpty()).toList();
  }

  synchronized void rested(List<PartRecording> parts) {
    ended.removeAll(parts);
  }

  /**
   * Reports whether so little waits that the next commit can be awaited: waiting for a later one
   * would soon drop records.
   */
  public synchronized boolean haveRoom() {
    return 2 * waiting < bounds.mostWaiting() && 2 * waitingBytes < bounds.mostWaitingBytes();
  }

  synchronized boolean areEmpty() {
    return speaking.isEmpty();
  }

  private void drop(long records) {
    dropped += records;
    isNews |= !isShort;
    isShort = true;
  }

  synchronized List<Run> take() {
    List<Run> runs = new ArrayList<>();
    for (PartRecording part : List.copyOf(speaking.values())) {
      for (List<EvidenceRecord> run = part.takeRun(); !run.isEmpty(); run = part.takeRun()) {
        runs.add(new Run(part, run));
      }
      if (part.records.isEmpty()) {
        speaking.remove(part.number);
      }
    }
    isShort &= !speaking.isEmpty();
    return runs;
  }

  // Empty if the part is within a call, or has more to say.
  synchronized OptionalLong restOf(PartRecording part) {
    boolean isComplete = part.records.isEmpty() && part.completeTo == part.nextIndex;
    return isComplete && part.id != null ? OptionalLong.of(part.nextIndex) : OptionalLong.empty();
  }

  synchronized void durable(List<Run> runs) {
    runs.forEach(run -> written += run.records.size());
  }

  synchronized void putBack(List<Run> runs) {
    for (int at = runs.size() - 1; at >= 0; at--) {
      runs.get(at).of.putBack(runs.get(at).records);
    }
  }

  synchronized void lost(List<Run> runs) {
    for (Run run : runs) {
      run.of.isTorn = true;
      drop(run.records.size());
    }
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
}
