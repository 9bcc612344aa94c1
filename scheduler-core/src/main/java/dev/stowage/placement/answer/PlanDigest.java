package dev.stowage.placement.answer;

import dev.stowage.model.Eligibility;
import dev.stowage.model.WorkerVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A running SHA-256 over what a plan says, field by field: a number is eight bytes, big-endian; a
 * text is the number of its UTF-8 bytes, and these; a list is the number of its elements, and
 * these. Of enums the word is hashed that the files of a plan use. So a hash depends on no name of
 * a class and on no order of constants.
 *
 * <p>A plan is five lists, chunks and workers by their canonical places: of every chunk the hash of
 * its key and who shall hold it; every action with the flags of its replica, cause and reason; the
 * deferrals; the shortfalls; the factors.
 */
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

  public PlanDigest add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    add(bytes.length);
    if (buffer.remaining() < bytes.length) {
      flush();
    }
    if (buffer.remaining() < bytes.length) {
      digest.update(bytes);
    } else {
      buffer.put(bytes);
    }
    return this;
  }

  /** Adds a constant that the files of a plan name. */
  public PlanDigest add(Enum<?> word) {
    return add(Words.name(word));
  }

  /** Adds version and labels, the latter in their order. */
  public PlanDigest add(Eligibility constraint) {
    WorkerVersion version = constraint.minVersion();
    add(version.major()).add(version.minor()).add(version.patch());
    List<String> labels = constraint.requiredLabels().sorted();
    add(labels.size());
    labels.forEach(this::add);
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
