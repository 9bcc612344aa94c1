package dev.stowage.evidence;

import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.model.Tick;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The chained record of what an engine was told and what it decided.
 *
 * <p>Records are appended to flat blocks of memory; a full block is hashed into the chain and
 * handed to the sink in one go, on the executor that the builder was given or else on the appending
 * thread. Bounded by a {@link Retention}: what is trimmed leaves an {@link Anchor} behind, on which
 * the rest still verifies.
 *
 * <p>Cost: an append copies the payload; SHA-256 takes one 64-byte step per record of up to 17
 * payload bytes and one more for each further 64; nothing is allocated per record. Memory: 38 bytes
 * and the payload per record kept, and up to one block more.
 *
 * <p>Belongs to one thread at a time, like the engine that writes it; only the executor's work
 * happens beside it.
 */
public final class EvidenceLog implements AutoCloseable {
  /** Greatest payload; larger contents go to a {@link ContentStore} and are named by address. */
  public static final int MAX_PAYLOAD_BYTES = 16 << 20;

  /** Records that are hashed and delivered together unless something else is asked for. */
  public static final int DEFAULT_BATCH_RECORDS = 512;

  private static final int MAX_BATCH_RECORDS = 1 << 16;
  private static final int LEAST_BLOCK_BYTES = 4 << 10;
  private static final int MOST_BLOCK_BYTES = 1 << 20;

  private final EvidenceHeader header;
  private final Retention retention;
  private final SinkPipeline delivery;
  private final int batchRecords;
  private final long startIndex;
  private final boolean chained;
  private final boolean isHeld;
  private final ArrayDeque<RecordBlock> blocks = new ArrayDeque<>();
  private final AgeMarks ages;
  private RecordBlock open;
  private ChainPoint start;
  private long firstIndex;
  private long nextIndex;
  private long keptBytes;
  private long cutBefore;
  private boolean closed;

  private EvidenceLog(Builder builder) {
    this.header = builder.header;
    this.retention = builder.retention;
    this.batchRecords = (int) Math.min(builder.batchRecords, retention.maxRecords());
    this.chained = builder.chained;
    ChainDigest link = chained ? ChainDigest.sha256() : ChainDigest.OFF;
    this.start = chained ? builder.start : new ChainPoint(builder.start.index(), Hash256.ZERO);
    this.delivery = new SinkPipeline(link, builder.sink, builder.policy, builder.executor, start);
    delivery.tell(builder.failures);
    this.startIndex = start.index();
    this.firstIndex = startIndex;
    this.nextIndex = startIndex;
    this.ages = new AgeMarks(retention.maxAgeTicks(), startIndex);
    this.open = new RecordBlock(startIndex, batchRecords, LEAST_BLOCK_BYTES);
    blocks.add(open);
    this.isHeld = builder.isHeld;
    release(startIndex);
    builder.sink.begin(header, start);
    if (builder.policy instanceof SinkPolicy.Spill spill) {
      spill.other().begin(header, start);
    }
  }

  /** A log under {@code header} with every default: bounded, hashed on the spot, no sink. */
  public static EvidenceLog of(EvidenceHeader header) {
    return builder(header).build();
  }

  /** Settings for a log under {@code header}. */
  public static Builder builder(EvidenceHeader header) {
    return new Builder(header);
  }

  /** What the chain begins with. */
  public EvidenceHeader header() {
    return header;
  }

  /**
   * Appends the message that {@code payload} holds; the writer may be reset afterwards.
   *
   * @return the record's index
   * @throws EvidenceException.SinkFailed if the sink refuses and no more may wait for it; the
   *     record is not appended
   */
  public long append(RecordType type, CanonicalWriter payload) {
    return append(type, payload.buffer(), 0, payload.length());
  }

  /** Appends a whole array as payload; see {@link #append(RecordType, byte[], int, int)}. */
  public long append(RecordType type, byte[] payload) {
    return append(type, payload, 0, payload.length);
  }

  /**
   * Appends a span of bytes as payload; they are copied.
   *
   * @return the record's index
   * @throws IllegalArgumentException if the span is longer than {@value #MAX_PAYLOAD_BYTES}
   * @throws EvidenceException.SinkFailed if the sink refuses and no more may wait for it; the
   *     record is not appended
   */
  public long append(RecordType type, byte[] source, int offset, int length) {
    return append(type.wire(), source, offset, length);
  }

