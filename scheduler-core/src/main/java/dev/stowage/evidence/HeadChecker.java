package dev.stowage.evidence;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Objects;

/** Checks what a {@link HeadSigner} signed. */
@FunctionalInterface
public interface HeadChecker {
  /** Whether {@code signature} is one of {@code message}. */
  boolean isSigned(byte[] message, byte[] signature);

  /** Checks Ed25519 signatures with the Java platform. Thread-safe. */
  static HeadChecker ed25519(PublicKey key) {
    Objects.requireNonNull(key, "key");
    return (message, bytes) -> {
      try {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(key);
        signature.update(message);
        return signature.verify(bytes);
      } catch (InvalidKeyException e) {
        throw new IllegalArgumentException("not a key that Ed25519 checks with", e);
      } catch (GeneralSecurityException e) {
        // a signature of the wrong shape is no signature
        return false;
      }
    };
  }
}
