package dev.stowage.evidence.files;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.Verifier.Anchor;
import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.evidence.canonical.HashChain;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** The bytes of a segment file, specified in {@code docs/internals/evidence-format.md}. */
public final class SegmentFormat {
  static final int GAP = 0x7FFF;
  static final int END = 0xFFFF;

  /** The bytes of a frame without its payload. */
  public static final int FRAME_OVERHEAD = 8 + 6 + Hash256.BYTES + 4;

  static final int FRAME_HEAD = 8 + 6;

  static final byte[] MAGIC = "STOWEVD\u0001".getBytes(StandardCharsets.US_ASCII);
  static final int PREFIX = MAGIC.length + 4;
  static final int MAX_HEAD_BYTES = 1 << 20;

  private SegmentFormat() {}

  record Head(EvidenceHeader header, ChainPoint start, int length) {}

  static byte[] encodeHead(EvidenceHeader header, ChainPoint start) {
    byte[] body =
        new CanonicalWriter()
            .bytes(header.encode())
            .u64(start.index())
            .hash(start.hash())
            .toBytes();
    if (body.length > MAX_HEAD_BYTES) {
      throw new IllegalArgumentException(
          "the header takes " + body.length + " bytes; at most " + MAX_HEAD_BYTES + " fit");
    }
    byte[] bytes = Arrays.copyOf(MAGIC, PREFIX + body.length + 4);
    putInt(bytes, MAGIC.length, body.length);
    System.arraycopy(body, 0, bytes, PREFIX, body.length);
    putInt(bytes, PREFIX + body.length, crc(bytes, 0, PREFIX + body.length));
    return bytes;
  }

  /** Returns the bytes of a head, checksum included, from its first {@link #PREFIX} bytes. */
  public static int headLength(byte[] bytes, int offset) {
    if (!Arrays.equals(bytes, offset, offset + MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new EvidenceException.Malformed(0, "not an evidence segment of this format");
    }
    int body = intAt(bytes, offset + MAGIC.length);
    if (body < 0 || body > MAX_HEAD_BYTES) {
      throw new EvidenceException.Malformed(
          MAGIC.length, "length of the head is " + body + ", at most " + MAX_HEAD_BYTES);
    }
    return PREFIX + body + 4;
  }

  /** Reports whether a crash interrupted the writing of the file's head. */
  static boolean isTornHead(FileWindow file) {
    int seen = (int) Math.min(file.size(), MAGIC.length);
    int at = file.at(0, seen);
    if (!Arrays.equals(file.bytes(), at, at + seen, MAGIC, 0, seen)) {
      return false;
    }
    if (file.size() < PREFIX) {
      return true;
    }
    at = file.at(0, PREFIX);
    int body = intAt(file.bytes(), at + MAGIC.length);
    return body >= 0 && body <= MAX_HEAD_BYTES && file.size() < PREFIX + (long) body + 4;
  }

  static Head decodeHead(byte[] bytes, int offset, int length) {
    int crcAt = length - 4;
    if (crc(bytes, offset, crcAt) != intAt(bytes, offset + crcAt)) {
      throw new EvidenceException.Malformed(0, "the head's checksum does not fit");
    }
    CanonicalReader reader = CanonicalReader.of(bytes, offset + PREFIX, crcAt - PREFIX);
    EvidenceHeader header = EvidenceHeader.decode(reader.bytes());
    long index = reader.u64();
    Hash256 hash = reader.hash();
    reader.end();
    if (index < 0) {
      throw new EvidenceException.Malformed(PREFIX, "the first index is above 2^63 - 1");
    }
    return new Head(header, new ChainPoint(index, hash), length);
  }

  static byte[] gapPayload(ChainPoint resumed) {
    return new CanonicalWriter().u64(resumed.index()).hash(resumed.hash()).toBytes();
  }

  static ChainPoint decodeGap(byte[] bytes, int offset, int length) {
    CanonicalReader reader = CanonicalReader.of(bytes, offset, length);
    ChainPoint resumed = pointAt(reader);
    reader.end();
    return resumed;
  }

  static byte[] endPayload(Anchor anchor) {
    return new CanonicalWriter()
        .u64(anchor.from().index())
        .hash(anchor.from().hash())
        .u64(anchor.to().index())
        .hash(anchor.to().hash())
        .toBytes();
  }

  static Anchor decodeEnd(byte[] bytes, int offset, int length) {
    CanonicalReader reader = CanonicalReader.of(bytes, offset, length);
    ChainPoint from = pointAt(reader);
    ChainPoint to = pointAt(reader);
    reader.end();
    return new Anchor(from, to);
  }

  private static ChainPoint pointAt(CanonicalReader reader) {
    long index = reader.u64();
    Hash256 hash = reader.hash();
    if (index < 0) {
      throw new EvidenceException.Malformed(0, "an index above 2^63 - 1");
    }
    return new ChainPoint(index, hash);
  }

  /** Writes index, type, length and payload of a frame; returns the position behind them. */
  static int putFrame(byte[] target, int at, long index, byte[] source, int frameOffset) {
    int length = intAt(source, frameOffset + 2);
    putLong(target, at, index);
    System.arraycopy(source, frameOffset, target, at + 8, 6 + length);
    return at + FRAME_HEAD + length;
  }

  /** Writes the checksum of a frame and returns its end. */
  public static int sealFrame(byte[] target, int start, int end) {
    putInt(target, end, crc(target, start, end - start));
    return end + 4;
  }

  static byte[] mark(long index, int wire, byte[] payload, Hash256 hash) {
    byte[] bytes = new byte[FRAME_OVERHEAD + payload.length];
    putLong(bytes, 0, index);
    HashChain.writeFrame(bytes, 8, wire, payload.length);
    System.arraycopy(payload, 0, bytes, FRAME_HEAD, payload.length);
    hash.writeTo(bytes, FRAME_HEAD + payload.length);
    sealFrame(bytes, 0, bytes.length - 4);
    return bytes;
  }

  static int crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  /** Returns a big-endian number of four bytes. */
  public static int intAt(byte[] bytes, int at) {
    return ((bytes[at] & 0xFF) << 24)
        | ((bytes[at + 1] & 0xFF) << 16)
        | ((bytes[at + 2] & 0xFF) << 8)
        | (bytes[at + 3] & 0xFF);
  }

  static long longAt(byte[] bytes, int at) {
    return ((long) intAt(bytes, at) << 32) | (intAt(bytes, at + 4) & 0xFFFF_FFFFL);
  }

  static int wireAt(byte[] bytes, int at) {
    return ((bytes[at] & 0xFF) << 8) | (bytes[at + 1] & 0xFF);
  }

  private static void putInt(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >>> 24);
    bytes[at + 1] = (byte) (value >>> 16);
    bytes[at + 2] = (byte) (value >>> 8);
    bytes[at + 3] = (byte) value;
  }

  private static void putLong(byte[] bytes, int at, long value) {
    putInt(bytes, at, (int) (value >>> 32));
    putInt(bytes, at + 4, (int) value);
  }
}
