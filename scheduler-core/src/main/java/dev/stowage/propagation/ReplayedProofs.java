package dev.stowage.propagation;

import dev.stowage.propagation.authority.AuthorityProof;
import dev.stowage.propagation.authority.AuthorityProof.ProofVerifier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what the verifier says of a signature, because that is an input: a replay has no verifier,
 * and is given what was said.
 */
final class ReplayedProofs implements ProofVerifier {
  private final ProofVerifier verifier;
  private @Nullable Boolean recorded;
  private boolean answer;

  ReplayedProofs(ProofVerifier verifier) {
    this.verifier = verifier;
  }

  /** What the next proof is to be answered with. */
  void expect(boolean isSigned) {
    recorded = isSigned;
  }

  void begin() {
    answer = false;
  }

  /** What was said since the beginning; false if nothing was asked. */
  boolean answer() {
    return answer;
  }

  @Override
  public boolean isSigned(AuthorityProof proof) {
    answer = recorded == null ? verifier.isSigned(proof) : recorded;
    return answer;
  }
}
