package dev.stowage.evidence;

import dev.stowage.evidence.EvidenceRecord.RecordType;
import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.evidence.RecordBatch.RecordBlock;
import dev.stowage.evidence.Verifier.Anchor;
import dev.stowage.evidence.Verifier.Verification;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.evidence.canonical.ChainDigest;
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
 * A chained record of an engine's inputs and decisions. Full blocks are hashed and handed to the
 * sink, on the builder's executor or the appending thread. A {@link Retention} bounds memory.
 *
 * <p>An append copies the payload; SHA-256 takes one 64-byte step for up to 17 payload bytes and
 * one per further 64. A kept record takes 38 bytes and its payload. Belongs to one thread at a
 * time. If the sink refuses and no more may wait, {@link EvidenceException.SinkFailed} is thrown
 * and nothing is appended or lost.
 */
public final class EvidenceLog implements AutoCloseable {
  /** The greatest payload, in bytes; a {@link ContentStore} takes larger contents. */
  public static final int MAX_PAYLOAD_BYTES = 16 << 20;

  /** The default number of records hashed and delivered together. */
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
  private boolean closed;

  private EvidenceLog(Builder builder) {
    this.header = builder.header;
    this.retention = builder.retention;
    this.batchRecords = (int) Math.min(builder.batchRecords, retention.maxRecords());
    this.chained = builder.chained;
    ChainDigest link = chained ? ChainDigest.sha256() : ChainDigest.OFF;
    this.start = chained ? builder.start : new ChainPoint(builder.start.index(), Hash256.ZERO);
    this.delivery =
        new SinkPipeline(
            link, builder.sink, builder.policy, builder.failures, builder.executor, start);
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

  /** Creates a log with the defaults: bounded, hashed on the spot, without sink. */
  public static EvidenceLog of(EvidenceHeader header) {
    return builder(header).build();
  }

  /** Returns a builder for a log under {@code header}. */
  public static Builder builder(EvidenceHeader header) {
    return new Builder(header);
  }

  /** Returns the header of the chain. */
  public EvidenceHeader header() {
    return header;
  }

  /** Appends the message in a writer, which may be reset afterwards; returns the record's index. */
  @SuppressWarnings("exports") // for our own records
  public long append(RecordType type, CanonicalWriter payload) {
    return append(type, payload.buffer(), 0, payload.length());
  }

  /** Appends an array as payload; see {@link #append(RecordType, byte[], int, int)}. */
  public long append(RecordType type, byte[] payload) {
    return append(type, payload, 0, payload.length);
  }

  /** Appends a span of at most {@value #MAX_PAYLOAD_BYTES} bytes, copied; returns the index. */
  public long append(RecordType type, byte[] source, int offset, int length) {
    return append(type.wire(), source, offset, length);
  }

  /** Appends type and payload of a record from elsewhere, not its hash. */
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

  /** Leaves a little more than the last block used, so that blocks are full when they are left. */
  private int capacityAfter(RecordBlock last, int payloadLength) {
    int fitting = last.usedBytes() + last.usedBytes() / 8;
    int grown = last.count() < batchRecords ? 2 * fitting : fitting;
    int usual = Math.min(MOST_BLOCK_BYTES, Math.max(LEAST_BLOCK_BYTES, grown));
    return Math.max(usual, RecordBlock.spaceFor(payloadLength));
  }

  /** Sets the caller's tick; throws {@code IllegalArgumentException} if it is before the last. */
  public void advanceTo(Tick now) {
    ages.advance(now.value(), nextIndex);
    if (isOver()) {
      trim();
    }
  }

  /**
   * Lets the sink of a {@link Builder#held} log have the records before {@code index}, which may
   * lie ahead, and offers full blocks. Does nothing for other logs.
   */
  public void release(long index) {
    if (isHeld) {
      delivery.release(index);
    }
  }

  /** Returns the index of the next record, which counts trimmed ones too. */
  public long nextIndex() {
    return nextIndex;
  }

  /** Hashes pending records and returns the chain's head, without waiting for the sink. */
  public Hash256 head() {
    return delivery.hashAll(open);
  }

  /** Hashes pending records and returns the head with its index. */
  public ChainPoint point() {
    return new ChainPoint(nextIndex, head());
  }

  /** Hashes and delivers pending records and makes the sink flush. */
  public void flush() {
    delivery.flush(open);
    trim();
  }

  /** Returns the stretch of the chain in memory. */
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

  /** Returns the records in memory now, oldest first; later appends do not show. */
  public Iterable<EvidenceRecord> records() {
    settle();
    return recordsFrom(firstIndex);
  }

  /**
   * Returns the present records from {@code index} on. Throws {@link NoSuchElementException} for a
   * trimmed record, {@code IllegalArgumentException} beyond the next.
   */
  public Iterable<EvidenceRecord> recordsFrom(long index) {
    settle();
    if (index > nextIndex) {
      throw new IllegalArgumentException(
          "index is " + index + "; at most " + nextIndex + " is accepted");
    }
    if (index < firstIndex) {
      throw new NoSuchElementException(
          "record " + index + " was trimmed; the first kept is " + firstIndex);
    }
    List<RecordBlock> seen = new ArrayList<>(blocks);
    long to = nextIndex;
    return () -> new RecordIterator(seen, index, to);
  }

  /** Recomputes the chain in memory. */
  public Verification verify() {
    Anchor anchor = anchor();
    return chained
        ? Verifier.verify(anchor, records())
        : new Verification.Unchained(anchor.count());
  }

  /** Returns the counts of this log. */
  public EvidenceStats stats() {
    long kept = nextIndex - firstIndex;
    return delivery.stats(
        nextIndex - startIndex, kept, keptBytes, firstIndex - startIndex, nextIndex);
  }

  /** Returns the last failure of the sink; empty once the sink has taken records since. */
  public Optional<Throwable> refusal() {
    return delivery.refusal();
  }

  /** Flushes, and closes the sink even if that fails; further calls do nothing. */
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
        || firstIndex < ages.expiredBefore();
  }

