package dev.stowage.propagation;

import dev.stowage.evidence.HeadSigner;
import java.security.PrivateKey;

/** Signs proofs of authority; the host chooses how and keeps the key. */
@FunctionalInterface
public interface ProofSigner {
  /** The signature of {@code message}. */
  byte[] sign(byte[] message);

  /**
   * Signs with Ed25519 from the Java platform. Thread-safe.
   *
   * @param key a private key of Ed25519; another is refused when it is to sign
   */
  static ProofSigner ed25519(PrivateKey key) {
    HeadSigner signer = HeadSigner.ed25519(key);
    return signer::sign;
  }
}
