package dev.stowage.evidence;

import dev.stowage.evidence.Verifier.Anchor;
import dev.stowage.evidence.canonical.ChainDigest;
import dev.stowage.evidence.canonical.HashChain;
import java.util.ArrayList;
import java.util.Arrays;
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

  /**
   * A batch in one array: before each record the hash there, then type, length and payload, as the
   * chain digests them. The log's owner appends; {@link SinkPipeline} locks the rest.
   */
  public static final class RecordBlock {
    private static final int HEAD = HashChain.FRAME_BYTES;

    private final long firstIndex;
    private final int[] starts;
    private final byte[] bytes;
    private int count;

    /** Records hashed so far; guarded by the delivery's hashing lock. */
    int hashed;

    /** Records that the sink is done with; guarded by the delivery's delivering lock. */
    int delivered;

    /** Creates an empty block. */
    public RecordBlock(long firstIndex, int maxRecords, int capacityBytes) {
      this.firstIndex = firstIndex;
      this.starts = new int[maxRecords + 1];
      this.bytes = new byte[capacityBytes];
    }

    static int spaceFor(int payloadLength) {
      return HEAD + payloadLength + Hash256.BYTES;
    }

    boolean fits(int payloadLength) {
      return count < starts.length - 1
          && starts[count] + (long) spaceFor(payloadLength) <= bytes.length;
    }

    /** Appends a record, for which there must be room. */
    public void add(int wire, byte[] source, int offset, int length) {
      int start = starts[count];
      HashChain.writeFrame(bytes, start + Hash256.BYTES, wire, length);
      System.arraycopy(source, offset, bytes, start + HEAD, length);
      starts[++count] = start + HEAD + length;
    }

    long firstIndex() {
      return firstIndex;
    }

    long endIndex() {
      return firstIndex + count;
    }

    int count() {
      return count;
    }

    int usedBytes() {
      return starts[count] + Hash256.BYTES;
    }

    /** Hashes the rest; {@code head} is the chain's head before and after. */
    @SuppressWarnings("exports") // for our own logs
    public void hash(ChainDigest link, byte[] head) {
      if (hashed == count) {
        return;
      }
      System.arraycopy(head, 0, bytes, starts[hashed], Hash256.BYTES);
      for (int i = hashed; i < count; i++) {
        link.link(bytes, starts[i], starts[i + 1] - starts[i], bytes, starts[i + 1]);
      }
      hashed = count;
      System.arraycopy(bytes, starts[count], head, 0, Hash256.BYTES);
    }

    int wire(int position) {
      int at = starts[position] + Hash256.BYTES;
      return ((bytes[at] & 0xFF) << 8) | (bytes[at + 1] & 0xFF);
    }

    byte[] bytes() {
      return bytes;
    }

    int payloadOffset(int position) {
      return starts[position] + HEAD;
    }

    int payloadLength(int position) {
      return starts[position + 1] - starts[position] - HEAD;
    }

    /** Returns the offset of the hash before a record, or, for the count, of the last hash. */
    int hashOffset(int position) {
      return starts[position];
    }

    Hash256 hashBefore(int position) {
      return Hash256.fromBytes(bytes, starts[position]);
    }

    EvidenceRecord record(int position) {
      int from = payloadOffset(position);
      byte[] payload = Arrays.copyOfRange(bytes, from, from + payloadLength(position));
      return EvidenceRecord.owning(
          firstIndex + position, wire(position), payload, hashBefore(position + 1));
    }
  }
}
