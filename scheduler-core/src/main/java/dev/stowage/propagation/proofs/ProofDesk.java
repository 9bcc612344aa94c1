package dev.stowage.propagation.proofs;

import dev.stowage.pressure.Nanos;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.StateId;
import dev.stowage.propagation.StateUpdate;
import dev.stowage.propagation.authority.AuthorityProof;
import dev.stowage.propagation.authority.AuthorityProof.ProofPolicy;
import dev.stowage.propagation.authority.AuthorityProof.ProofVerdict;
import dev.stowage.propagation.authority.AuthorityProof.ProofVerifier;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Judges proofs, signatures last; remembers the time of accepted ones until they expire. */
final class ProofDesk {
  private static final int PRUNED_FROM = 1_024;

  private record Claim(NodeId claimer, StateId state) {}

  private final ProofPolicy policy;
  private final Map<Claim, Long> accepted = new HashMap<>();
  private int pruneAt = PRUNED_FROM;

  ProofDesk(ProofPolicy policy) {
    this.policy = policy;
  }

  ProofVerdict judge(
      StateUpdate update, @Nullable AuthorityProof proof, ProofVerifier verifier, long now) {
    if (proof == null) {
      return ProofVerdict.MISSING;
    }
    if (!proof.claimer().equals(update.source()) || !proof.state().equals(update.state())) {
      return ProofVerdict.FOREIGN;
    }
    long at = proof.timestampNanos();
    if (Nanos.between(at, now) > policy.validNanos()) {
      return ProofVerdict.EXPIRED;
    }
    if (Nanos.between(now, at) > policy.aheadNanos()) {
      return ProofVerdict.FROM_THE_FUTURE;
    }
    Long last = accepted.get(new Claim(proof.claimer(), proof.state()));
    if (last != null && at <= last) {
      return ProofVerdict.REPLAYED;
    }
    return verifier.isSigned(proof) ? ProofVerdict.GOOD : ProofVerdict.FORGED;
  }

  void accept(AuthorityProof proof, long now) {
    if (accepted.size() >= pruneAt) {
      accepted.values().removeIf(at -> Nanos.between(at, now) > policy.validNanos());
      pruneAt = Math.max(PRUNED_FROM, accepted.size() * 2);
    }
    accepted.put(new Claim(proof.claimer(), proof.state()), proof.timestampNanos());
  }
}
