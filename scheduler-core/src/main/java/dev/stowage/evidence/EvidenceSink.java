package dev.stowage.evidence;

/**
 * Where evidence goes beside the memory of its log. Batches arrive in chain order, hashed, from one
 * thread at a time (the log's owner or the executor that was given to it).
 *
 * <p>A sink that cannot take a batch throws; what happens then is the log's {@link SinkPolicy}. A
 * batch that failed is offered again, perhaps with more records before or behind: a sink must skip
 * records that it already took. A batch that begins later than expected means that the records
 * between went elsewhere; a sink must keep the gap visible.
 */
@FunctionalInterface
public interface EvidenceSink extends AutoCloseable {
  /** The inert sink: takes everything and keeps nothing. */
  EvidenceSink NONE = batch -> {};

  /**
   * Called once, before the first batch.
   *
   * @param header what the chain begins with
   * @param start the point of the chain at which this log starts to append
   * @throws EvidenceException if the sink holds evidence that this would not continue
   */
  default void begin(EvidenceHeader header, ChainPoint start) {}

  /**
   * Takes a batch, wholly or by throwing.
   *
   * @throws RuntimeException if it cannot take all of it now
   */
  void accept(RecordBatch batch);

  /**
   * Makes what was taken as durable as the sink can.
   *
   * @throws RuntimeException if it cannot
   */
  default void flush() {}

  /** Whether the sink keeps all it takes until told otherwise, whatever the amount. */
  default boolean holdsEverything() {
    return false;
  }

  /** Gives back what the sink holds open; more than one call does nothing more. */
  @Override
  default void close() {}
}
