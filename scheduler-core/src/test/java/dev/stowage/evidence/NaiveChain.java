package dev.stowage.evidence;

import dev.stowage.evidence.EvidenceRecord.RecordType;
import dev.stowage.evidence.EvidenceRecord.RecordType.RecordStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/** The chain as the format page says it, in the plainest way: the oracle of the tests. */
public final class NaiveChain {
  private final List<EvidenceRecord> records = new ArrayList<>();
  private byte[] head;

  NaiveChain(byte[] header) {
    this.head = sha(header);
  }

  void append(RecordType type, byte[] payload) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(head);
      out.writeShort(type.code() + (type.stream() == RecordStream.OUTCOME ? 32768 : 0));
      out.writeInt(payload.length);
      out.write(payload);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    head = sha(bytes.toByteArray());
    records.add(EvidenceRecord.of(records.size(), type.wire(), payload, headHash()));
  }

  public List<EvidenceRecord> records() {
    return records;
  }

  public Hash256 headHash() {
    return Hash256.fromBytes(head, 0);
  }

  /** The hash after the first {@code count} records, which must be at least one. */
  public Hash256 hashAfter(int count) {
    return records.get(count - 1).hash();
  }

  static byte[] sha(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
