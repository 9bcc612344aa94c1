package dev.stowage.engine;

import dev.stowage.StowageConfig.EvidenceConfig;
import dev.stowage.engine.EngineRecords.PartId;
import dev.stowage.engine.PartRecordings.PartRecording;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.EvidenceRecord.RecordType;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.evidence.canonical.HashChain;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries records into the chain: staged beside a transaction, kept or dropped with it, durable
 * with the next commit, then told to the recorder, which may refuse. Guarded by the engine's lock.
 */
final class EngineRecording {
  static final String LIBRARY_VERSION = "0.1.0";

  // Kept records of commands that changed nothing cause no commit until this many wait.
  static final int MAX_WAITING = 4_096;

  // Bytes that may wait, a few commands of the largest size.
  static final long MAX_WAITING_BYTES = 64L << 20;

  private final EvidenceLog log;
  private final CanonicalWriter payload = new CanonicalWriter();
  private final List<EvidenceRecord> waiting = new ArrayList<>();
  private final List<EvidenceRecord> staged = new ArrayList<>();
  private final ArrayDeque<EvidenceRecord> untold = new ArrayDeque<>();
  private List<EvidenceRecord> doubted = List.of();
  private @Nullable ChainPoint doubtedHead;
  private Optional<ChainPoint> durable;
  private ChainPoint kept;
  private HashChain chain;
  private long nextIndex;
  private long waitingBytes;
  private long stagedBytes;
  private final PartRecordings parts;
  private final long epoch;

  // Those that began in this chain as far as this recording knows.
  private final Set<PartRecording> spoken = new LinkedHashSet<>();
  private List<PartRecordings.Run> riding = List.of();
  private List<PartRecording> ending = List.of();
  private List<PartRecordings.Run> doubtedRuns = List.of();

  /** Opens the evidence of a facade where the store's chain ends. */
  EngineRecording(
      Optional<ChainPoint> head,
      Dependencies from,
      Consumer<Throwable> refused,
      PartRecordings parts,
      long epoch) {
    byte[] fleet = from.config().fleet().toString().getBytes(StandardCharsets.UTF_8);
    EvidenceConfig evidence = from.config().evidence();
    EvidenceHeader header = EvidenceHeader.of(LIBRARY_VERSION, Hash256.of(fleet), evidence.seed());
    EvidenceLog.Builder begun =
        EvidenceLog.builder(header)
            .retention(evidence.retention())
            .continuing(head.orElseGet(() -> ChainPoint.originOf(header)));
    if (from.recorder() != EvidenceSink.NONE) {
      // Told only once durable: else the recorder's chain might not end where the store's does.
      begun.sink(from.recorder(), SinkPolicy.block()).failures(refused).held();
    }
    this.log = begun.build();
    this.parts = parts;
    this.epoch = epoch;
    this.durable = head;
    this.kept = log.point();
    this.chain = HashChain.startingAt(kept.hash());
    this.nextIndex = kept.index();
  }

