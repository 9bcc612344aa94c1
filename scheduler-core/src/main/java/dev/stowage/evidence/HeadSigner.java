package dev.stowage.evidence;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Objects;

/** Signs a chain's head; the host chooses how and keeps the key. */
@FunctionalInterface
public interface HeadSigner {
  /** The signature of {@code message}. */
  byte[] sign(byte[] message);

  /** Signs with Ed25519 from the Java platform. Thread-safe. */
  static HeadSigner ed25519(PrivateKey key) {
    Objects.requireNonNull(key, "key");
    return message -> {
      try {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(key);
        signature.update(message);
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw new IllegalArgumentException("not a key that Ed25519 signs with", e);
      }
    };
  }
}
