package dev.stowage.evidence;

import dev.stowage.evidence.Verifier.Anchor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Consecutive records as an immutable view of the log's bytes; to keep one keeps its memory.
 * Positions are 0 to {@link #count()} - 1; others throw {@link IndexOutOfBoundsException}.
 */
public final class RecordBatch {
  private final RecordBlock block;
  private final int from;
  private final int count;

  /** Creates a batch of a block's records from {@code from} to before {@code to}. */
  public RecordBatch(RecordBlock block, int from, int to) {
    this.block = block;
    this.from = from;
    this.count = to - from;
  }

  /** Returns the index of the first record. */
  public long firstIndex() {
    return block.firstIndex() + from;
  }

  /** Returns the index behind the last record. */
  public long endIndex() {
    return firstIndex() + count;
  }

  /** Returns the number of records, at least 1. */
  public int count() {
    return count;
  }

  /** Returns the stretch of the chain. */
  public Anchor anchor() {
    return new Anchor(
        new ChainPoint(firstIndex(), block.hashBefore(from)),
        new ChainPoint(endIndex(), block.hashBefore(from + count)));
  }

  /** Returns the type number of a record. */
  public int wire(int position) {
    return block.wire(at(position));
  }

  /** Returns the chain's hash after a record. */
  public Hash256 hash(int position) {
    return block.hashBefore(at(position) + 1);
  }

  /** Returns a copy of a record. */
  public EvidenceRecord record(int position) {
    return block.record(at(position));
  }

  /** Returns copies of all records. */
  public List<EvidenceRecord> records() {
    List<EvidenceRecord> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      records.add(record(i));
    }
    return records;
  }

  /** Returns the batch from record {@code index} on, which must be inside. */
  public RecordBatch tailFrom(long index) {
    int skip = Math.toIntExact(index - firstIndex());
    Objects.checkIndex(skip, count);
    return new RecordBatch(block, from + skip, from + count);
  }

  /** Returns the array behind the view. */
  public byte[] bytes() {
    return block.bytes();
  }

  /** Returns the offset of type and length in {@link #bytes()}; the payload follows. */
  public int frameOffset(int position) {
    return block.payloadOffset(from + position) - 6;
  }

  /** Returns the bytes of a record's payload. */
  public int payloadLength(int position) {
    return block.payloadLength(from + position);
  }

  /** Returns the offset in {@link #bytes()} of the hash after a record. */
  public int hashOffset(int position) {
    return block.hashOffset(from + position + 1);
  }

  private int at(int position) {
    return from + Objects.checkIndex(position, count);
  }
}
