package dev.stowage.engine;

import dev.stowage.engine.EngineRecords.PartId;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.EvidenceRecord.RecordType.RecordStream;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.RecordBatch;
import dev.stowage.evidence.Retention;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what one part said until a commit takes it. A record's index counts the part's records,
 * dropped ones included. Guarded by the monitor of its {@link PartTapes}.
 */
public final class PartTape implements EvidenceSink {
  private static final int LOGGED_TOGETHER = 512;

  // At least one record of such a part was never made, so that a replay repeats none.
  private static final ChainPoint BEHIND_THE_UNKNOWN = new ChainPoint(1, Hash256.ZERO);

  final int number;
  final EvidenceHeader header;
  private final EvidenceLog log;
  private final PartTapes tapes;
  private final ArrayDeque<EvidenceRecord> waiting = new ArrayDeque<>();
  private @Nullable PartId id;
  private boolean isDropping;
  private boolean isTorn;

  // An input and its outcomes go together, or a replay would expect what is not there yet.
  private long completeTo;
  private long nextIndex;
  private long bytes;

  PartTape(PartTapes tapes, int number, EvidenceHeader header, boolean isFresh) {
    this.tapes = tapes;
    this.number = number;
    this.header = header;
    this.isTorn = !isFresh;
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
    synchronized (tapes) {
      return isTorn && tapes.haveRoom();
    }
  }

  void tear() {
    isTorn = true;
  }

  @Override
  public void accept(RecordBatch batch) {
    synchronized (tapes) {
      for (int at = 0; at < batch.count(); at++) {
        take(batch.record(at));
      }
    }
  }

  /** Ends the part's call: what it said is complete. */
  @Override
  public void flush() {
    synchronized (tapes) {
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
    isDropping = (isDropping && !isInput) || tapes.isFullFor(this, record);
    if (isDropping && !wasDropping) {
      isTorn = true;
      for (EvidenceRecord last = waiting.peekLast();
          last != null && last.index() >= completeTo;
          last = waiting.peekLast()) {
        left(waiting.removeLast());
        tapes.dropped(1);
      }
    }
    if (isDropping) {
      tapes.dropped(1);
    } else {
      waiting.addLast(record);
      came(record);
    }
  }

  private void came(EvidenceRecord record) {
    bytes += record.payloadLength();
    tapes.came(this, record);
  }

  private void left(EvidenceRecord record) {
    bytes -= record.payloadLength();
    tapes.left(record);
  }

  int count() {
    return waiting.size();
  }

  long bytes() {
    return bytes;
  }

  PartId identifiedIn(long epoch) {
    PartId known = id;
    if (known == null) {
      known = new PartId(epoch, number);
      id = known;
    }
    return known;
  }

  boolean isIdentified() {
    return id != null;
  }

  long said() {
    return nextIndex;
  }

  boolean isComplete() {
    return completeTo == nextIndex;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Takes the complete records up to the first dropped one. */
  List<EvidenceRecord> takeRun() {
    int most = completeCount();
    List<EvidenceRecord> run = new ArrayList<>(most);
    while (run.size() < most) {
      EvidenceRecord record = waiting.removeFirst();
      left(record);
      run.add(record);
    }
    return run;
  }

  private int completeCount() {
    int count = 0;
    long expected = waiting.isEmpty() ? 0 : waiting.getFirst().index();
    for (EvidenceRecord record : waiting) {
      if (record.index() != expected || expected >= completeTo) {
        break;
      }
      expected++;
      count++;
    }
    return count;
  }

  void putBack(List<EvidenceRecord> run) {
    for (int at = run.size() - 1; at >= 0; at--) {
      waiting.addFirst(run.get(at));
      came(run.get(at));
    }
  }
}
