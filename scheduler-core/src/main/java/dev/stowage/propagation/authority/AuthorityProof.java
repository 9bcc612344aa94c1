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
 * A node's signed claim to speak for a state at a time. The signature covers the canonical message
 * of the string {@code stowage-authority-proof}, claimer, state and time (u64 each). Immutable and
 * thread-safe.
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
   * Creates a received proof with a copy of {@code signature}. Each proof of a claimer for a state
   * needs a later time, by the common clock.
   */
  public static AuthorityProof of(
      NodeId claimer, StateId state, long timestampNanos, byte[] signature) {
    return new AuthorityProof(claimer, state, timestampNanos, signature.clone());
  }

  /** Creates a proof signed by {@code signer}. */
  public static AuthorityProof sign(
      NodeId claimer, StateId state, long timestampNanos, ProofSigner signer) {
    byte[] signature = signer.sign(message(claimer, state, timestampNanos));
    return of(claimer, state, timestampNanos, signature);
  }

  /** Returns the claimer. */
  public NodeId claimer() {
    return claimer;
  }

  /** Returns the state. */
  public StateId state() {
    return state;
  }

  /** Returns the time of the claim. */
  public long timestampNanos() {
    return timestampNanos;
  }

  /** Returns the signature as a new array. */
  public byte[] signature() {
    return signature.clone();
  }

  /** Returns the signed message. */
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

  /** The greatest age of a proof, and the greatest time ahead of the clock, each at least 0 ns. */
  public record ProofPolicy(long validNanos, long aheadNanos) {
    /** The shape of the policy. */
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

    /** The default policy: valid for 30 s, at most 5 s ahead. */
    public static final ProofPolicy DEFAULT = SHAPE.make(SHAPE.values());

    /** Creates a policy; throws {@link IllegalArgumentException} outside 0 to 292 years. */
    public static ProofPolicy of(Duration valid, Duration ahead) {
      return new ProofPolicy(Nanos.of(valid, "valid"), Nanos.of(ahead, "ahead"));
    }

    /** Throws {@link IllegalArgumentException} that names each negative time. */
    public ProofPolicy(long validNanos, long aheadNanos) {
      this.validNanos = validNanos;
      this.aheadNanos = aheadNanos;
      SHAPE.checked(this);
    }
  }

  /** Signs proofs of authority; the host keeps the key. */
  @FunctionalInterface
  public interface ProofSigner {
    /** Returns the signature of {@code message}. */
    byte[] sign(byte[] message);

    /** Returns a thread-safe signer for Ed25519, which refuses other keys when it signs. */
    static ProofSigner ed25519(PrivateKey key) {
      HeadSigner signer = HeadSigner.ed25519(key);
      return signer::sign;
    }
  }

  /** The result of a claim of authority; only {@link #GOOD} has effects. */
  public enum ProofVerdict {
    /** The claimer has authority and, if required, proof. */
    GOOD,
    /** The claimer has no authority over the state. */
    NO_AUTHORITY,
    /** A required proof is missing. */
    MISSING,
    /** The proof is for another node or state than the update. */
    FOREIGN,
    /** The proof is older than the policy allows. */
    EXPIRED,
    /** The proof is further ahead of the clock than the policy allows. */
    FROM_THE_FUTURE,
    /** A proof with this time or a later one was accepted before. */
    REPLAYED,
    /** The signature is not the claimer's. */
    FORGED
  }

  /** Verifies that a proof is signed by its claimer. */
  @FunctionalInterface
  public interface ProofVerifier {
    /** Reports whether the signature is the claimer's, of this message. */
    boolean isSigned(AuthorityProof proof);

    /** Returns a thread-safe Ed25519 verifier of copied {@code keys}; nodes without a key fail. */
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
