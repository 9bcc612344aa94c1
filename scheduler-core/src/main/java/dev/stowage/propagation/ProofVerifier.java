package dev.stowage.propagation;

import dev.stowage.evidence.HeadChecker;
import java.security.PublicKey;
import java.util.Map;
import java.util.TreeMap;

/** Says whether a proof was signed by whom it names; the host chooses how. */
@FunctionalInterface
public interface ProofVerifier {
  /** Whether the signature is the claimer's, of this message. */
  boolean isSigned(AuthorityProof proof);

  /**
   * Checks Ed25519 signatures with the Java platform; a node without a key has signed nothing.
   * Thread-safe.
   *
   * @param keys the public key of each node; copied
   */
  static ProofVerifier ed25519(Map<NodeId, PublicKey> keys) {
    Map<NodeId, HeadChecker> checkers = new TreeMap<>();
    keys.forEach((node, key) -> checkers.put(node, HeadChecker.ed25519(key)));
    return proof -> {
      HeadChecker checker = checkers.get(proof.claimer());
      return checker != null && checker.isSigned(proof.message(), proof.signature());
    };
  }
}
