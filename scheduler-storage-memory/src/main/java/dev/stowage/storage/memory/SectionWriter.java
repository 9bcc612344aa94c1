package dev.stowage.storage.memory;

import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.evidence.canonical.HashChain;
import dev.stowage.shape.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the sections of a saved store.
 *
 * <pre>
 * bytes    magic (7)  version (u8)  block*
 * block    section (u16)  length (u32)  payload  hash (32)
 * payload  canonical message: rows of the section, one behind the other
 * </pre>
 *
 * <p>The hashes are a {@link HashChain} from the SHA-256 of magic and version on: each covers
 * everything before it. A large section takes several blocks; {@link Section#END} is the last.
 */
final class SectionWriter {
  static final byte[] MAGIC = "STOWMEM".getBytes(StandardCharsets.US_ASCII);

  /** The bytes of a block before its payload. */
  static final int BLOCK_HEAD = 6;

  /** The length in bytes from which a block is written. */
  private static final int FULL = 1 << 20;

  private final OutputStream to;
  private final CanonicalWriter block = new CanonicalWriter();
  private final int empty = block.length();
  private final HashChain chain;
  private Section section = Section.STORE;

  SectionWriter(OutputStream to) throws IOException {
    this.to = to;
    byte[] prefix = prefix(MemoryChunkStore.SCHEMA_VERSION);
    to.write(prefix);
    chain = HashChain.startingAt(Hash256.of(prefix));
  }

  static byte[] prefix(int version) {
    byte[] prefix = Arrays.copyOf(MAGIC, MAGIC.length + 1);
    prefix[MAGIC.length] = (byte) version;
    return prefix;
  }

  <T> void rows(Section of, Shape<T> shape, Iterable<T> rows) throws IOException {
    for (T row : rows) {
      row(of, shape, row);
    }
  }

  <T> void row(Section of, Shape<T> shape, T row) throws IOException {
    if (of != section || block.length() >= FULL) {
      flush();
      section = of;
    }
    block.row(shape, row);
  }

  void end() throws IOException {
    flush();
    write(Section.END);
    to.flush();
  }

  private void flush() throws IOException {
    if (block.length() > empty) {
      write(section);
    }
  }

  private void write(Section of) throws IOException {
    byte[] payload = block.toBytes();
    byte[] head = new byte[BLOCK_HEAD];
    HashChain.writeFrame(head, 0, of.number(), payload.length);
    to.write(head);
    to.write(payload);
    to.write(chain.append(of.number(), payload).toBytes());
    block.reset();
  }
}
