package dev.stowage.propagation.authority;

import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.SignedHead.HeadChecker;
import dev.stowage.evidence.SignedHead.HeadSigner;
import dev.stowage.pressure.Nanos;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.StateId;
import dev.stowage.shape.Shape;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A node's signed claim to speak for a state at a time. Signed is the canonical message of the
 * string {@code stowage-authority-proof}, the claimer (u64), the state (u64) and the time (u64).
 * Immutable and thread-safe.
 */
public final class AuthorityProof {
  private static final String PURPOSE = "stowage-authority-proof";

  private final NodeId claimer;
  private final StateId state;
  private final long timestampNanos;
  private final byte[] signature;

  private AuthorityProof(NodeId claimer, StateId state, long timestampNanos, byte[] signature) {
    this.claimer = Objects.requireNonNull(claimer, "claimer");
    this.state = Objects.requireNonNull(state, "state");
    this.timestampNanos = timestampNanos;
    this.signature = signature;
  }

  /**
   * A proof as it came from somewhere.
   *
   * @param claimer who claims authority
   * @param state over what
   * @param timestampNanos when, by the common clock; each proof of a claimer for a state needs a
   *     later one
   * @param signature of {@link #message}; copied
   */
  public static AuthorityProof of(
      NodeId claimer, StateId state, long timestampNanos, byte[] signature) {
    return new AuthorityProof(claimer, state, timestampNanos, signature.clone());
  }

  /** A proof that {@code signer} signs. */
  public static AuthorityProof sign(
      NodeId claimer, StateId state, long timestampNanos, ProofSigner signer) {
    byte[] signature = signer.sign(message(claimer, state, timestampNanos));
    return of(claimer, state, timestampNanos, signature);
  }

  /** Who claims authority. */
  public NodeId claimer() {
    return claimer;
  }

  /** Over what. */
  public StateId state() {
    return state;
  }

  /** When. */
  public long timestampNanos() {
    return timestampNanos;
  }

  /** The signature as a new array. */
  public byte[] signature() {
    return signature.clone();
  }

  /** What is signed. */
  public byte[] message() {
    return message(claimer, state, timestampNanos);
  }

  private static byte[] message(NodeId claimer, StateId state, long timestampNanos) {
    return new CanonicalWriter()
        .string(PURPOSE)
        .u64(claimer.value())
        .u64(state.value())
        .u64(timestampNanos)
        .toBytes();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AuthorityProof that
        && claimer.equals(that.claimer)
        && state.equals(that.state)
        && timestampNanos == that.timestampNanos
        && Arrays.equals(signature, that.signature);
  }

  @Override
  public int hashCode() {
    return Objects.hash(claimer, state, timestampNanos, Arrays.hashCode(signature));
  }

  @Override
  public String toString() {
    return claimer
        + " for "
        + state
        + " at "
        + timestampNanos
        + " signed "
        + HexFormat.of().formatHex(signature);
  }

  /**
   * How long proofs of authority are good for.
   *
   * @param validNanos how old one may be, at least 0; exactly this old it is still good
   * @param aheadNanos how far ahead of the clock it may be dated, at least 0
   */
  public record ProofPolicy(long validNanos, long aheadNanos) {
    /** The two times. */
    public static final Shape<ProofPolicy> SHAPE =
        Shape.of(
            "proof_policy",
            row -> {
              var valid = row.number("valid_nanos", ProofPolicy::validNanos).atLeast(0);
              var ahead = row.number("ahead_nanos", ProofPolicy::aheadNanos).atLeast(0);
              valid.orElse(30 * Nanos.PER_SECOND).means("how old a proof may be");
              ahead.orElse(5 * Nanos.PER_SECOND).means("how far ahead a proof may be dated");
              return v -> new ProofPolicy(valid.of(v), ahead.of(v));
            });

    /** The defaults: good for 30 s, dated at most 5 s ahead. */
    public static final ProofPolicy DEFAULT = SHAPE.make(SHAPE.values());

    /**
     * Proofs that may be so old, and dated so far ahead.
     *
     * @throws IllegalArgumentException for a time below zero or beyond 292 years
     */
    public static ProofPolicy of(Duration valid, Duration ahead) {
      return new ProofPolicy(Nanos.of(valid, "valid"), Nanos.of(ahead, "ahead"));
    }

    /** Throws {@link IllegalArgumentException} naming each time below 0. */
    public ProofPolicy(long validNanos, long aheadNanos) {
      this.validNanos = validNanos;
      this.aheadNanos = aheadNanos;
      SHAPE.checked(this);
    }
  }

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

  /** What a claim of authority was found to be; all but {@link #GOOD} changed nothing. */
  public enum ProofVerdict {
    /** The claimer may, and has shown who it is where that is asked for. */
    GOOD,
    /** The claimer has no authority over the state. */
    NO_AUTHORITY,
    /** A proof is asked for, and there is none. */
    MISSING,
    /** The proof is of another node or for another state than the update. */
    FOREIGN,
    /** It was made longer ago than proofs are good for. */
    EXPIRED,
    /** It is dated further ahead than clocks may differ. */
    FROM_THE_FUTURE,
    /** One with this time or a later one was accepted before. */
    REPLAYED,
    /** The signature is not the claimer's. */
    FORGED
  }

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
}
