package dev.stowage.placement.answer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A running SHA-256 over numbers and texts. */
public final class PlanDigest {
  private final ByteBuffer buffer = ByteBuffer.allocate(8192);
  private final MessageDigest digest;

  public PlanDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  public PlanDigest add(long value) {
    if (buffer.remaining() < Long.BYTES) {
      flush();
    }
    buffer.putLong(value);
    return this;
  }

  /** Adds the text of a value whose text is part of its contract: a list of records of numbers. */
  public PlanDigest add(Object value) {
    flush();
    digest.update(value.toString().getBytes(StandardCharsets.UTF_8));
    return this;
  }

  public String hex() {
    flush();
    return HexFormat.of().formatHex(digest.digest());
  }

  private void flush() {
    digest.update(buffer.flip());
    buffer.clear();
  }
}
