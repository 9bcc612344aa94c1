package dev.stowage.evidence;

import java.util.Arrays;

/**
 * A batch in one array: before each record the hash there, then type, length and payload, as the
 * chain digests them. The log's owner appends; {@link SinkPipeline} locks the rest.
 */
public final class RecordBlock {
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
