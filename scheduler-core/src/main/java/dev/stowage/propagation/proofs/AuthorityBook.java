package dev.stowage.propagation.proofs;

import dev.stowage.propagation.StateId;
import dev.stowage.propagation.StateUpdate;
import dev.stowage.propagation.authority.AuthorityProof;
import dev.stowage.propagation.authority.AuthorityProof.ProofPolicy;
import dev.stowage.propagation.authority.AuthorityProof.ProofVerdict;
import dev.stowage.propagation.authority.AuthorityProof.ProofVerifier;
import dev.stowage.propagation.authority.AuthoritySet;
import dev.stowage.propagation.authority.AuthoritySet.AuthorityLevel;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The authority sets by state, and the judgement of updates. */
public final class AuthorityBook {
  private final TreeMap<StateId, AuthoritySet> sets = new TreeMap<>();
  private final @Nullable ProofDesk proofs;
  private final ProofVerifier verifier;

  public AuthorityBook(Optional<ProofPolicy> policy, ProofVerifier verifier) {
    this.proofs = policy.map(ProofDesk::new).orElse(null);
    this.verifier = verifier;
  }

  @Nullable
  public AuthoritySet put(AuthoritySet set) {
    return sets.put(set.state(), set);
  }

  @Nullable
  public AuthoritySet remove(StateId state) {
    return sets.remove(state);
  }

  @Nullable
  public AuthoritySet find(StateId state) {
    return sets.get(state);
  }

  /** Changes nothing; a state without a set is open, and signatures are checked last. */
  public ProofVerdict judge(StateUpdate update, @Nullable AuthorityProof proof, long now) {
    AuthoritySet set = sets.get(update.state());
    if (set == null) {
      return ProofVerdict.GOOD;
    }
    if (!set.hasAuthority(update.source())) {
      return ProofVerdict.NO_AUTHORITY;
    }
    if (proofs == null || set.level() == AuthorityLevel.OPEN) {
      return ProofVerdict.GOOD;
    }
    return proofs.judge(update, proof, verifier, now);
  }

  /** Marks a good proof as used, so that a second use is a replay. */
  public void accept(@Nullable AuthorityProof proof, long now) {
    if (proofs != null && proof != null) {
      proofs.accept(proof, now);
    }
  }
}
