package dev.stowage.sim.freeze;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.evidence.RecordBatch;

/** Digests every record of evidence that it is given; also those of a run that lost commits. */
final class Records implements EvidenceSink {
  private final Digest digest;

  Records(Digest digest) {
    this.digest = digest;
  }

  @Override
  public void begin(EvidenceHeader header, ChainPoint start) {
    digest.add(header.encode()).add(start.index());
  }

  @Override
  public void accept(RecordBatch batch) {
    batch.records().forEach(record -> add(digest, record));
  }

  static void add(Digest digest, EvidenceRecord record) {
    digest.add(record.index()).add(record.wire()).add(record.payload());
    digest.add(record.hash().toBytes());
  }
}