  /** Drops no record that the sink still waits for. */
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
        throw new NoSuchElementException("record " + index + " is beyond the last");
      }
      while (index >= blocks.get(at).endIndex()) {
        at++;
      }
      RecordBlock block = blocks.get(at);
      return block.record((int) (index++ - block.firstIndex()));
    }
  }

  /** Collects settings of a log. Not thread-safe. */
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

    /** Sets the bounds of memory; {@link Retention#DEFAULT} by default. */
    public Builder retention(Retention bound) {
      this.retention = Objects.requireNonNull(bound, "retention");
      return this;
    }

    /** Sets the sink, which the log closes; none by default. */
    public Builder sink(EvidenceSink taker, SinkPolicy onFailure) {
      this.sink = Objects.requireNonNull(taker, "sink");
      this.policy = Objects.requireNonNull(onFailure, "policy");
      return this;
    }

    /** Sets who hears sink failures, on their thread; must not throw or use the log. */
    public Builder failures(Consumer<Throwable> hears) {
      this.failures = Objects.requireNonNull(hears, "failures");
      return this;
    }

    /**
     * Withholds records from the sink, in memory despite the retention, until {@link
     * EvidenceLog#release} names a later index: for a log that may yet lose its last records.
     */
    public Builder held() {
      this.isHeld = true;
      return this;
    }

    /** Sets the executor that hashes and delivers; the chain does not depend on it. */
    public Builder hashing(Executor worker) {
      this.executor = Objects.requireNonNull(worker, "executor");
      return this;
    }

    /** Sets the records hashed and delivered together, 1 to 65,536. */
    public Builder batchRecords(int records) {
      if (records < 1 || records > MAX_BATCH_RECORDS) {
        throw new IllegalArgumentException(
            "batchRecords is " + records + "; 1 to " + MAX_BATCH_RECORDS + " is accepted");
      }
      this.batchRecords = records;
      return this;
    }

    /** Continues an existing chain instead of starting behind the header. */
    public Builder continuing(ChainPoint head) {
      this.start = Objects.requireNonNull(head, "head");
      return this;
    }

    /** Sets every hash to zero, so that nothing can be verified. For measurements. */
    public Builder unchained() {
      this.chained = false;
      return this;
    }

    /** Creates the log; an unlimited one without a sink that holds all is refused. */
    public EvidenceLog build() {
      if (retention.isUnlimited() && !sink.holdsEverything()) {
        throw new IllegalArgumentException(
            "retention without a bound on records or bytes needs a sink that holds everything");
      }
      return new EvidenceLog(this);
    }
  }

  /**
   * Counts of a log since it was built: bytes as {@link Retention} counts them, spills and drops by
   * {@link SinkPolicy}, failures with those of flushes.
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

  /** A record in words; an unknown type is named {@code UNKNOWN_} and its number. */
  public record Explained(
      EvidenceRecord record, RecordType type, String text, List<Subject> subjects) {
    /** Copies the subjects. */
    public Explained {
      Objects.requireNonNull(record, "record");
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(text, "text");
      subjects = List.copyOf(subjects);
    }

    @Override
    public String toString() {
      return "#" + record.index() + " " + type.stream() + " " + type.name() + ": " + text;
    }
  }
}