  // Throws IllegalArgumentException if the record is longer than evidence accepts.
  void stage(Object row) {
    RecordType type = EngineRecords.ALL.write(row, payload.reset());
    if (payload.length() > EvidenceLog.MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          "the command takes "
              + payload.length()
              + " bytes; at most "
              + EvidenceLog.MAX_PAYLOAD_BYTES
              + " are accepted");
    }
    stage(type.wire(), payload.toBytes());
  }

  private void stage(int wire, byte[] bytes) {
    Hash256 hash = chain.append(wire, bytes);
    staged.add(EvidenceRecord.owning(nextIndex++, wire, bytes, hash));
    stagedBytes += bytes.length;
  }

  boolean haveParts() {
    return !spoken.isEmpty() || !parts.areEmpty();
  }

  // Behind the records of a commit, with which they become durable or go back.
  void stageParts(boolean isLast) {
    riding = parts.take();
    Set<PartRecording> begun = new LinkedHashSet<>();
    for (PartRecordings.Run run : riding) {
      PartId part = run.of().identifiedIn(epoch);
      if (!spoken.contains(run.of()) && begun.add(run.of())) {
        stage(EngineRecords.PartBegun.of(part, run.of().header));
      }
      long from = run.records().get(0).index();
      stage(new EngineRecords.PartSaid(part, from, run.records().size()));
      run.records().forEach(record -> stage(record.wire(), record.sharedPayload()));
    }
    ending = parts.ended();
    Set<PartRecording> resting = new LinkedHashSet<>(ending);
    if (isLast) {
      resting.addAll(begun);
      resting.addAll(spoken);
    }
    for (PartRecording part : resting) {
      parts
          .restOf(part)
          .ifPresent(
              records -> stage(new EngineRecords.PartRested(part.identifiedIn(epoch), records)));
    }
  }

  List<EvidenceRecord> undurable() {
    if (waiting.isEmpty()) {
      return List.copyOf(staged);
    }
    List<EvidenceRecord> all = new ArrayList<>(waiting);
    all.addAll(staged);
    return List.copyOf(all);
  }

  long durableIndex() {
    return durable.isPresent() ? durable.get().index() : 0;
  }

  boolean isFull() {
    return !parts.haveRoom()
        || waiting.size() + staged.size() >= MAX_WAITING
        || waitingBytes + stagedBytes >= MAX_WAITING_BYTES;
  }

  ChainPoint head() {
    return new ChainPoint(nextIndex, chain.head());
  }

  private void durable(List<PartRecordings.Run> runs) {
    runs.forEach(run -> spoken.add(run.of()));
    parts.durable(runs);
  }

  void keepDurable() {
    durable(riding);
    parts.rested(ending);
    spoken.removeAll(ending);
    riding = List.of();
    ending = List.of();
    keep();
    waiting.clear();
    waitingBytes = 0;
    durable = Optional.of(kept);
  }

  // A chain that ends behind the records of a commit in doubt proves that these happened, one that
  // ends before them that they did not. Else another leader wrote since, and nobody knows.
  private void settleParts(Optional<ChainPoint> head) {
    List<PartRecordings.Run> runs = doubtedRuns;
    doubtedRuns = List.of();
    if (head.isPresent() && head.get().equals(doubtedHead)) {
      durable(runs);
    } else if (head.equals(durable)) {
      parts.putBack(runs);
    } else {
      parts.lost(runs);
    }
  }

  boolean resumesAt(Optional<ChainPoint> head) {
    settleParts(head);
    if (!staged.isEmpty() || head.isEmpty()) {
      return staged.isEmpty() && durable.isEmpty();
    }
    ChainPoint end = head.get();
    if (end.equals(doubtedHead)) {
      staged.addAll(doubted);
      nextIndex = end.index();
      chain = HashChain.startingAt(end.hash());
      keepDurable();
    }
    doubted = List.of();
    doubtedHead = null;
    return durable.equals(head);
  }

  void keep() {
    waiting.addAll(staged);
    untold.addAll(staged);
    staged.clear();
    waitingBytes += stagedBytes;
    stagedBytes = 0;
    kept = head();
  }

  void doubt() {
    doubted = List.copyOf(staged);
    doubtedHead = head();
    doubtedRuns = riding;
    riding = List.of();
    ending = List.of();
    drop();
  }

  // Throws SinkFailed if the recorder refuses and no more may wait.
  void tell() {
    log.release(durableIndex());
    for (EvidenceRecord next = untold.peek(); next != null; next = untold.peek()) {
      log.append(next);
      untold.remove();
    }
  }

  void tellWhatItTakes() {
    try {
      tell();
    } catch (EvidenceException.SinkFailed e) {
      if (refusal().isEmpty()) {
        throw e;
      }
    }
  }

  void dropBehind(ChainPoint point) {
    while (nextIndex > point.index()) {
      stagedBytes -= staged.remove(staged.size() - 1).payload().length;
      nextIndex--;
    }
    chain = HashChain.startingAt(point.hash());
  }

  void drop() {
    parts.putBack(riding);
    riding = List.of();
    ending = List.of();
    staged.clear();
    stagedBytes = 0;
    chain = HashChain.startingAt(kept.hash());
    nextIndex = kept.index();
  }

  void hand(Consumer<Throwable> refused) {
    parts.lost(doubtedRuns);
    doubtedRuns = List.of();
    try {
      tell();
      log.flush();
    } catch (RuntimeException | Error e) {
      refused.accept(e);
    }
  }

  Optional<Throwable> refusal() {
    return log.refusal();
  }

  EvidenceLog log() {
    return log;
  }
}
