package dev.stowage.sim.freeze;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A running SHA-256 of numbers, texts and bytes. It takes no objects: what a {@code toString} or a
 * {@code hashCode} says may change with a name. Not thread-safe.
 */
final class Digest {
  private static final int SHOWN_BYTES = 16;

  private final MessageDigest sha;

  Digest() {
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  Digest add(long value) {
    sha.update(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    return this;
  }

  Digest add(byte[] bytes) {
    add(bytes.length);
    sha.update(bytes);
    return this;
  }

  Digest add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  Digest add(List<String> texts) {
    add(texts.size());
    texts.forEach(this::add);
    return this;
  }

  /** The first half of it, in hexadecimal digits. */
  String hex() {
    return HexFormat.of().formatHex(sha.digest(), 0, SHOWN_BYTES);
  }
}
