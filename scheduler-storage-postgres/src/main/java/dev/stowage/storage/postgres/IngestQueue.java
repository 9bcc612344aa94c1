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
 * Small ingests that wait for a group. One submitter at a time leads: it forms a group, commits it,
 * answers it, and hands the lead to who waits longest. Who was just answered mostly comes back at
 * once, but one after the other; so a group is formed once as many wait as the last one answered
 * and left behind, or a moment later. A lone submitter never waits. Thread-safe.
 */
final class IngestQueue {
  private final int mostChunks;
  private final long momentNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition gathered = lock.newCondition();
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  private boolean isLed;

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

  /** What a submitter has waited for. */
  enum Turn {
    LEAD,
    ANSWERED
  }

  /** A command on its way; what became of it belongs to who has it in a group, then to all. */
  static final class Waiting {
    final Command.Ingest command;
    final Tick now;
    private final CompletableFuture<Turn> turn = new CompletableFuture<>();
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

    /** Waits until it is answered, or has to lead. */
    Turn await() {
      return turn.join();
    }

    /**
     * Looks at the answer.
     *
     * @throws StorageException if the outcome is unknown
     */
    void requireKnown() {
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
      if (!isLed) {
        isLed = true;
        fresh.turn.complete(Turn.LEAD);
      } else if (waiting.size() >= expected) {
        gathered.signal();
      }
      return fresh;
    } finally {
      lock.unlock();
    }
  }

  /** Who is first, as many as a group takes; for who leads, and in it. */
  List<Waiting> next() {
    lock.lock();
    try {
      gather();
      List<Waiting> group = new ArrayList<>();
      int chunks = 0;
      while (!waiting.isEmpty()) {
        chunks += waiting.element().command.chunks().size();
        if (chunks > mostChunks && !group.isEmpty()) {
          break;
        }
        group.add(waiting.remove());
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

  /** Answers a group, and hands the lead on. */
  void answer(List<Waiting> group) {
    Waiting next;
    lock.lock();
    try {
      expected = Math.min(mostChunks, group.size() + waiting.size());
      next = waiting.peek();
      isLed = next != null;
    } finally {
      lock.unlock();
    }
    group.forEach(one -> one.turn.complete(Turn.ANSWERED));
    if (next != null) {
      next.turn.complete(Turn.LEAD);
    }
  }
}
