package dev.stowage.evidence;

import dev.stowage.evidence.EvidenceLog.EvidenceStats;
import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.evidence.RecordBatch.RecordBlock;
import dev.stowage.evidence.canonical.ChainDigest;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hashes full blocks, then hands them to the sink. A lock's holder does the next work, so that the
 * owner never waits for an idle executor. The hashing lock nests inside the delivering one, so that
 * a slow sink does not hold up the head. A block leaves the queue once delivered.
 */
final class SinkPipeline {
  private final ChainDigest link;
  private final EvidenceSink sink;
  private final SinkPolicy policy;
  private final Executor executor;
  private final Consumer<Throwable> failures;
  private final Queue<RecordBlock> sealed = new ConcurrentLinkedQueue<>();
  private final ReentrantLock hashing = new ReentrantLock();
  private final ReentrantLock delivering = new ReentrantLock();
  private final AtomicLong deliveredRecords = new AtomicLong();
  private final AtomicLong spilledRecords = new AtomicLong();
  private final AtomicLong droppedRecords = new AtomicLong();
  private final AtomicLong sinkFailures = new AtomicLong();
  private final byte[] head;
  private volatile long doneIndex;
  private volatile long releasedIndex = Long.MAX_VALUE;
  private volatile @Nullable Throwable lastFailure;

  SinkPipeline(
      ChainDigest link,
      EvidenceSink sink,
      SinkPolicy policy,
      Consumer<Throwable> failures,
      Executor executor,
      ChainPoint start) {
    this.link = link;
    this.sink = sink;
    this.policy = policy;
    this.failures = failures;
    this.executor = executor;
    this.head = start.hash().toBytes();
    this.doneIndex = start.index();
  }

  /** Records below this index are hashed and the sink is done with them. */
  long doneIndex() {
    return doneIndex;
  }

  void release(long index) {
    releasedIndex = index;
    if (!sealed.isEmpty()) {
      drain();
    }
  }

  void submit(RecordBlock block) {
    sealed.add(block);
    try {
      executor.execute(this::drain);
    } catch (RuntimeException | Error e) {
      drain();
    }
  }

  void requireRoom(long endIndex) {
    if (endIndex - doneIndex <= backlogRecords()) {
      return;
    }
    drain();
    Throwable failure = lastFailure;
    if (failure != null && endIndex - doneIndex > backlogRecords() && !sealed.isEmpty()) {
      throw new EvidenceException.SinkFailed(endIndex - doneIndex, failure);
    }
  }

  Hash256 hashAll(RecordBlock open) {
    hashing.lock();
    try {
      hashSealed();
      open.hash(link, head);
      return Hash256.fromBytes(head, 0);
    } finally {
      hashing.unlock();
    }
  }

  boolean settle(RecordBlock open) {
    delivering.lock();
    try {
      drain();
      hashAll(open);
      return sealed.isEmpty() && deliver(open);
    } finally {
      delivering.unlock();
    }
  }

  void flush(RecordBlock open) {
    delivering.lock();
    try {
      boolean done = settle(open);
      Throwable failure = lastFailure;
      if (!done && failure != null) {
        throw new EvidenceException.SinkFailed(open.endIndex() - doneIndex, failure);
      }
      flushSinks();
    } finally {
      delivering.unlock();
    }
  }

  void close() {
    delivering.lock();
    try {
      sink.close();
      if (policy instanceof SinkPolicy.Spill spill) {
        spill.other().close();
      }
    } finally {
      delivering.unlock();
    }
  }

  EvidenceStats stats(long appended, long kept, long keptBytes, long trimmed, long nextIndex) {
    return new EvidenceStats(
        appended,
        kept,
        keptBytes,
        trimmed,
        nextIndex - doneIndex,
        deliveredRecords.get(),
        spilledRecords.get(),
        droppedRecords.get(),
        sinkFailures.get());
  }

  private void drain() {
    delivering.lock();
    try {
      RecordBlock block = sealed.peek();
      while (block != null) {
        hashSealed();
        if (!deliver(block)) {
          return;
        }
        sealed.poll();
        block = sealed.peek();
      }
    } finally {
      delivering.unlock();
    }
  }

  /** Hashes behind a stuck sink too, so that the head is always available. */
  private void hashSealed() {
    hashing.lock();
    try {
      for (RecordBlock block : sealed) {
        block.hash(link, head);
      }
    } finally {
      hashing.unlock();
    }
  }

  private boolean deliver(RecordBlock block) {
    int to = (int) Math.min(block.hashed, releasedIndex - block.firstIndex());
    if (block.delivered < to) {
      RecordBatch batch = new RecordBatch(block, block.delivered, to);
      if (!offer(batch)) {
        return false;
      }
      block.delivered = to;
      doneIndex = batch.endIndex();
    }
    return block.delivered == block.hashed;
  }

  private boolean offer(RecordBatch batch) {
    try {
      sink.accept(batch);
      deliveredRecords.addAndGet(batch.count());
      lastFailure = null;
      return true;
    } catch (RuntimeException | Error e) {
      // the policy answers a failing sink; the log keeps the cause until the sink works again
      failed(e);
    }
    if (policy instanceof SinkPolicy.CountDrops) {
      droppedRecords.addAndGet(batch.count());
      return true;
    }
    return policy instanceof SinkPolicy.Spill spill && spilled(spill, batch);
  }

  private boolean spilled(SinkPolicy.Spill spill, RecordBatch batch) {
    try {
      spill.other().accept(batch);
      spilledRecords.addAndGet(batch.count());
      return true;
    } catch (RuntimeException | Error e) {
      failed(e);
      return false;
    }
  }

  private void flushSinks() {
    try {
      sink.flush();
      if (policy instanceof SinkPolicy.Spill spill) {
        spill.other().flush();
      }
    } catch (RuntimeException | Error e) {
      failed(e);
      if (!(policy instanceof SinkPolicy.CountDrops)) {
        throw new EvidenceException.SinkFailed(0, e);
      }
    }
  }

  private void failed(Throwable failure) {
    sinkFailures.incrementAndGet();
    lastFailure = failure;
    failures.accept(failure);
  }

  Optional<Throwable> refusal() {
    return Optional.ofNullable(lastFailure);
  }

  private long backlogRecords() {
    return policy instanceof SinkPolicy.Block block
        ? block.backlogRecords()
        : SinkPolicy.DEFAULT_BACKLOG_RECORDS;
  }
}
