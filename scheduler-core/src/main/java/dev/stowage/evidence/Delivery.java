package dev.stowage.evidence;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Hashes full blocks and hands them to the sink, in order, off the appending thread's path when an
 * executor was given. Whoever holds the lock does the next piece of work, so the owner never waits
 * for an executor that does not run: it does the work itself.
 */
final class Delivery {
  private final Link link;
  private final EvidenceSink sink;
  private final SinkPolicy policy;
  private final Executor executor;
  private final Queue<RecordBlock> sealed = new ConcurrentLinkedQueue<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final byte[] head;
  private volatile long doneIndex;
  private long deliveredRecords;
  private long spilledRecords;
  private long droppedRecords;
  private long sinkFailures;
  private @Nullable RuntimeException lastFailure;

  Delivery(Link link, EvidenceSink sink, SinkPolicy policy, Executor executor, ChainPoint start) {
    this.link = link;
    this.sink = sink;
    this.policy = policy;
    this.executor = executor;
    this.head = start.hash().toBytes();
    this.doneIndex = start.index();
  }

  /** Records below this index are hashed and the sink's business with them is over. */
  long doneIndex() {
    return doneIndex;
  }

  /** Takes a block to which nothing will be added. */
  void submit(RecordBlock block) {
    sealed.add(block);
    try {
      executor.execute(this::drain);
    } catch (RejectedExecutionException e) {
      drain();
    }
  }

  /** Whether a block that ends at this index may be submitted; tries to make room for it. */
  void requireRoom(long endIndex) {
    if (endIndex - doneIndex <= backlogRecords()) {
      return;
    }
    drain();
    RuntimeException failure = lastFailure;
    if (failure != null && endIndex - doneIndex > backlogRecords() && !sealed.isEmpty()) {
      throw new EvidenceException.SinkFailed(endIndex - doneIndex, failure);
    }
  }

  /** Hashes everything up to the end of the open block. */
  void hashAll(RecordBlock open) {
    lock.lock();
    try {
      hashSealed();
      open.hash(link, head);
    } finally {
      lock.unlock();
    }
  }

  /** Hashes everything and offers it to the sink; returns whether the sink is done with it. */
  boolean settle(RecordBlock open) {
    lock.lock();
    try {
      drain();
      open.hash(link, head);
      return sealed.isEmpty() && deliver(open);
    } finally {
      lock.unlock();
    }
  }

  /** Settles, and makes the sink flush; throws if it refuses either. */
  void flush(RecordBlock open) {
    lock.lock();
    try {
      boolean done = settle(open);
      RuntimeException failure = lastFailure;
      if (!done && failure != null) {
        throw new EvidenceException.SinkFailed(open.endIndex() - doneIndex, failure);
      }
      flushSinks();
    } finally {
      lock.unlock();
    }
  }

  /** The head after everything that was hashed. */
  Hash256 head() {
    lock.lock();
    try {
      return Hash256.fromBytes(head, 0);
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      sink.close();
      if (policy instanceof SinkPolicy.Spill spill) {
        spill.other().close();
      }
    } finally {
      lock.unlock();
    }
  }

  EvidenceStats stats(long appended, long kept, long keptBytes, long trimmed, long nextIndex) {
    lock.lock();
    try {
      return new EvidenceStats(
          appended,
          kept,
          keptBytes,
          trimmed,
          nextIndex - doneIndex,
          deliveredRecords,
          spilledRecords,
          droppedRecords,
          sinkFailures);
    } finally {
      lock.unlock();
    }
  }

  private void drain() {
    lock.lock();
    try {
      hashSealed();
      RecordBlock block = sealed.peek();
      while (block != null) {
        // a block may have been sealed since all were hashed
        block.hash(link, head);
        if (!deliver(block)) {
          return;
        }
        sealed.poll();
        block = sealed.peek();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Hashing goes on while the sink is stuck, so that the head can always be had. */
  private void hashSealed() {
    for (RecordBlock block : sealed) {
      block.hash(link, head);
    }
  }

  private boolean deliver(RecordBlock block) {
    if (block.delivered == block.hashed) {
      return true;
    }
    RecordBatch batch = new RecordBatch(block, block.delivered, block.hashed);
    if (!offer(batch)) {
      return false;
    }
    block.delivered = block.hashed;
    doneIndex = batch.endIndex();
    return true;
  }

  private boolean offer(RecordBatch batch) {
    try {
      sink.accept(batch);
      deliveredRecords += batch.count();
      lastFailure = null;
      return true;
    } catch (RuntimeException e) {
      // the policy answers a failing sink; the cause stays with the log until the sink works again
      failed(e);
    }
    if (policy instanceof SinkPolicy.CountDrops) {
      droppedRecords += batch.count();
      return true;
    }
    return policy instanceof SinkPolicy.Spill spill && spilled(spill, batch);
  }

  private boolean spilled(SinkPolicy.Spill spill, RecordBatch batch) {
    try {
      spill.other().accept(batch);
      spilledRecords += batch.count();
      return true;
    } catch (RuntimeException e) {
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
    } catch (RuntimeException e) {
      failed(e);
      if (!(policy instanceof SinkPolicy.CountDrops)) {
        throw new EvidenceException.SinkFailed(0, e);
      }
    }
  }

  private void failed(RuntimeException failure) {
    sinkFailures++;
    lastFailure = failure;
  }

  private long backlogRecords() {
    return policy instanceof SinkPolicy.Block block
        ? block.backlogRecords()
        : SinkPolicy.DEFAULT_BACKLOG_RECORDS;
  }
}
