package dev.stowage.evidence;

import dev.stowage.evidence.EvidenceRecord.RecordType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Headers, types and seeded random records for tests. */
public final class Runs {
  public static final EvidenceHeader HEADER =
      EvidenceHeader.of("0.1.0", Hash256.of(new byte[] {1, 2, 3}), 42);

  static final RecordType ENQUEUED = RecordType.input(0x7001, "TEST_ENQUEUED");
  static final RecordType EXECUTED = RecordType.outcome(0x7002, "TEST_EXECUTED");

  private Runs() {}

  /** A record before it stands in a chain. */
  public static final class Draft {
    private final RecordType type;
    private final byte[] payload;

    Draft(RecordType type, byte[] payload) {
      this.type = type;
      this.payload = payload;
    }

    public RecordType type() {
      return type;
    }

    public byte[] payload() {
      return payload;
    }
  }

  public static List<Draft> drafts(long seed, int count, int maxPayload) {
    Random random = new Random(seed);
    List<Draft> drafts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] payload = new byte[random.nextInt(maxPayload + 1)];
      random.nextBytes(payload);
      drafts.add(new Draft(random.nextBoolean() ? ENQUEUED : EXECUTED, payload));
    }
    return drafts;
  }

  public static NaiveChain naive(List<Draft> drafts) {
    NaiveChain chain = new NaiveChain(HEADER.encode());
    drafts.forEach(draft -> chain.append(draft.type(), draft.payload()));
    return chain;
  }

  public static void append(EvidenceLog log, List<Draft> drafts) {
    drafts.forEach(draft -> log.append(draft.type(), draft.payload()));
  }

  public static List<EvidenceRecord> listed(Iterable<EvidenceRecord> records) {
    List<EvidenceRecord> list = new ArrayList<>();
    records.forEach(list::add);
    return list;
  }

  public static EvidenceRecord record(EvidenceLog log, long index) {
    return log.recordsFrom(index).iterator().next();
  }
}
