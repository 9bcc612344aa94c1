package dev.stowage.sim.hostile;

import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.canonical.HashChain;
import dev.stowage.evidence.files.SegmentFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Makes the checksums of changed bytes right, so that what they protect is read. */
final class Seals {
  private static final int SAVED_PREFIX = 8;
  private static final int BLOCK_HEAD = 6;

  /** The types of frames that no chain counts. */
  private static final int GAP = 0x7FFF;

  private static final int END = 0xFFFF;

  /** The hash of the state, and a point of the chain. */
  private Seals() {}

  /** Mends a binary envelope: a CRC-32C of all before it. */
  static byte[] envelope(byte[] bytes) {
    return checksum(bytes, 0, bytes.length - Integer.BYTES);
  }

  /** Mends a saved memory store: a chain of hashes, one behind each block. */
  static byte[] savedStore(byte[] bytes) {
    if (bytes.length < SAVED_PREFIX) {
      return bytes;
    }
    HashChain chain = HashChain.startingAt(Hash256.of(Arrays.copyOf(bytes, SAVED_PREFIX)));
    int at = SAVED_PREFIX;
    while (bytes.length - at >= BLOCK_HEAD) {
      int section = ByteBuffer.wrap(bytes).getShort(at) & 0xFFFF;
      int length = ByteBuffer.wrap(bytes).getInt(at + 2);
      int payload = at + BLOCK_HEAD;
      if (length < 0 || length > bytes.length - payload - Hash256.BYTES) {
        break;
      }
      chain.advance(section, bytes, payload, length);
      at = payload + length + Hash256.BYTES;
      chain.head().writeTo(bytes, payload + length);
    }
    return bytes;
  }

  /** Mends a segment: a CRC-32C behind the head and each frame, and the chain of hashes. */
  static byte[] segment(byte[] bytes) {
    int at = 8 + 4;
    if (bytes.length < at) {
      return bytes;
    }
    int body = SegmentFormat.intAt(bytes, 8);
    if (body < Hash256.BYTES || body > bytes.length - at - Integer.BYTES) {
      return bytes;
    }
    checksum(bytes, 0, at + body);
    at += body + Integer.BYTES;
    HashChain chain =
        HashChain.startingAt(Hash256.fromBytes(bytes, at - Integer.BYTES - Hash256.BYTES));
    while (bytes.length - at >= SegmentFormat.FRAME_OVERHEAD) {
      int wire = ByteBuffer.wrap(bytes).getShort(at + 8) & 0xFFFF;
      int length = SegmentFormat.intAt(bytes, at + 10);
      if (length < 0 || length > bytes.length - at - SegmentFormat.FRAME_OVERHEAD) {
        break;
      }
      int payload = at + 8 + 6;
      if (wire != GAP && wire != END) {
        chain.advance(wire, bytes, payload, length);
        chain.head().writeTo(bytes, payload + length);
      }
      at = SegmentFormat.sealFrame(bytes, at, payload + length + Hash256.BYTES);
    }
    return bytes;
  }

  private static byte[] checksum(byte[] bytes, int from, int end) {
    if (end >= from) {
      CRC32C crc = new CRC32C();
      crc.update(bytes, from, end - from);
      ByteBuffer.wrap(bytes).putInt(end, (int) crc.getValue());
    }
    return bytes;
  }
}
