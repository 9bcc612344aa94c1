package dev.stowage.sim.kit.scenario;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Verifier;
import dev.stowage.evidence.Verifier.Anchor;
import dev.stowage.evidence.Verifier.Verification;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.store.spi.Commit;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Expects the store of one world to return the records of every durable commit, up to the head that
 * the newest commit names. Each look reads only what came since the last one. Not thread-safe.
 */
final class CommittedEvidence {
  /** The head of the newest durable commit, and how far the records were read; null at first. */
  private record Position(@Nullable ChainPoint head, @Nullable ChainPoint read) {}

  private Position now = new Position(null, null);
  private Position remembered = now;

  void committed(Commit commit) {
    now = new Position(commit.evidenceHead(), now.read());
  }

  void remember() {
    remembered = now;
  }

  void restore() {
    now = remembered;
  }

  /**
   * Returns the first record that is missing, changed or too many; empty if there is none.
   *
   * @param header the header of the chain
   * @param store returns all records of the store from an index on
   */
  Optional<Finding> broken(EvidenceHeader header, LongFunction<List<EvidenceRecord>> store) {
    ChainPoint head = now.head();
    ChainPoint read = now.read() == null ? ChainPoint.originOf(header) : now.read();
    if (head == null || head.equals(read)) {
      return Optional.empty();
    }
    List<EvidenceRecord> records = store.apply(read.index());
    if (Verifier.verify(new Anchor(read, head), records) instanceof Verification.Broken at) {
      return Optional.of(new Finding("evidence is kept", at.toString()));
    }
    now = new Position(head, head);
    return Optional.empty();
  }
}
