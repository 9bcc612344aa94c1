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
 * A queue of small ingests. One submitter at a time leads: it forms, commits and answers a group,
 * then hands the lead on. Submitters return one by one, so a group waits a moment for as many as
 * the last group had and left. A lone submitter never waits. Thread-safe.
 */
final class IngestQueue {
  private final int mostChunks;
  private final long momentNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition gathered = lock.newCondition();
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  private boolean isLed;

  /** The number of submitters that may return. */
  private int expected;

  /** False if the next group must not wait, because the last one waited in vain. */
  private boolean isPatient = true;

  /** Creates a queue; {@code mostChunks} bounds a group of several commands. */
  IngestQueue(int mostChunks, long momentNanos) {
    this.mostChunks = mostChunks;
    this.momentNanos = momentNanos;
  }

  enum Turn {
    LEAD,
    ANSWERED
  }

  /** A queued command; its outcome belongs to the leading thread until it is answered. */
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

    /** Returns the answer, or null if the command must be decided alone. */
    @Nullable Result result() {
      return result;
    }

    boolean isAccepted() {
      return isAccepted;
    }

    /** Sets the decision, valid once it is durable. */
    void decided(Result decision, boolean isWritten) {
      result = decision;
      isAccepted = isWritten;
    }

    /** Discards a decision that was not committed. */
    void undecided(@Nullable StorageException because) {
      result = null;
      isAccepted = false;
      failure = because;
    }

    Turn await() {
      return turn.join();
    }

    /** Throws the {@code StorageException} of an unknown outcome. */
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

  /** Takes the next group; for the leading thread only. */
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
