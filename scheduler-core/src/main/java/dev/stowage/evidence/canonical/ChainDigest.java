package dev.stowage.evidence.canonical;

import dev.stowage.evidence.Hash256;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A digest of spans of bytes, one step of a chain. Not thread-safe; one instance per chain. */
@FunctionalInterface
public interface ChainDigest {
  /** The inert digest, which leaves its target as it is, so that every hash reads zero. */
  ChainDigest OFF = (bytes, offset, length, target, targetOffset) -> {};

  /** Writes the 32-byte digest of {@code bytes[offset, offset+length)} to the target. */
  void link(byte[] bytes, int offset, int length, byte[] target, int targetOffset);

  /** Creates a SHA-256 digest. */
  static ChainDigest sha256() {
    MessageDigest sha = newSha256();
    return (bytes, offset, length, target, targetOffset) -> {
      sha.update(bytes, offset, length);
      try {
        sha.digest(target, targetOffset, Hash256.BYTES);
      } catch (DigestException e) {
        throw new IllegalStateException("no room for a digest at " + targetOffset, e);
      }
    };
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must provide SHA-256", e);
    }
  }
}
