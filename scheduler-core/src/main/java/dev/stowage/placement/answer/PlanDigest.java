package dev.stowage.placement.answer;

import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker.WorkerVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A SHA-256 over a plan: numbers as 8 bytes, big-endian; texts as their UTF-8 length and bytes;
 * lists as size and elements; enums as their words in plan files, so that no class name or order of
 * constants counts. Stuck replicas and given-up searches have no size before them.
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

  public PlanDigest add(Enum<?> word) {
    return add(Wording.name(word));
  }

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
