package dev.stowage.store;

import dev.stowage.answer.Question;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The durable state of one fleet, shared by processes where the implementation says so, and what
 * any of them may ask of it. Every method may throw {@link StorageException}. Thread-safe.
 */
public interface ChunkStore extends AutoCloseable {
  /** Returns the lease, expired or not; empty before the first claim and after a resignation. */
  Optional<Lease> lease();

  /** Returns both assignments at one consistent moment, as of the newest commit or cycle. */
  FleetView view();

  /**
   * Returns the answer to a question, by one consistent {@link
   * dev.stowage.lifecycle.answering.Reading reading} of the newest commit and of all commands
   * accepted since. Throws {@link StorageException.Transient} before the fleet has begun.
   */
  <R> R ask(Question<R> question);

  /** Returns answers with their age, for processes that do not lead. */
  AgedReader agedReader();

  /**
   * Runs {@code hint}, on any thread, after a commit with a new assignment, of any process; perhaps
   * late, twice or not at all, which is what a store does that does not override this.
   */
  default AutoCloseable onAssignment(Runnable hint) {
    Objects.requireNonNull(hint, "hint");
    return () -> {};
  }

  /**
   * Returns up to {@code most} (at least 1) pieces of news set aside, with marks above {@code
   * afterMark} (-1 for all), by mark.
   */
  List<QuarantinedNews> quarantine(long afterMark, int most);

  /** Releases what the store holds in this process; leases run on until they expire. */
  @Override
  void close();
}
