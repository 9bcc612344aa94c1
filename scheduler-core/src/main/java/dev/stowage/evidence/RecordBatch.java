package dev.stowage.evidence;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Consecutive records of a chain as a sink gets them: a view of the log's own bytes, without an
 * object per record. Immutable; a sink may keep it, at the price of the memory behind it.
 */
public final class RecordBatch {
  private final RecordBlock block;
  private final int from;
  private final int count;

  /** Records of a block, from one place to before another. */
  public RecordBatch(RecordBlock block, int from, int to) {
    this.block = block;
    this.from = from;
    this.count = to - from;
  }

  /** Index of the first record. */
  public long firstIndex() {
    return block.firstIndex() + from;
  }

  /** Index behind the last record. */
  public long endIndex() {
    return firstIndex() + count;
  }

  /** Records of the batch; at least 1. */
  public int count() {
    return count;
  }

  /** The chain's stretch that the batch is. */
  public Anchor anchor() {
    return new Anchor(
        new ChainPoint(firstIndex(), block.hashBefore(from)),
        new ChainPoint(endIndex(), block.hashBefore(from + count)));
  }

  /**
   * The type's number of one record.
   *
   * @param position 0 to {@link #count()} - 1
   */
  public int wire(int position) {
    return block.wire(at(position));
  }

  /**
   * The payload of one record, read-only.
   *
   * @param position 0 to {@link #count()} - 1
   */
  public ByteBuffer payload(int position) {
    int at = at(position);
    return ByteBuffer.wrap(block.bytes(), block.payloadOffset(at), block.payloadLength(at))
        .slice()
        .asReadOnlyBuffer();
  }

  /**
   * The chain's hash after one record.
   *
   * @param position 0 to {@link #count()} - 1
   */
  public Hash256 hash(int position) {
    return block.hashBefore(at(position) + 1);
  }

  /**
   * One record, copied out.
   *
   * @param position 0 to {@link #count()} - 1
   */
  public EvidenceRecord record(int position) {
    return block.record(at(position));
  }

  /** All records, copied out. */
  public List<EvidenceRecord> records() {
    List<EvidenceRecord> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      records.add(record(i));
    }
    return records;
  }

  /** The part of this batch from record {@code index} on, which must be inside it. */
  public RecordBatch tailFrom(long index) {
    int skip = Math.toIntExact(index - firstIndex());
    Objects.checkIndex(skip, count);
    return new RecordBatch(block, from + skip, from + count);
  }

  /** The array behind the view. */
  public byte[] bytes() {
    return block.bytes();
  }

  /** Where type and length of one record stand in {@link #bytes()}; the payload follows them. */
  public int frameOffset(int position) {
    return block.payloadOffset(from + position) - 6;
  }

  /** Bytes of one record's payload. */
  public int payloadLength(int position) {
    return block.payloadLength(from + position);
  }

  /** Where the hash after one record stands in {@link #bytes()}. */
  public int hashOffset(int position) {
    return block.hashOffset(from + position + 1);
  }

  private int at(int position) {
    return from + Objects.checkIndex(position, count);
  }
}
