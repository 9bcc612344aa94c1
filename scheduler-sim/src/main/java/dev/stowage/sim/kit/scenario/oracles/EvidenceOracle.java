package dev.stowage.sim.kit.scenario.oracles;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.evidence.Verifier;
import dev.stowage.evidence.Verifier.Verification;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.replay.EngineReplay;
import java.util.List;
import java.util.Optional;

/**
 * An oracle of evidence: the chain of hashes in the store is unbroken, and the recorded inputs,
 * executed again, lead to the recorded outcomes. It only detects. Stateless.
 */
public final class EvidenceOracle {
  private EvidenceOracle() {}

  /** Returns the problem with records that begin with the first one of the run. */
  public static Optional<Finding> judge(EvidenceHeader header, List<EvidenceRecord> records) {
    if (Verifier.verify(ChainPoint.originOf(header), records) instanceof Verification.Broken at) {
      return Optional.of(new Finding("evidence verifies", at.toString()));
    }
    ReplayResult again;
    try {
      again = Replayer.run(header, records, EngineReplay.with(PlacementPlanner.sticky()));
    } catch (EvidenceException unusable) {
      return Optional.of(new Finding("evidence replays", unusable.toString()));
    }
    return again instanceof ReplayResult.Differs differs
        ? Optional.of(new Finding("evidence replays", differs.difference().toString()))
        : Optional.empty();
  }
}
