package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.Tick;
import dev.stowage.store.StorageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Small ingests that wait for a group. Who was just answered mostly comes back at once, but one
 * after the other; so a group is formed once as many wait as the last one answered and left behind,
 * or a moment later. A lone submitter never waits. Thread-safe.
 */
final class IngestQueue {
  private final int mostChunks;
  private final long momentNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition gathered = lock.newCondition();
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  /** How many may come back. */
  private int expected;

  /** Nobody waits twice in a row for who does not come. */
  private boolean isPatient = true;

  /**
   * A queue.
   *
   * @param mostChunks of a group, but for a command that has more alone
   * @param momentNanos how long it is waited for who may come back
   */
  IngestQueue(int mostChunks, long momentNanos) {
    this.mostChunks = mostChunks;
    this.momentNanos = momentNanos;
  }

  /** A command on its way; what became of it belongs to who has it in a group, then to all. */
  static final class Waiting {
    final Command.Ingest command;
    final Tick now;
    private final CompletableFuture<Waiting> over = new CompletableFuture<>();
    private boolean isInGroup;
    private boolean isAccepted;
    private @Nullable Result result;
    private @Nullable StorageException failure;

    private Waiting(Command.Ingest command, Tick now) {
      this.command = command;
      this.now = now;
    }

    /** The answer; null if it must be decided alone. */
    @Nullable Result result() {
      return result;
    }

    /** Whether something was written. */
    boolean isAccepted() {
      return isAccepted;
    }

    /** Notes what was decided; true only once it is durable. */
    void decided(Result decision, boolean isWritten) {
      result = decision;
      isAccepted = isWritten;
    }

    /** Forgets what was decided: it was not committed. */
    void undecided(@Nullable StorageException because) {
      result = null;
      isAccepted = false;
      failure = because;
    }

    /**
     * Waits until its group is over.
     *
     * @throws StorageException if the outcome is unknown
     */
    void join() {
      over.join();
      StorageException known = failure;
      if (known != null) {
        throw known;
      }
    }
  }

  Waiting add(Command.Ingest command, Tick now) {
    Waiting fresh = new Waiting(command, now);
    lock.lock();
    try {
      waiting.add(fresh);
      if (waiting.size() >= expected) {
        gathered.signal();
      }
      return fresh;
    } finally {
      lock.unlock();
    }
  }

  /** Who is first, as many as a group takes; nobody, if this one is in a group already. */
  List<Waiting> next(Waiting mine) {
    lock.lock();
    try {
      List<Waiting> group = new ArrayList<>();
      if (mine.isInGroup) {
        return group;
      }
      gather();
      int chunks = 0;
      while (!waiting.isEmpty()) {
        chunks += waiting.element().command.chunks().size();
        if (chunks > mostChunks && !group.isEmpty()) {
          break;
        }
        Waiting first = waiting.remove();
        first.isInGroup = true;
        group.add(first);
      }
      return group;
    } finally {
      lock.unlock();
    }
  }

  private void gather() {
    long left = isPatient ? momentNanos : 0;
    boolean isInterrupted = false;
    while (left > 0 && waiting.size() < expected) {
      try {
        left = gathered.awaitNanos(left);
      } catch (InterruptedException e) {
        isInterrupted = true;
        left = 0;
      }
    }
    isPatient = !isPatient || waiting.size() >= expected;
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Answers a group. */
  void answer(List<Waiting> group) {
    lock.lock();
    try {
      expected = Math.min(mostChunks, group.size() + waiting.size());
    } finally {
      lock.unlock();
    }
    group.forEach(one -> one.over.complete(one));
  }
}
