package dev.stowage.evidence;

import dev.stowage.evidence.Verifier.Anchor;
import dev.stowage.evidence.Verifier.Verification;
import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.evidence.canonical.CanonicalWriter;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A signed chain head. Signed is the canonical message of the string {@code stowage-evidence-head},
 * the header's digest, the count of records (u64) and the head. Immutable and thread-safe.
 */
public final class SignedHead {
  private static final String PURPOSE = "stowage-evidence-head";

  private final Hash256 headerHash;
  private final ChainPoint head;
  private final byte[] signature;

  private SignedHead(Hash256 headerHash, ChainPoint head, byte[] signature) {
    this.headerHash = Objects.requireNonNull(headerHash, "headerHash");
    this.head = Objects.requireNonNull(head, "head");
    this.signature = signature;
  }

  /** Signs the head of a chain that begins with {@code header}. */
  public static SignedHead sign(EvidenceHeader header, ChainPoint head, HeadSigner signer) {
    Hash256 headerHash = header.hash();
    return new SignedHead(headerHash, head, signer.sign(message(headerHash, head)).clone());
  }

  /** Decodes a signed head; throws {@link EvidenceException.Malformed} for anything else. */
  public static SignedHead decode(byte[] bytes) {
    CanonicalReader reader = CanonicalReader.of(bytes);
    Hash256 headerHash = reader.hash();
    long index = reader.u64();
    Hash256 hash = reader.hash();
    byte[] signature = reader.bytes();
    reader.end();
    if (index < 0) {
      throw new EvidenceException.Malformed(1 + Hash256.BYTES, "more than 2^63 - 1 records");
    }
    return new SignedHead(headerHash, new ChainPoint(index, hash), signature);
  }

  /** Returns the canonical encoding: header digest, index, head, signature. */
  public byte[] encode() {
    return new CanonicalWriter()
        .hash(headerHash)
        .u64(head.index())
        .hash(head.hash())
        .bytes(signature)
        .toBytes();
  }

  /** Reports whether the signature is good. */
  public boolean isSigned(HeadChecker checker) {
    return checker.isSigned(message(headerHash, head), signature);
  }

  /** Checks signature and chain; a wrong header or signature is a break at record 0. */
  public Verification verify(
      EvidenceHeader header, Iterable<EvidenceRecord> records, HeadChecker checker) {
    ChainPoint origin = ChainPoint.originOf(header);
    if (!origin.hash().equals(headerHash)) {
      return new Verification.Broken(
          0, "the head was signed for another header", headerHash.toString(), origin.toString());
    }
    if (!isSigned(checker)) {
      return new Verification.Broken(
          0, "the head's signature does not verify", "a signature of " + head, "another");
    }
    return Verifier.verify(new Anchor(origin, head), records);
  }

  private static byte[] message(Hash256 headerHash, ChainPoint head) {
    return new CanonicalWriter()
        .string(PURPOSE)
        .hash(headerHash)
        .u64(head.index())
        .hash(head.hash())
        .toBytes();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignedHead that
        && headerHash.equals(that.headerHash)
        && head.equals(that.head)
        && Arrays.equals(signature, that.signature);
  }

  @Override
  public int hashCode() {
    return Objects.hash(headerHash, head, Arrays.hashCode(signature));
  }

  @Override
  public String toString() {
    return head + " signed " + HexFormat.of().formatHex(signature);
  }

  /** Checks signatures of a {@link HeadSigner}. */
  @FunctionalInterface
  public interface HeadChecker {
    /** Reports whether {@code signature} signs {@code message}. */
    boolean isSigned(byte[] message, byte[] signature);

    /** Returns a thread-safe check of Ed25519 signatures by the Java platform. */
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

  /** Signs a chain's head with a key of the host. */
  @FunctionalInterface
  public interface HeadSigner {
    /** Returns the signature of {@code message}. */
    byte[] sign(byte[] message);

    /** Returns a thread-safe Ed25519 signer of the Java platform. */
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
}
