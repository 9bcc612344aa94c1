package dev.stowage.storage.memory;

import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.evidence.canonical.HashChain;
import dev.stowage.shape.Shape;
import dev.stowage.store.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads blocks of a {@link SectionWriter}. A wrong byte throws {@link StorageException.Corrupt}.
 */
final class SectionReader {
  private static final String REMEDY = "; load another copy";

  private final InputStream from;
  private final HashChain chain;
  private Section section = Section.STORE;
  private byte[] payload = {};
  private long blockAt;
  private long at;

  SectionReader(InputStream from) throws IOException {
    this.from = from;
    byte[] prefix = from.readNBytes(SectionWriter.MAGIC.length + 1);
    byte[] expected = SectionWriter.prefix(MemoryChunkStore.SCHEMA_VERSION);
    int version = SectionWriter.MAGIC.length;
    at = prefix.length;
    if (!Arrays.equals(prefix, 0, Math.min(at(), version), expected, 0, Math.min(at(), version))) {
      throw corrupt("the bytes are no saved memory store: they do not begin with STOWMEM");
    }
    if (prefix.length < expected.length) {
      throw cutOff();
    }
    if (prefix[version] != expected[version]) {
      throw corrupt(
          "the bytes have format version "
              + (prefix[version] & 0xFF)
              + "; this library reads version "
              + MemoryChunkStore.SCHEMA_VERSION);
    }
    chain = HashChain.startingAt(Hash256.of(prefix));
  }

  private int at() {
    return (int) at;
  }

  /** Reads the next block; returns false at the end and checks that no byte follows it. */
  boolean next() throws IOException {
    blockAt = at;
    ByteBuffer head = ByteBuffer.wrap(take(SectionWriter.BLOCK_HEAD));
    int number = head.getShort() & 0xFFFF;
    int length = head.getInt();
    if (length < 0) {
      throw changed();
    }
    payload = take(length);
    byte[] hash = take(Hash256.BYTES);
    chain.advance(number, payload, 0, length);
    if (!chain.headIs(hash, 0)) {
      throw changed();
    }
    Section former = section;
    try {
      section = Section.of(number);
    } catch (IllegalArgumentException e) {
      throw unreadable(e);
    }
    if (section.compareTo(former) < 0) {
      throw corrupt("section " + section + " comes after " + former);
    }
    boolean isEnd = section == Section.END;
    if (isEnd && from.read() >= 0) {
      throw corrupt("bytes follow behind the end of the saved store, at byte " + at);
    }
    return !isEnd;
  }

  Section section() {
    return section;
  }

  <T> void rows(Shape<T> shape, Consumer<? super T> to) {
    CanonicalReader in = CanonicalReader.of(payload);
    while (in.remaining() > 0) {
      to.accept(in.row(shape));
    }
  }

  /** Returns an error about authentic bytes that are no store. */
  StorageException.Corrupt unreadable(RuntimeException cause) {
    return new StorageException.Corrupt(
        "the saved store cannot be read, in the block of "
            + section
            + " at byte "
            + blockAt
            + ": "
            + cause.getMessage()
            + REMEDY,
        cause);
  }

  private StorageException.Corrupt changed() {
    return corrupt("the bytes of the saved store were changed in the block at byte " + blockAt);
  }

  private StorageException.Corrupt cutOff() {
    return corrupt("the saved store is cut off after " + at + " bytes");
  }

  private static StorageException.Corrupt corrupt(String what) {
    return new StorageException.Corrupt(what + REMEDY, null);
  }

  private byte[] take(int bytes) throws IOException {
    byte[] taken = from.readNBytes(bytes);
    at += taken.length;
    if (taken.length < bytes) {
      throw cutOff();
    }
    return taken;
  }
}
