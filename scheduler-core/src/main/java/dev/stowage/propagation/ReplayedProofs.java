package dev.stowage.propagation;

import dev.stowage.propagation.authority.AuthorityProof;
import dev.stowage.propagation.authority.AuthorityProof.ProofVerifier;
import org.jspecify.annotations.Nullable;

/** Keeps the verifier's answer, which is an input, because a replay has no verifier. */
final class ReplayedProofs implements ProofVerifier {
  private final ProofVerifier verifier;
  private @Nullable Boolean recorded;
  private boolean answer;

  ReplayedProofs(ProofVerifier verifier) {
    this.verifier = verifier;
  }

  void expect(boolean isSigned) {
    recorded = isSigned;
  }

  void begin() {
    answer = false;
  }

  boolean answer() {
    return answer;
  }

  @Override
  public boolean isSigned(AuthorityProof proof) {
    answer = recorded == null ? verifier.isSigned(proof) : recorded;
    return answer;
  }
}