  /** Appends a record as it was recorded elsewhere: its type and payload, not its hash. */
  public long append(EvidenceRecord record) {
    return append(record.wire(), record.sharedPayload(), 0, record.payloadLength());
  }

  private long append(int wire, byte[] source, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, source.length);
    if (length > MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          "payload has " + length + " bytes; at most " + MAX_PAYLOAD_BYTES + " are accepted");
    }
    if (closed) {
      throw new IllegalStateException("the log was closed");
    }
    if (!open.fits(length)) {
      roll(length);
    }
    open.add(wire, source, offset, length);
    keptBytes += Retention.RECORD_OVERHEAD_BYTES + length;
    long index = nextIndex++;
    if (isOver()) {
      trim();
    }
    return index;
  }

  private void roll(int payloadLength) {
    if (open.count() > 0) {
      delivery.requireRoom(nextIndex);
      delivery.submit(open);
    } else {
      blocks.removeLast();
    }
    open = new RecordBlock(nextIndex, batchRecords, capacityAfter(open, payloadLength));
    blocks.addLast(open);
  }

  /**
   * As much as the last block used and a little more, so that blocks are full when they are left.
   */
  private int capacityAfter(RecordBlock last, int payloadLength) {
    int fitting = last.usedBytes() + last.usedBytes() / 8;
    int grown = last.count() < batchRecords ? 2 * fitting : fitting;
    int usual = Math.min(MOST_BLOCK_BYTES, Math.max(LEAST_BLOCK_BYTES, grown));
    return Math.max(usual, RecordBlock.spaceFor(payloadLength));
  }

  /**
   * Says what time it is, in the caller's ticks; only the age bound of the retention looks at it.
   *
   * @throws IllegalArgumentException if {@code now} lies before an earlier one
   */
  public void advanceTo(Tick now) {
    ages.advance(now.value(), nextIndex);
    if (isOver()) {
      trim();
    }
  }

  /**
   * Cuts the log before {@code index}, typically where a snapshot was chained in: earlier records
   * are trimmed, except those that the sink still waits for.
   *
   * @return what is in memory now
   * @throws IllegalArgumentException if {@code index} lies behind the next record
   */
  public Anchor trimBefore(long index) {
    if (index > nextIndex) {
      throw new IllegalArgumentException("index is " + index + "; the next is " + nextIndex);
    }
    cutBefore = Math.max(cutBefore, index);
    return anchor();
  }

  /**
   * The sink may have every record before {@code index}, which may lie behind the next one; full
   * blocks that waited for that are offered at once. Does nothing unless the log is {@link
   * Builder#held}.
   */
  public void release(long index) {
    if (isHeld) {
      delivery.release(index);
    }
  }

  /** Index of the next record; records appended so far, trimmed ones included. */
  public long nextIndex() {
    return nextIndex;
  }

  /** Hashes what is pending and returns the chain's head; does not wait for the sink. */
  public Hash256 head() {
    return delivery.hashAll(open);
  }

  /** Hashes what is pending and returns the head with its index. */
  public ChainPoint point() {
    return new ChainPoint(nextIndex, head());
  }

  /**
   * Hashes and delivers what is pending, and makes the sink flush.
   *
   * @throws EvidenceException.SinkFailed if the sink refuses; nothing is lost
   */
  public void flush() {
    delivery.flush(open);
    trim();
  }

  /** What is in memory: the points before its first record and behind its last. */
  public Anchor anchor() {
    settle();
    ChainPoint from = start;
    for (RecordBlock block : blocks) {
      if (firstIndex >= block.firstIndex() && firstIndex < block.endIndex()) {
        from =
            new ChainPoint(firstIndex, block.hashBefore((int) (firstIndex - block.firstIndex())));
        return new Anchor(from, point());
      }
    }
    return new Anchor(point(), point());
  }

  /** The records in memory, oldest first, as they are now; later appends do not show. */
  public Iterable<EvidenceRecord> records() {
    settle();
    return recordsFrom(firstIndex);
  }

  /**
   * The records in memory from {@code index} on, as they are now; later appends do not show.
   *
   * @throws NoSuchElementException if that record was trimmed
   * @throws IllegalArgumentException if it lies behind the next one
   */
  public Iterable<EvidenceRecord> recordsFrom(long index) {
    settle();
    if (index > nextIndex) {
      throw new IllegalArgumentException("index is " + index + "; the next is " + nextIndex);
    }
    if (index < firstIndex) {
      throw new NoSuchElementException("record " + index + " was trimmed; first " + firstIndex);
    }
    List<RecordBlock> seen = new ArrayList<>(blocks);
    long to = nextIndex;
    return () -> new RecordIterator(seen, index, to);
  }

  /**
   * One record in memory.
   *
   * @throws NoSuchElementException if the record was trimmed or is not there yet
   */
  public EvidenceRecord record(long index) {
    settle();
    if (index >= firstIndex && index < nextIndex) {
      for (RecordBlock block : blocks) {
        if (index < block.endIndex()) {
          return block.record((int) (index - block.firstIndex()));
        }
      }
    }
    throw new NoSuchElementException(
        "record " + index + " is not in memory; " + firstIndex + " to " + (nextIndex - 1) + " are");
  }

  /** Recomputes the chain over what is in memory. */
  public Verification verify() {
    Anchor anchor = anchor();
    return chained
        ? Verifier.verify(anchor, records())
        : new Verification.Unchained(anchor.count());
  }

  /** Every record in memory that touches {@code subject}, in order, in words. */
  public List<Explained> explain(Subject subject, RecordCatalog catalog) {
    return catalog.explain(subject, records());
  }

  /** Counts of what this log has done and holds. */
  public EvidenceStats stats() {
    long kept = nextIndex - firstIndex;
    return delivery.stats(
        nextIndex - startIndex, kept, keptBytes, firstIndex - startIndex, nextIndex);
  }

  /**
   * What the sink threw last, whatever the policy made of it; empty once the sink has taken records
   * since.
   */
  public Optional<Throwable> refusal() {
    return delivery.refusal();
  }

  /**
   * Flushes, then closes the sink in any case. What is in memory can still be read; appending is
   * refused with {@link IllegalStateException}. More than one call does nothing more.
   *
   * @throws EvidenceException.SinkFailed if the sink refused what was pending
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      flush();
    } finally {
      delivery.close();
    }
  }

  private void settle() {
    delivery.settle(open);
    trim();
  }

  private boolean isOver() {
    return nextIndex - firstIndex > retention.maxRecords()
        || keptBytes > retention.maxBytes()
        || firstIndex < ages.expiredBefore()
        || firstIndex < cutBefore;
  }

  /** Drops the oldest records until every bound holds, but none that the sink still waits for. */
  private void trim() {
    long done = delivery.doneIndex();
    while (firstIndex < done && isOver()) {
      RecordBlock oldest = blocks.getFirst();
      keptBytes -= Retention.RECORD_OVERHEAD_BYTES;
      keptBytes -= oldest.payloadLength((int) (firstIndex - oldest.firstIndex()));
      firstIndex++;
      if (firstIndex == oldest.endIndex() && oldest != open) {
        blocks.removeFirst();
      }
    }
  }

  private static final class RecordIterator implements Iterator<EvidenceRecord> {
    private final List<RecordBlock> blocks;
    private final long to;
    private int at;
    private long index;

    RecordIterator(List<RecordBlock> blocks, long from, long to) {
      this.blocks = blocks;
      this.index = from;
      this.to = to;
    }

    @Override
    public boolean hasNext() {
      return index < to;
    }

    @Override
    public EvidenceRecord next() {
      if (index >= to) {
        throw new NoSuchElementException("no record " + index);
      }
      while (index >= blocks.get(at).endIndex()) {
        at++;
      }
      RecordBlock block = blocks.get(at);
      return block.record((int) (index++ - block.firstIndex()));
    }
  }

  /** Settings of a log; every one has a default but the header. Not thread-safe. */
  public static final class Builder {
    private final EvidenceHeader header;
    private Retention retention = Retention.DEFAULT;
    private EvidenceSink sink = EvidenceSink.NONE;
    private SinkPolicy policy = SinkPolicy.block();
    private Executor executor = Runnable::run;
    private int batchRecords = DEFAULT_BATCH_RECORDS;
    private boolean chained = true;
    private boolean isHeld;
    private Consumer<Throwable> failures = failure -> {};
    private ChainPoint start;

    private Builder(EvidenceHeader header) {
      this.header = Objects.requireNonNull(header, "header");
      this.start = ChainPoint.originOf(header);
    }

    /** How much stays in memory; {@link Retention#DEFAULT} unless set. */
    public Builder retention(Retention bound) {
      this.retention = Objects.requireNonNull(bound, "retention");
      return this;
    }

    /** Where records go beside memory; nowhere unless set. The log closes it. */
    public Builder sink(EvidenceSink taker, SinkPolicy onFailure) {
      this.sink = Objects.requireNonNull(taker, "sink");
      this.policy = Objects.requireNonNull(onFailure, "policy");
      return this;
    }

    /**
     * Who hears of everything that the sink throws, as it is thrown and on that thread, whatever
     * the policy makes of it; nobody unless set. It must not throw and not use the log.
     */
    public Builder failures(Consumer<Throwable> hears) {
      this.failures = Objects.requireNonNull(hears, "failures");
      return this;
    }

    /**
     * The sink gets a record only after {@link EvidenceLog#release} has named a later index: for a
     * log whose last records may yet turn out not to have happened. They stay in memory until then,
     * whatever the retention.
     */
    public Builder held() {
      this.isHeld = true;
      return this;
    }

    /**
     * Who hashes and delivers full batches; the appending thread unless set. Order does not depend
     * on it: any executor, even one that never runs, leads to the same chain.
     */
    public Builder hashing(Executor worker) {
      this.executor = Objects.requireNonNull(worker, "executor");
      return this;
    }

    /** Records hashed and delivered together, 1 to 65,536. */
    public Builder batchRecords(int records) {
      if (records < 1 || records > MAX_BATCH_RECORDS) {
        throw new IllegalArgumentException(
            "batchRecords is " + records + "; 1 to " + MAX_BATCH_RECORDS + " is accepted");
      }
      this.batchRecords = records;
      return this;
    }

    /** Appends behind a chain that is already there instead of behind the header. */
    public Builder continuing(ChainPoint head) {
      this.start = Objects.requireNonNull(head, "head");
      return this;
    }

    /** No chain: every hash is zero and nothing can be verified. For measurements. */
    public Builder unchained() {
      this.chained = false;
      return this;
    }

    /**
     * The log.
     *
     * @throws IllegalArgumentException if nothing is to be trimmed but no sink holds everything
     */
    public EvidenceLog build() {
      if (retention.isUnlimited() && !sink.holdsEverything()) {
        throw new IllegalArgumentException(
            "retention without a bound on records or bytes needs a sink that holds everything");
      }
      return new EvidenceLog(this);
    }
  }

  /**
   * What a log has done so far; all counts are of this log since it was built.
   *
   * @param appendedRecords records appended
   * @param keptRecords records in memory now
   * @param keptBytes bytes in memory now, as {@link Retention} counts them
   * @param trimmedRecords records trimmed from memory
   * @param waitingRecords records that the sink has not taken yet
   * @param deliveredRecords records that the sink took
   * @param spilledRecords records that went to the other sink of {@link SinkPolicy.Spill}
   * @param droppedRecords records that {@link SinkPolicy.CountDrops} gave up
   * @param sinkFailures times the sink threw, flushes included
   */
  public record EvidenceStats(
      long appendedRecords,
      long keptRecords,
      long keptBytes,
      long trimmedRecords,
      long waitingRecords,
      long deliveredRecords,
      long spilledRecords,
      long droppedRecords,
      long sinkFailures) {}

  /**
   * A record in words.
   *
   * @param record the record
   * @param type its type; one called {@code UNKNOWN_} and its number if nobody named it
   * @param text what it says
   * @param subjects what it touches
   */
  public record Explained(
      EvidenceRecord record, RecordType type, String text, List<Subject> subjects) {
    /** Copies the subjects. */
    public Explained {
      Objects.requireNonNull(record, "record");
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(text, "text");
      subjects = List.copyOf(subjects);
    }

    /** One line: index, stream, type, text. */
    @Override
    public String toString() {
      return "#" + record.index() + " " + type.stream() + " " + type.name() + ": " + text;
    }
  }
}
