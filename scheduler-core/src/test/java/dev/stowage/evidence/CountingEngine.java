package dev.stowage.evidence;

import dev.stowage.evidence.EvidenceRecord.RecordType;
import dev.stowage.evidence.RecordCatalog.RecordDecoder;
import dev.stowage.evidence.Replayer.Replayable;
import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.evidence.canonical.CanonicalWriter;

/**
 * A small engine for replays: each input adds a number to a sum, and the outcome is the sum; with
 * every third input there is a second outcome.
 */
final class CountingEngine implements Replayable {
  static final RecordType ADD = RecordType.input(0x7010, "TEST_ADD");
  static final RecordType SUM = RecordType.outcome(0x7010, "TEST_SUM");

  static final RecordCatalog CATALOG =
      RecordCatalog.builder()
          .add(
              ADD,
              payload -> {
                long number = payload.u64();
                return RecordDecoder.Decoded.of("add " + number, Subject.task(number));
              })
          .add(SUM, payload -> RecordDecoder.Decoded.of("sum is " + payload.u64()))
          .build();

  private final EvidenceLog log;
  private final CanonicalWriter writer = new CanonicalWriter();
  private final long bias;
  private long sum;
  private long count;

  /** An engine that is wrong by {@code bias} from its hundredth input on. */
  CountingEngine(EvidenceLog log, long bias) {
    this.log = log;
    this.bias = bias;
  }

  void add(long number) {
    log.append(ADD, writer.reset().u64(number));
    sum += number;
    count++;
    long shown = count >= 100 ? sum + bias : sum;
    log.append(SUM, writer.reset().u64(shown));
    if (count % 3 == 0) {
      log.append(SUM, writer.reset().u64(-shown));
    }
  }

  @Override
  public void replay(EvidenceRecord input) {
    if (!input.is(ADD)) {
      throw new EvidenceException.UnknownType(input.index(), input.wire());
    }
    CanonicalReader reader = input.reader();
    long number = reader.u64();
    reader.end();
    add(number);
  }
}
