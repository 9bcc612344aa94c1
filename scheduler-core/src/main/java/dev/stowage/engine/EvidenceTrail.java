package dev.stowage.engine;

import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.HashChain;
import dev.stowage.evidence.RecordType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The records of one facade on their way into the chain: first staged beside a transaction, then
 * kept when it has succeeded or dropped when it has not, then durable with the next commit. What is
 * kept is told to the log and its recorder afterwards ({@link #tell}): that is the host's code, and
 * may refuse, when what happened can no longer be helped. What it refused waits, and is told before
 * anything else is decided; so no more waits than one transaction leaves.
 *
 * <p>Commands that change nothing (rejections, idle cycles) are kept, but do not cause a commit of
 * their own; up to {@value #MAX_WAITING} records wait for the next one. Belongs to the desk's lock.
 */
final class EvidenceTrail {
  /** Records that may wait for a commit that has something else to write. */
  static final int MAX_WAITING = 4_096;

  /** Bytes of records that may wait; a few commands of the largest size. */
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

  /** A trail whose log goes on where the store's chain ends; empty where it has none yet. */
  EvidenceTrail(EvidenceLog log, Optional<ChainPoint> durable) {
    this.log = log;
    this.durable = durable;
    this.kept = log.point();
    this.chain = HashChain.startingAt(kept.hash());
    this.nextIndex = kept.index();
  }

  /**
   * Stages a record.
   *
   * @throws IllegalArgumentException if it is longer than evidence accepts
   */
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
    byte[] bytes = payload.toBytes();
    Hash256 hash = chain.append(type.wire(), bytes);
    staged.add(EvidenceRecord.owning(nextIndex++, type.wire(), bytes, hash));
    stagedBytes += bytes.length;
  }

  /** What a commit makes durable: everything since the last one. */
  List<EvidenceRecord> undurable() {
    if (waiting.isEmpty()) {
      return List.copyOf(staged);
    }
    List<EvidenceRecord> all = new ArrayList<>(waiting);
    all.addAll(staged);
    return List.copyOf(all);
  }

  /** The index behind the last record that is durable. */
  long durableIndex() {
    return durable.isPresent() ? durable.get().index() : 0;
  }

  /** Whether so much waits that it is worth a commit of its own. */
  boolean isFull() {
    return waiting.size() + staged.size() >= MAX_WAITING
        || waitingBytes + stagedBytes >= MAX_WAITING_BYTES;
  }

  /** The head of the chain, what is staged included. */
  ChainPoint head() {
    return new ChainPoint(nextIndex, chain.head());
  }

  /** The staged records happened, and are durable with all before them. */
  void keepDurable() {
    keep();
    waiting.clear();
    waitingBytes = 0;
    durable = Optional.of(kept);
  }

  /**
   * Whether a store whose chain ends at {@code head} lacks nothing but what waits here. Where it
   * ends behind the records of a commit in doubt, these happened.
   */
  boolean resumesAt(Optional<ChainPoint> head) {
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

  /** The staged records happened, and wait for a commit. */
  void keep() {
    waiting.addAll(staged);
    untold.addAll(staged);
    staged.clear();
    waitingBytes += stagedBytes;
    stagedBytes = 0;
    kept = head();
  }

  /** The staged records happened or not: the store will say. */
  void doubt() {
    doubted = List.copyOf(staged);
    doubtedHead = head();
    drop();
  }

  /**
   * Tells the log what was kept, and by it the recorder what of that is durable.
   *
   * @throws EvidenceException.SinkFailed if the recorder refuses and no more may wait for it; what
   *     it was not told stays here
   */
  void tell() {
    log.release(durableIndex());
    for (EvidenceRecord next = untold.peek(); next != null; next = untold.peek()) {
      log.append(next);
      untold.remove();
    }
  }

  /** The same, where the next command says that no more may wait: the failure was told already. */
  void tellWhatItTakes() {
    try {
      tell();
    } catch (EvidenceException.SinkFailed e) {
      if (refusal().isEmpty()) {
        throw e;
      }
    }
  }

  /** The staged records from this point on never happened. */
  void dropBehind(ChainPoint point) {
    while (nextIndex > point.index()) {
      stagedBytes -= staged.remove(staged.size() - 1).payload().length;
      nextIndex--;
    }
    chain = HashChain.startingAt(point.hash());
  }

  /** The staged records never happened. */
  void drop() {
    staged.clear();
    stagedBytes = 0;
    chain = HashChain.startingAt(kept.hash());
    nextIndex = kept.index();
  }

  /** Hands over all that the recorder will take, as the trail ends. */
  void hand(Consumer<Throwable> refused) {
    try {
      tell();
      log.flush();
    } catch (RuntimeException | Error e) {
      refused.accept(e);
    }
  }

  /** What the recorder threw last; empty once it has taken records since. */
  Optional<Throwable> refusal() {
    return log.refusal();
  }

  EvidenceLog log() {
    return log;
  }
}
