package dev.stowage.engine;

import dev.stowage.StowageConfig.PartEvidence;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Buffers the records of a facade's parts until a commit writes them, within bounds. Thread-safe:
 * parts add on their own threads, and the engine takes without waiting for them.
 */
public final class PartTapes {
  private final PartEvidence bounds;

  // Those with waiting records: a part that the host let go is forgotten once it was written.
  private final TreeMap<Integer, PartTape> speaking = new TreeMap<>();

  // Those whose part went on as another one.
  private final List<PartTape> ended = new ArrayList<>();
  private int made;
  private long waiting;
  private long waitingBytes;
  private long written;
  private long dropped;
  private boolean isShort;
  private boolean isNews;

  /** A run of one part's records, none missing between them. */
  record Run(PartTape tape, List<EvidenceRecord> records) {}

  PartTapes(PartEvidence bounds) {
    this.bounds = bounds;
  }

  /**
   * Begins to record a new part; empty if nothing is recorded. {@code isFresh} is false if the part
   * has decided before.
   */
  public Optional<PartTape> begin(Function<String, EvidenceHeader> headerOf, boolean isFresh) {
    if (bounds.mostWaiting() == 0) {
      return Optional.empty();
    }
    EvidenceHeader header = headerOf.apply(EvidenceTrail.LIBRARY_VERSION);
    synchronized (this) {
      return Optional.of(new PartTape(this, made++, header, isFresh));
    }
  }

  // One part alone leaves a quarter to the others.
  boolean isFullFor(PartTape tape, EvidenceRecord record) {
    long bytes = record.payloadLength();
    return waiting >= bounds.mostWaiting()
        || waitingBytes + bytes > bounds.mostWaitingBytes()
        || tape.count() >= bounds.mostWaiting() - bounds.mostWaiting() / 4
        || tape.bytes() + bytes > bounds.mostWaitingBytes() - bounds.mostWaitingBytes() / 4;
  }

  /** Ends a part that goes on as another one. */
  public synchronized void end(PartTape tape) {
    ended.add(tape);
  }

  // Those for which nothing waits any more.
  synchronized List<PartTape> ended() {
    return ended.stream().filter(PartTape::isEmpty).toList();
  }

  synchronized void rested(List<PartTape> tapes) {
    ended.removeAll(tapes);
  }

  /** Reports whether so little waits that the next commit can be awaited. */
  public boolean haveRoom() {
    return !areHalfFull();
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

  synchronized List<Run> take() {
    List<Run> runs = new ArrayList<>();
    for (PartTape tape : List.copyOf(speaking.values())) {
      List<EvidenceRecord> run = tape.takeRun();
      while (!run.isEmpty()) {
        runs.add(new Run(tape, run));
        run = tape.takeRun();
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
    return tape.isEmpty() && tape.isComplete() && tape.isIdentified()
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
    for (Run run : runs) {
      run.tape().tear();
      dropped(run.records().size());
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
